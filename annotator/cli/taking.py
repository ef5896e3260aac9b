"""The verbs that take other people's work in, as marks or as suggestions: import, suggestions."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli import said
from annotator.cli.project import open_project
from annotator.errors import AnnotatorError, InputError, NothingToDo
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
    from annotator.pipeline.bulk import Outcome
    from annotator.pipeline.homes import Homes
    from annotator.pipeline.project import Project
    from annotator.pipeline.suggesting import Suggester
    from annotator.pipeline.taker import Taker
    from annotator.pipeline.taking import Reading


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
@click.option(
    "--decided",
    is_flag=True,
    help="Sentences that get a foreign label are done, and those of texts that have none.",
)
@click.option("--yes", is_flag=True, help="Do it; without this, it is only shown and written down.")
@console.option_of_project
@click.pass_context
def import_(
    ctx: click.Context,
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
    written with a proposal for you to complete, or completed by what is new. With --yes, what it
    does not name is left out; without such a file, all that is not called like ours. To take the
    same file in again changes nothing, and what is coded already is never overwritten. It goes
    readout by readout, each whole; after a break, call again. What cannot be taken is named and
    left out, and the exit code is then 2, in the look before too. It is 0 where all is well, also
    where nothing is new or what holds no label, such as notes, is not read, and 1 where the file
    tells of nothing at all.

    With --suggest, they become nobody's marks but suggestions, beside the sentences on the screen
    of every coder; what a program predicted comes in no other way. “annotator suggestions” lists
    them, and takes those of a source away again.
    """
    from annotator.config import coder_name
    from annotator.formats.dialects import dialect
    from annotator.pipeline import taking
    from annotator.pipeline.homes import HomesOf, looked, proposed, unnamed
    from annotator.pipeline.homes_file import read_homes
    from annotator.pipeline.suggesting import Suggester, require_source
    from annotator.pipeline.taker import Taker

    if not suggest and taker is None:
        raise InputError(
            "Nobody is named whose marks they become.",
            "Name a coder with --as, or take them as suggestions with --suggest.",
        )
    if suggest and decided:
        raise InputError("Suggestions decide no sentence.", "Leave --decided out.")
    project = open_project(folder)
    if taker is not None:
        _ = require_source(taker) if suggest else coder_name(taker, project.settings, by="--as")
    reading = taking.read(project, dialect(format_name), path, coder, predictions=suggest)
    place = homes_file or path.with_name(f"{path.name}.homes.toml")
    book = project.codebook
    found = proposed(reading.tags, book, reading.relations)
    known = read_homes(place, book).homes if place.is_file() else None
    sure = proposed(reading.tags, book, reading.relations, sure=True)
    look = looked(found, sure, known, unseen=yes)
    homes = HomesOf(look.homes, book, frozenset(reading.offered))
    said.tell_homes(look.homes, look.wait, book)
    said.warn_doubtful(reading)
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if suggest:
        by = Suggester(homes, at, path.stem, taker)
        call, bad = _suggestions(project, reading, by, yes=yes)
    else:
        _tell_coders(reading, chosen=coder is not None, yes=yes)
        who = Taker(str(taker), at, project.codebook, homes, decided, path.name)
        call, bad = _marks(project, reading, who, yes=yes)
    fresh = unnamed(found, known)
    if yes:
        _tell_waiting(look.wait, place)
        call()
    elif fresh.home or fresh.relation:
        _keep(place, fresh, known, path.name, book)
    if bad:
        ctx.exit(InputError.exit_code)
    if not reading.told:
        raise NothingToDo(f"{console.shown(str(path))} tells of nothing that could be taken in.")


def _keep(place: Path, fresh: Homes, known: Homes | None, source: str, book: Codebook) -> None:
    """Write the file of homes, or what is new behind what stands in it."""
    from annotator.files import write_atomic
    from annotator.pipeline.homes_file import appended, as_toml

    write_atomic(place, as_toml(fresh, source, book) if known is None else appended(place, fresh))
    shown = console.shown(str(place))
    if known is not None:
        labels, relations = len(fresh.home), len(fresh.relation)
        new = [many(labels, "label")] * bool(labels)
        new += [many(relations, "relation")] * bool(relations)
        stand = "stands" if labels + relations == 1 else "stand"
        console.say(f"{' and '.join(new)} that {shown} did not name {stand} at its end now.")
    console.say(f"Complete {shown}, and call again with --yes.")


