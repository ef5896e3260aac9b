"""The verbs that take other people's work in, as marks or as suggestions: import, suggestions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.errors import InputError, NothingToDo

if TYPE_CHECKING:
    from annotator.pipeline.homes import Homes, HomesOf
    from annotator.pipeline.project import Project
    from annotator.pipeline.taking import Reading

_MOST = 20
"""Problems that are said one by one."""


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "format_name", metavar="NAME", default="jsonl", help="Its form.  [default: jsonl]"
)
@click.option(
    "--as",
    "taker",
    metavar="CODER",
    help="Whose marks they become; with --suggest, what their source is called.",
)
@click.option(
    "--suggest", is_flag=True, help="As suggestions, which a coder takes one by one, or not."
)
@click.option("--from", "coder", metavar="NAME", help="Only the work of this coder in it.")
@click.option(
    "--homes",
    "homes_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where foreign labels go; a dry run writes it.  [default: PATH.homes.toml]",
)
@click.option("--decided", is_flag=True, help="Sentences that get a foreign label are done.")
@click.option("--yes", is_flag=True, help="Do it; without this, it is only shown and written down.")
@console.option_of_project
def import_(
    path: Path,
    format_name: str,
    taker: str | None,
    suggest: bool,
    coder: str | None,
    homes_file: Path | None,
    decided: bool,
    yes: bool,
    folder: Path | None,
) -> None:
    """Take the marks of a file or a dataset in, after a look at what would become of them.

    The readouts must be in the project. Rows of our own datasets come back as they were. Foreign
    labels go where a small TOML file says; without --yes, nothing is taken in, and that file is
    written with a proposal for you to complete. To take the same file in again changes nothing,
    and what is coded already is never overwritten.

    With --suggest, they become nobody's marks but suggestions, beside the sentences on the screen
    of every coder; what a program predicted comes in no other way. “annotator suggestions” lists
    them, and takes those of a source away again.
    """
    from annotator.config import coder_name
    from annotator.formats.dialects import dialect
    from annotator.pipeline import taking
    from annotator.pipeline.homes import HomesOf, proposed, read_homes
    from annotator.pipeline.suggesting import require_source

    if not suggest and taker is None:
        raise InputError(
            "Nobody is named whose marks they become.",
            "Name a coder with --as, or take them as suggestions with --suggest.",
        )
    if suggest and decided:
        raise InputError("Suggestions decide no sentence.", "Leave --decided out.")
    project = open_project(folder)
    if taker is not None:
        _ = require_source(taker) if suggest else coder_name(taker, project.settings)
    reading = taking.read(project, dialect(format_name), path, coder, predictions=suggest)
    place = homes_file or path.with_name(f"{path.name}.homes.toml")
    known = place.is_file()
    homes = (
        read_homes(place, project.codebook)
        if known
        else HomesOf(proposed(reading.tags, project.codebook, reading.relations), project.codebook)
    )
    _tell_homes(homes.homes)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if suggest:
        call = _suggestions(project, reading, homes, at, path.stem, taker)
    else:
        call = _marks(project, reading, homes, at, str(taker), decided=decided)
    if yes:
        call()
    elif (reading.tags or reading.relations) and not known:
        from annotator.files import write_atomic
        from annotator.pipeline.homes import as_toml

        write_atomic(place, as_toml(homes.homes, path.name))
        console.say(f"Complete {console.shown(str(place))}, and call again with --yes.")


def _marks(
    project: Project, reading: Reading, homes: HomesOf, at: str, coder: str, *, decided: bool
) -> Callable[[], None]:
    """Say which marks would be taken in, and return what does it."""
    from annotator.pipeline import taking

    who = taking.Taker(coder, at, project.codebook.stamp, homes, decided)
    plan = taking.preview(project, reading, who)
    wanted = [readout for readout, part in plan.items() if part.edit is not None]
    marks = sum(plan[readout].marks for readout in wanted)
    console.say(f"{marks:,} marks in {len(wanted):,} readouts would be taken in as {coder}.")
    _warn([*reading.problems, *(one for part in plan.values() for one in part.problems)])
    if reading.predicted:
        console.warn(
            f"{reading.predicted:,} labels are a program's and nobody's marks: they were left out."
            " --suggest takes them in as suggestions."
        )

    def do() -> None:
        failed = 0
        for outcome in taking.take(project, reading, who, wanted):
            if outcome.problem:
                failed += 1
                console.warn(f"{outcome.readout}: {outcome.problem}")
            else:
                console.say(f"{outcome.readout}: {outcome.sentences:,} sentences.")
        _end(failed, len(wanted))

    return do


def _suggestions(
    project: Project, reading: Reading, homes: HomesOf, at: str, stem: str, source: str | None
) -> Callable[[], None]:
    """Say what would be suggested, and return what keeps it."""
    from annotator.pipeline import suggesting

    plans = suggesting.preview(project, reading, suggesting.Suggester(homes, at, stem, source))
    wanted = {readout: plan for readout, plan in plans.items() if plan.added.changes}
    added = [plan.added for plan in plans.values()]
    sources = sorted({one.source for plan in plans.values() for one in plan.suggestions})
    by = f", by {', '.join(sources)}" if sources else ""
    console.say(
        f"{sum(one.new for one in added):,} suggestions in {len(wanted):,} readouts would be taken"
        f" in{by};"
        f" {sum(one.there for one in added):,} are there already,"
        f" {sum(one.rescored for one in added):,} get another score."
    )
    _warn([*reading.problems, *(one for plan in plans.values() for one in plan.problems)])
    refused = sum(plan.refused for plan in plans.values())
    if refused:
        console.warn(f"{refused:,} labels that the file refuses are no suggestions: left out.")
    left = sum((Counter(plan.left) for plan in plans.values()), Counter[str]())
    for what, count in sorted(left.items()):
        console.warn(f"{count:,} × {what}: left out.")
    if reading.relations:
        console.warn(
            f"{len(reading.relations):,} relations were left out: a suggestion stands for itself."
            " Marks take them in, without --suggest."
        )

    def do() -> None:
        failed = 0
        for readout, outcome in suggesting.take(project, wanted):
            if isinstance(outcome, str):
                failed += 1
                console.warn(f"{readout}: {outcome}")
            else:
                console.say(f"{readout}: {outcome.new:,} suggestions.")
        _end(failed, len(wanted))

    return do


def _warn(problems: Sequence[str]) -> None:
    for problem in problems[:_MOST]:
        console.warn(problem)
    if len(problems) > _MOST:
        console.warn(f"{len(problems) - _MOST:,} more could not be taken.")


def _end(failed: int, wanted: int) -> None:
    if not wanted:
        raise NothingToDo("There is nothing to take in that is not there already.")
    if failed:
        raise InputError(
            f"{failed:,} readouts were left as they are.", "Call again once it is mended."
        )


def _tell_homes(homes: Homes) -> None:
    if homes.home:
        console.table(
            ("field", "label", "times", "becomes"),
            [
                (
                    console.shown(home.field),
                    console.shown(home.label),
                    str(home.times),
                    f"{home.layer} {home.to} {home.slot}".strip() or "nothing: no home",
                )
                for home in homes.home
            ],
            "llrl",
        )
    if homes.relation:
        console.table(
            ("relation", "from", "to", "times", "becomes"),
            [
                (
                    *map(console.shown, (one.label, one.head, one.child)),
                    str(one.times),
                    f"{one.slot} of {console.shown(one.owner)}" if one.slot else "nothing: no home",
                )
                for one in homes.relation
            ],
            "lllrl",
        )


@click.command()
@click.option("--drop", "source", metavar="NAME", help="Take away what this source suggests.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@console.option_of_project
def suggestions(source: str | None, yes: bool, folder: Path | None) -> None:
    """Show who suggests how much, or take what a source suggests away.

    Marks that a coder took from suggestions are the coder's, and stay.
    """
    from annotator.pipeline import suggestions as kept

    project = open_project(folder)
    found = kept.sources(project)
    if source is None:
        rows = [
            (name, f"{len(counts):,}", f"{counts.total():,}")
            for name, counts in sorted(found.items())
        ]
        if not rows:
            console.say("Nothing is suggested. “annotator import --suggest” takes suggestions in.")
        else:
            console.table(("source", "readouts", "suggestions"), rows, "lrr")
        return
    counts = found.get(source)
    if counts is None:
        names = ", ".join(sorted(found))
        raise NothingToDo(
            f"No suggestion is of “{console.shown(source)}”.",
            f"There are those of {names}." if names else "",
        )
    console.say(f"{counts.total():,} suggestions in {len(counts):,} readouts would go.")
    console.confirm("Take them away?", yes=yes)
    for readout in sorted(counts):
        console.say(f"{readout}: {kept.drop(project, readout, source):,} taken away.")
