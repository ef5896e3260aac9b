"""The verbs about what was coded: export, stats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.errors import InputError
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.mark import Certainty, Origin
    from annotator.pipeline.figures import Cost, Pace
    from annotator.pipeline.stats import Tally

_SHARE = 0.1
"""What validation and test are each of all sentences, where nothing else is said."""


@click.command()
@click.argument("name", required=False)
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="The folder.")
@click.option(
    "--coder",
    "coders",
    metavar="NAME",
    multiple=True,
    default=lambda: _one(console.from_before_the_verb("coder")()),
    help="Only this coder's work; may be repeated.",
)
@click.option(
    "--adjudicated", metavar="CODER", help="Whose coding is the adjudicated one of the others."
)
@click.option(
    "--layer", "layers", metavar="ID", multiple=True, help="Only this layer; may be repeated."
)
@click.option(
    "--state",
    "states",
    type=click.Choice(["done", "unsure", "skipped"]),
    multiple=True,
    default=["done"],
    help="Sentences in this state; may be repeated.  [default: done]",
)
@click.option(
    "--origin",
    "origins",
    type=click.Choice(["human", "accepted", "edited"]),
    multiple=True,
    help="Sentences whose marks are all of this origin; may be repeated.",
)
@click.option(
    "--certainty",
    type=click.Choice(["high", "low"]),
    help="Sentences whose marks are all of this certainty.",
)
@click.option(
    "--asked",
    is_flag=True,
    help="Leave out sentences with a layer that nobody is known to have looked at.",
)
@click.option(
    "--language",
    "languages",
    metavar="CODE",
    multiple=True,
    help="Readouts in this language; may be repeated.",
)
@click.option(
    "--from", "since", metavar="DATE", help="Events from this year, month or day on, such as 2024."
)
@click.option("--to", "until", metavar="DATE", help="Events up to this year, month or day.")
@click.option(
    "--format",
    "format_name",
    metavar="NAME",
    default="jsonl",
    show_default=True,
    help="How the dataset is written.",
)
@click.option(
    "--split",
    "way",
    metavar="WAY",
    help="Give each row a split: event, time, side=ID, issuer=ID or dyad=ID-ID.",
)
@click.option("--validation", metavar="SHARE", type=float, help="Of the sentences.  [default: 0.1]")
@click.option("--test", metavar="SHARE", type=float, help="Likewise.  [default: 0.1]")
@click.option("--seed", metavar="N", type=int, help="Else one that spreads the rare labels.")
@click.option("--multi-hot", is_flag=True, help="Also topics as numbers, for training.")
@click.option("--tokens", is_flag=True, help="Also tokens with tags of words, for training.")
@click.option("--soft", is_flag=True, help="Also what share of the coders gave each topic.")
@click.option("--strict", is_flag=True, help="Refuse what the dataset cannot hold.")
@click.option("--samples", is_flag=True, help="Also the coding that came with the program.")
@click.option("--force", is_flag=True, help="Replace an older export of a NAME, or with -o.")
@console.option_of_project
def export(
    name: str | None,
    output: Path | None,
    coders: tuple[str, ...],
    adjudicated: str | None,
    layers: tuple[str, ...],
    states: tuple[str, ...],
    origins: tuple[Origin, ...],
    certainty: Certainty | None,
    asked: bool,
    languages: tuple[str, ...],
    since: str | None,
    until: str | None,
    format_name: str,
    way: str | None,
    validation: float | None,
    test: float | None,
    seed: int | None,
    multi_hot: bool,
    tokens: bool,
    soft: bool,
    strict: bool,
    samples: bool,
    force: bool,
    folder: Path | None,
) -> None:
    """Write the coded sentences as a dataset.

    It becomes the folder exports/NAME, or another one. Without NAME it is called after the
    codebook, its version and the format, and an older one of that name is replaced, but not before
    the new one is complete. What somebody changed in it, such as the card, is replaced with --force
    only, and kept beside.
    """
    from annotator.formats.training import Extras
    from annotator.pipeline.export import export as write
    from annotator.pipeline.selection import STATES, Selection
    from annotator.pipeline.survey import plan_of

    if name and output:
        raise InputError("Both a name and -o say where the export goes.", "Leave one of them out.")
    selection = Selection(
        coders=coders or None,
        layers=layers or None,
        states=tuple(state for state in STATES if state in states),
        samples=samples,
        origins=origins or None,
        certainty=certainty,
        languages=languages or None,
        since=since,
        until=until,
        adjudicator=adjudicated,
        asked=asked,
    )
    given = {"--validation": validation, "--test": test, "--seed": seed}
    _require_split(way, [name for name, value in given.items() if value is not None])
    shares = {"validation": _SHARE if validation is None else validation}
    shares["test"] = _SHARE if test is None else test
    plan = plan_of(way, **shares, seed=seed) if way else None
    project = open_project(folder)
    with console.progress("Exporting") as advance:
        report = write(
            project,
            selection,
            name=name,
            output=output,
            format_name=format_name,
            force=force,
            strict=strict,
            plan=plan,
            extras=Extras(multi_hot, tokens, soft),
            progress=advance,
        )
    counts = ", ".join(f"{file} {rows:,}" for file, rows in report.rows.items())
    console.say(
        f"{project.paths.shown(report.folder)}: {counts} (rows), by {', '.join(report.coders)}."
    )
    if report.kept:
        place = project.paths.shown(report.kept)
        console.say(f"What was changed by hand in the older one is kept in {place}.")
    if report.open_questions:
        console.say(report.open_questions)
    for why, count in report.passed.items():
        console.say(f"Left out, as {why}: {many(count, 'sentence')}.")
    if report.survey:
        console.say(f"Sentences by split: {report.survey.shares}. {report.survey.twins}")
        for line in report.survey.warnings:
            console.warn(line)
    for what, count in report.losses.items():
        console.warn(f"the dataset cannot hold {count:,} × {what}; losses.jsonl names each.")
    for what, count in report.unseen.items():
        console.warn(
            f"{format_name} does not show {count:,} × {what}, which our rows in it keep;"
            " losses.jsonl names each."
        )


def _require_split(way: str | None, given: Sequence[str]) -> None:
    """Raise InputError where something is said of a split that the split has no use for."""
    from annotator.model.splitting import HOLDING

    by = (way or "").partition("=")[0]
    if by in HOLDING:
        idle, why = {"--test"}, f"a split by {by} tests with all that is held back"
    elif by == "time":
        idle, why = {"--seed"}, "a split by time draws no lots"
    else:
        idle, why = set(given) if not way else set(), "there is no --split"
    for name in given:
        if name in idle:
            raise InputError(f"{name} is of no use here: {why}.", "Leave it out, or name a split.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per readout and coder.")
@click.option(
    "--coder", metavar="NAME", default=console.from_before_the_verb("coder"), help="Only theirs."
)
@click.option("--samples", is_flag=True, help="Also the samples that came with the program.")
@click.option(
    "--by",
    "kind",
    type=click.Choice(["label", "layer", "day"]),
    help="What each label or layer takes, or the pace of each day; without samples.",
)
@console.option_of_project
def stats(
    as_json: bool, coder: str | None, samples: bool, kind: str | None, folder: Path | None
) -> None:
    """Show how far the coding is, what was given how often, and what it takes.

    Effort is in keys and active seconds: pauses count for 30 seconds at most. Keys and seconds of a
    readout are the mean of the sentences that were decided by keys. Of a label they are the median
    of the marks whose effort was counted, p90 is what nine in ten do not exceed, and fixed counts
    corrections. What was decided in bulk, without a key, is in no mean and in no median.
    """
    if kind is not None:
        if samples:
            raise InputError("Figures of effort leave samples out.", "Leave --samples out too.")
        _stats_by(kind, coder, folder, as_json=as_json)
        return
    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.index import Index
    from annotator.pipeline.stats import stats as count
    from annotator.pipeline.stats import total

    project = open_project(folder)
    with Index.of(project) as index, console.progress("Counting") as advance:
        found = count(project, coder=coder, samples=samples, index=index, progress=advance)
        if as_json:
            for row in found:
                console.say_json(shown(row.as_dict()))
            return
        rows = list(found)
    if not rows:
        console.say(f"No readout of {len(project.readout_ids()):,} has been opened for coding yet.")
        return
    every = total(rows)
    console.table(
        ("readout", "coder", "sentences", "done", "unsure", "skipped", "keys each", "s each"),
        [*map(_progress_cells, rows), _progress_cells(every)],
        "llrrrrrr",
    )
    for layer, labels in every.labels.items():
        console.say("")
        console.table((layer, "marks"), [(label, str(n)) for label, n in labels.items()], "lr")


def _stats_by(kind: str, coder: str | None, folder: Path | None, *, as_json: bool) -> None:
    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.figures import Cost, of_work
    from annotator.pipeline.index import Index

    project = open_project(folder)
    with Index.of(project) as index, console.progress("Counting") as advance:
        index.refresh(coder=coder, metadata=False, progress=advance)
        found = of_work(index, coder, project.codebook)
    rows: Sequence[Cost | Pace] = found.days
    if kind != "day":
        rows = found.labels if kind == "label" else found.layers
    if as_json:
        for row in rows:
            console.say_json(shown(row.as_dict()))
    elif not rows:
        console.say("Nothing is coded yet that could be counted.")
    elif kind == "day":
        console.table(
            ("day", "decided", "bulk", "keys", "minutes", "keys/decision", "s/decision", "an hour"),
            [_pace_cells(day) for day in found.days],
            "lrrrrrrr",
        )
    else:
        names = ("layer", "label") if kind == "label" else ("layer",)
        console.table(
            (
                *names,
                "marks",
                "share",
                "counted",
                "keys",
                "p90",
                "seconds",
                "p90",
                "fixed",
                "minutes",
            ),
            [_cost_cells(row)[2 - len(names) :] for row in rows if isinstance(row, Cost)],
            "l" * len(names) + "rrrrrrrrr",
        )


def _pace_cells(day: Pace) -> tuple[str, ...]:
    each = (day.keys_per_sentence, day.seconds_per_sentence, day.per_hour)
    counts = (day.when, str(day.decided), str(day.bulk), str(day.keys), f"{day.seconds / 60:.1f}")
    return (*counts, *map(_figure, each))


def _cost_cells(cost: Cost) -> tuple[str, ...]:
    medians = (cost.keys_median, cost.keys_p90, cost.seconds_median, cost.seconds_p90)
    return (
        *((cost.layer, cost.label) if cost.label else ("", cost.layer)),
        str(cost.marks),
        f"{cost.share:.0%}",
        str(cost.counted),
        *map(_figure, medians),
        str(cost.fixed),
        f"{cost.seconds / 60:.1f}",
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _progress_cells(row: Tally) -> tuple[str, ...]:
    progress = row.progress
    keys, seconds = progress.keys_per_sentence, progress.seconds_per_sentence
    return (
        row.readout or "all",
        row.coder,
        *(
            str(count)
            for count in (progress.total, progress.done, progress.unsure, progress.skipped)
        ),
        "" if keys is None else f"{keys:.1f}",
        "" if seconds is None else f"{seconds:.1f}",
    )


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)