def _tell_waiting(wait: Homes, place: Path) -> None:
    count = len(wait.home) + len(wait.relation)
    if count:
        times = sum(one.times for one in wait.home) + sum(one.times for one in wait.relation)
        shown = console.shown(str(place))
        left = f"{count:,} labels or relations" if count > 1 else "1 label or relation"
        why = "have no home yet" if count > 1 else "has no home yet"
        where = f"{shown} does not name it" if count == 1 else f"{shown} does not name them"
        console.warn(
            f"{left}, {many(times, 'time')} in all, {why} and"
            f" {'were' if count > 1 else 'was'} left out:"
            f" {where if place.is_file() else f'there is no {shown}'}."
            " Call without --yes, which writes it, and complete it."
        )


def _tell_coders(reading: Reading, *, chosen: bool, yes: bool) -> None:
    """Say whose work the file holds; raises InputError where several would become one coder."""
    coders = {coder: texts for coder, texts in sorted(reading.coders.items()) if texts}
    if coders:
        each = (f"{coder} ({many(texts, 'text')})" for coder, texts in coders.items())
        console.say(f"In the file is the work of {', '.join(each)}.")
    if len(coders) > 1 and not chosen:
        error = InputError(
            f"The work of {', '.join(coders)} would become that of one coder.",
            "Take each in by a call of its own, with --from and --as.",
        )
        if yes:
            raise error
        console.warn(str(error))


def _marks(
    project: Project, reading: Reading, who: Taker, *, yes: bool
) -> tuple[Callable[[], None], bool]:
    """Say which marks are taken in; return what does it, and whether something was bad."""
    from annotator.pipeline import taking

    coder, will = who.coder, said.verb(yes=yes)
    plans = [taking.preview(project, one, who) for one in reading.apart()]
    wanted = sorted({name for plan in plans for name, part in plan.items() if part.edit})
    parts = [part for plan in plans for part in plan.values()]
    marks = sum(part.marks for part in parts)
    where = many(len(wanted), "readout")
    filled = sum(part.filled for part in parts)
    people = sum(part.people for part in parts)
    labelled = sum(part.labelled for part in parts)
    unmarked = sum(part.unmarked for part in parts)
    if marks or not any((people, filled, labelled, unmarked)):
        console.say(f"{many(marks, 'mark')} in {where} {will} be taken in as {coder}.")
    if filled:
        console.say(f"Slots of {many(filled, 'mark')} that {coder} has {will} be filled.")
    said.tell_changes(reading)
    said.tell_silent(reading, who.book)
    if people:
        who_else = "1 of the cast" if people == 1 else f"{people:,} of the cast"
        console.say(f"{who_else} {will} be new or changed.")
    if labelled:
        console.say(f"{many(labelled, 'sentence')} {will} be decided by labels of the file.")
    if unmarked:
        layers = ", ".join(sorted(who.homes.layers))
        console.say(
            f"{many(unmarked, 'sentence')} {will} be decided without a mark"
            + (f", for the layers that the labels of the file go to: {layers}." if layers else ".")
        )
        if not layers:
            console.warn(
                "No label of the file has a home: for which layers somebody looked at its texts is"
                " not known, and all are unasked."
            )
    elif reading.unlabelled and not who.decided:
        console.warn(
            f"{many(reading.unlabelled, 'text')} of the file"
            f" {said.have(reading.unlabelled)} no label: with --decided, their sentences are"
            " decided without a mark."
        )
    for (layer, old, new, how), count in sorted(taking.renamed(parts, who.book).items()):
        console.say(f"{layer} {old} → {new} ({how}): {many(count, 'mark')}.")
    fallen = sum(part.fallen for part in parts)
    if fallen:
        console.say(
            f"{many(fallen, 'rejection')} of labels that were merged"
            f" {'falls' if fallen == 1 else 'fall'} away: whoever refused the narrower label did"
            " not look at the wider one."
        )
    on_decided = sum(part.on_decided for part in parts)
    if on_decided:
        console.warn(
            f"{many(on_decided, 'mark')} {will} be added to sentences that {coder} has decided."
        )
    removed = sum(part.removed for part in parts)
    if removed:
        were, stay = ("was", "stays") if removed == 1 else ("were", "stay")
        console.warn(f"{many(removed, 'mark')} {were} taken away by {coder} before, and {stay} so.")
    others = [one for part in parts for one in part.others]
    if others:
        console.warn(
            f"{many(len(others), 'sentence')} of the file {'says' if len(others) == 1 else 'say'}"
            f" other than what {coder} has; what is coded is never overwritten."
        )
        said.warn(others, "more like these")
    said.warn([one for part in parts for one in part.notices], "more stay in the cast")
    problems = [*reading.problems, *(one for part in parts for one in part.problems)]
    said.warn(problems)
    said.warn(reading.passed, "more are not read")
    if reading.undecided:
        console.warn(
            f"{many(reading.undecided, 'text')} of the file"
            f" {'was' if reading.undecided == 1 else 'were'} put aside, cancelled or ignored, by"
            " whoever saw them; nothing is taken of that."
        )
    if reading.unsettled:
        console.warn(
            f"{many(reading.unsettled, 'text')} of the file"
            f" {said.have(reading.unsettled)} an answer that was rejected: it does not say what is"
            " right, and decides no sentence. A label"
            " that was offered alone is rejected; of several, nothing is taken."
        )
    if reading.spoilt and who.decided:
        console.warn(
            f"{many(reading.spoilt, 'text')} of the file {said.have(reading.spoilt)} labels that"
            " could not be read: none of the sentences there is decided."
        )
    said.warn_loose([part.loose for part in parts], who.homes, "mark")
    said.warn_spread(sum(part.spread for part in parts))
    lengths = [count for part in parts for count in part.passages]
    said.tell_passages(lengths, each=who.homes.homes.each)
    wordless = sum(part.wordless for part in parts)
    if wordless:
        console.warn(
            f"{many(wordless, 'label')} on words that have no place: the sentence gets each, once,"
            " without the words. Name a slot in the homes file to keep those."
        )
    if reading.predicted:
        console.warn(
            f"{many(reading.predicted, 'label')} of a program: nobody's mark, and left out."
            " --suggest takes such labels in as suggestions."
        )

    def do() -> None:
        if not wanted:
            console.say("Nothing new is taken in.")
        outcomes = taking.take(project, reading, who, wanted)
        said.each_done(map(_outcome, outcomes), len(wanted))

    return do, bool(problems)


