"""The verbs about what was done: history, compact."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import coder_of, open_project
from annotator.errors import InputError, NothingToDo
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.edit import Coding
    from annotator.model.sentence import Sentence
    from annotator.pipeline.compact import Compaction
    from annotator.pipeline.past import Past, Step

_WORDS = 48
"""Characters of a sentence that a row shows."""
_MANY = 3
"""More sentences than these are counted in a row, not named."""


@click.command()
@click.argument("readout", metavar="READOUT")
@click.option(
    "--coder",
    metavar="NAME",
    default=console.from_before_the_verb("coder"),
    help="Whose; else the settings' or the login name.",
)
@click.option("--at", "number", metavar="N", type=int, help="Show the readout as act N left it.")
@click.option("--sentence", metavar="N", type=int, help="Only what touched the sentence N.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Only the last N acts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per act or sentence.")
@console.option_of_project
def history(
    readout: str,
    coder: str | None,
    number: int | None,
    sentence: int | None,
    limit: int | None,
    as_json: bool,
    folder: Path | None,
) -> None:
    """Show who did what when to a readout, or the readout as it was.

    The newest act comes last; times are UTC. A sentence is named by its number in exports, which
    stays when others are split or joined. With --at, the sentences are shown with their states and
    marks as they were after that act: counted as on the screen, with #N where the number differs.
    """
    from annotator.config import SAMPLE_CODER
    from annotator.pipeline.compact import coded
    from annotator.pipeline.past import Past

    project = open_project(folder)
    name = coder if coder == SAMPLE_CODER else coder_of(project, coder)
    past = Past(name, coded(project, name, readout).history)
    numbers: list[int] | range = range(1, len(past) + 1)
    if sentence is not None:
        numbers = past.touching(sentence)
        if not numbers:
            raise InputError(
                f"There never was a sentence {sentence} in {console.shown(readout)} by {name}."
            )
    if number is None:
        shown = (past.step(n) for n in (numbers[-limit:] if limit else numbers))
        _show_acts(shown, as_json=as_json)
    elif limit is not None:
        raise InputError("Both --at and --limit say what is shown.", "Leave one of them out.")
    else:
        _show_coding(past, number, sentence, as_json=as_json)


def _show_acts(steps: Iterator[Step], *, as_json: bool) -> None:
    if as_json:
        from annotator.formats.jsonl_out import shown

        for step in steps:
            console.say_json(shown(_fields(step)))
        return
    head = ("act", "when (UTC)", "what", "sentence", "words")
    console.table(head, [_cells(step) for step in steps], "rllrl")


def _fields(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "act": step.act,
        "at": step.at,
        "coder": step.coder,
        "what": step.words,
        "sentences": step.keys,
        "text": step.text,
        "changes": step.changes,
        "taken_back": step.taken_back,
    }


def _cells(step: Step) -> tuple[str, ...]:
    keys = [str(key) for key in step.keys]
    words = step.text if len(step.text) <= _WORDS else f"{step.text[: _WORDS - 1].rstrip()}…"
    return (
        str(step.number),
        _when(step.at),
        f"{step.words} (taken back)" if step.taken_back else step.words,
        ", ".join(keys) if len(keys) <= _MANY else f"{len(keys)} in all",
        words,
    )


def _when(at: str) -> str:
    return at.replace("T", " ").removesuffix("Z")


def _show_coding(past: Past, number: int, only: int | None, *, as_json: bool) -> None:
    step, coding = past.step(number), past.coding(number)
    rows = [row for row in coding.sentences() if only in (None, row[0])]
    if as_json:
        from annotator.formats.jsonl_out import shown

        for key, sentence in rows:
            console.say_json(shown({"key": key, **sentence.model_dump(mode="json")}))
        return
    console.say(
        f"After act {number} of {len(past)}, {_when(step.at)} UTC, by {step.coder}: {step.words}"
    )
    for change in step.changes:
        console.say(f"  {change}")
    console.say("")
    numbers = {key: _numbered(coding, key) for key, _ in rows}
    wide = max(map(len, numbers.values()), default=1)
    for key, sentence in rows:
        text = " ".join(sentence.text.split())
        console.say(f"{numbers[key]:<{wide}}  {sentence.state:<7}  {sentence.role:<10} {text}")
        for line in _said_of(coding, sentence):
            console.say(f"{'':{wide}}  {'':7}  · {line}")


def _numbered(coding: Coding, key: int) -> str:
    place = coding.position[key] + 1
    return str(place) if place == key else f"{place} #{key}"


def _said_of(coding: Coding, sentence: Sentence) -> Iterator[str]:
    from annotator.pipeline import wording

    if sentence.flagged:
        yield "flagged"
    if sentence.note:
        yield f"note “{sentence.note}”"
    yield from (wording.mark(coding, mark) for mark in sentence.marks)
    for mark in sentence.unplaced:
        yield f"without its place: {wording.label(mark)}"


@click.command()
@click.argument("readout", metavar="READOUT")
@click.option(
    "--coder",
    metavar="NAME",
    default=console.from_before_the_verb("coder"),
    help="Whose; else the settings' or the login name.",
)
@click.option(
    "--keep",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="First write the file with its history there.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@console.option_of_project
def compact(
    readout: str, coder: str | None, keep: Path | None, yes: bool, folder: Path | None
) -> None:
    """Drop the history of a coding, and keep the coding.

    What was done can then neither be seen nor undone any more. Before that, it says what will be
    dropped, and asks.
    """
    from datetime import UTC, datetime

    from annotator.pipeline.compact import compaction

    project = open_project(folder)
    name = coder_of(project, coder)
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with compaction(project, name, readout, at) as found:
        shown = project.paths.shown(found.path)
        _announce(found, f"{readout} by {name}", shown)
        if not yes:
            _ask()
        if keep is not None:
            found.keep(keep)
            console.say(f"The file with its history is kept as {keep}.")
        found.run()
    console.say(
        f"{_number(found.dropped.acts)} dropped; {shown} has {found.size_after:,} bytes now."
    )


def _announce(found: Compaction, whose: str, shown: str) -> None:
    dropped = found.dropped
    console.say(
        f"This drops {_number(dropped.acts)} from the history of {whose},"
        f" made from {_when(dropped.first)} to {_when(dropped.last)} UTC."
    )
    console.say("They can then neither be seen nor undone any more. The coding stays as it is.")
    console.say(f"{shown} has {found.size:,} bytes and would have {found.size_after:,}.")


def _number(acts: int) -> str:
    return many(acts, "act")


def _ask() -> None:
    if not (sys.stdin and sys.stdin.isatty()):
        raise InputError(
            "Nothing was dropped: there is no terminal to ask on.",
            "To drop the history without being asked, add --yes.",
        )
    if not click.confirm("Drop this history?", default=False, err=True):
        raise NothingToDo("Nothing was dropped.")