def _outcome(outcome: Outcome) -> tuple[str, str | AnnotatorError]:
    """Return the readout of an outcome, and what is said of it."""
    if outcome.problem:
        return outcome.readout, outcome.error or AnnotatorError(outcome.problem)
    return outcome.readout, many(outcome.sentences, "sentence")


def _suggestions(
    project: Project, reading: Reading, suggester: Suggester, *, yes: bool
) -> tuple[Callable[[], None], bool]:
    """Say what would be suggested; return what keeps it, and whether something was bad."""
    from annotator.pipeline import suggesting

    will = said.verb(yes=yes)
    plans = suggesting.preview(project, reading, suggester)
    wanted = {readout: plan for readout, plan in plans.items() if plan.added.changes}
    added = [plan.added for plan in plans.values()]
    sources = sorted({one.source for plan in plans.values() for one in plan.suggestions})
    by = f", by {', '.join(sources)}" if sources else ""
    new, there = sum(one.new for one in added), sum(one.there for one in added)
    rescored = sum(one.rescored for one in added)
    console.say(
        f"{many(new, 'suggestion')} in {many(len(wanted), 'readout')}"
        f" {will} be taken in{by};"
        f" {there:,} {'is' if there == 1 else 'are'} there already,"
        f" {rescored:,} {will} get another score."
    )
    said.tell_changes(reading)
    problems = [*reading.problems, *(one for plan in plans.values() for one in plan.problems)]
    said.warn(problems)
    said.warn(reading.passed, "more are not read")
    said.warn([one for plan in plans.values() for one in plan.notices], "more like these")
    said.warn_spread(sum(plan.spread for plan in plans.values()))
    lengths = [count for plan in plans.values() for count in plan.passages]
    said.tell_passages(lengths, each=suggester.homes.homes.each)
    said.warn_loose([plan.loose for plan in plans.values()], suggester.homes, "suggestion")
    refused = sum(plan.refused for plan in plans.values())
    if refused:
        console.warn(
            f"{many(refused, 'label')} that the file refuses: no suggestions, and left out."
        )
    left = sum((Counter(plan.left) for plan in plans.values()), Counter[str]())
    for what, count in sorted(left.items()):
        console.warn(f"{count:,} × {what}: left out.")
    if reading.relations:
        console.warn(
            f"{many(len(reading.relations), 'relation')} left out: a suggestion stands for itself."
            " Marks take them in, without --suggest."
        )

    def do() -> None:
        if not wanted:
            console.say("Nothing new is taken in.")
        outcomes = (
            (readout, one if isinstance(one, AnnotatorError) else many(one.new, "suggestion"))
            for readout, one in suggesting.take(project, wanted)
        )
        said.each_done(outcomes, len(wanted))

    return do, bool(problems)


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
    where = many(len(counts), "readout")
    console.say(f"{many(counts.total(), 'suggestion')} in {where} would go.")
    console.confirm("Take them away?", yes=yes)
    said.each_done(_dropped(project, sorted(counts), source), len(counts))


def _dropped(
    project: Project, readouts: Iterable[str], source: str
) -> Iterator[tuple[str, str | AnnotatorError]]:
    from annotator.pipeline.suggestions import drop

    for readout in readouts:
        try:
            yield readout, f"{drop(project, readout, source):,} taken away"
        except AnnotatorError as error:
            yield readout, error
