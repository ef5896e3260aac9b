"""The verb that moves codings to the changed text of their readout: reanchor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator import console
from annotator.cli.project import coder_of, open_project
from annotator.errors import AnnotatorError, InputError, NothingToDo

if TYPE_CHECKING:
    from annotator.model.anchoring import Move
    from annotator.model.text import Span
    from annotator.pipeline.moving import Moving
    from annotator.pipeline.project import Project

_KINDS: Final = ("reworded", "moved", "new", "gone", "words moved", "words lost", "unplaced")
"""The order in which they are listed: sentences first, and what is lost last, where one looks."""


@click.command()
@click.argument("readout_id", metavar="[READOUT]", required=False)
@click.option(
    "--coder",
    metavar="NAME",
    default=console.from_before_the_verb("coder"),
    help="Whose coding; else the settings' or the login name.",
)
@click.option("--all-coders", is_flag=True, help="The coding of everybody who coded it.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@click.option("--json", "as_json", is_flag=True, help="JSON; nothing is moved without --yes.")
@console.option_of_project
@click.pass_context
def reanchor(
    ctx: click.Context,
    readout_id: str | None,
    coder: str | None,
    all_coders: bool,
    yes: bool,
    as_json: bool,
    folder: Path | None,
) -> None:
    """Move a coding to the changed text of its readout, once it was shown what moves.

    Sentences and marks go where their words stand now. What was reworded waits for another look,
    and a mark whose words are gone is kept as it was, apart, until its coder puts it away: nothing
    is dropped. Offsets count code points from 0, the end not included.

    Without READOUT, the codings are listed that are about another text than their readout has.
    """
    project = open_project(folder)
    if readout_id is None:
        if yes:
            raise InputError("Codings are moved one readout at a time.", "Name the readout.")
        _list(project, coder, as_json=as_json)
        return
    if coder is not None and all_coders:
        raise InputError("Both --coder and --all-coders say whose.", "Leave one of them out.")
    found, problems = _looked(project, readout_id, coder, all_coders=all_coders)
    for one in found:
        _show_json(one) if as_json else _show(one)
    if found and not as_json and not all(one.same_text for one in found):
        codings = "this coding" if len(found) == 1 else f"these {len(found)} codings"
        console.confirm(f"Move {codings} to the new text?", yes=yes)
    for one in found:
        try:
            _move(project, one, write=yes or not as_json, as_json=as_json)
        except AnnotatorError as error:
            if not all_coders:
                raise
            problems.append(error)
            console.warn(str(error))
    if problems:
        ctx.exit(max(problem.exit_code for problem in problems))


def _list(project: Project, coder: str | None, *, as_json: bool) -> None:
    from dataclasses import asdict

    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.moving import behind

    rows = []
    for one in behind(project):
        if coder not in (None, one.coder):
            continue
        if as_json:
            console.say_json(shown(asdict(one)))
        elif one.problem:
            console.warn(f"{one.coder}/{one.readout}: {one.problem}")
        if not one.problem:
            rows.append((one.readout, one.coder))
    if not rows:
        raise NothingToDo("No coding is about another text than its readout has.")
    if not as_json:
        console.table(("readout", "coder"), rows, "ll")


def _looked(
    project: Project, readout_id: str, coder: str | None, *, all_coders: bool
) -> tuple[list[Moving], list[AnnotatorError]]:
    """Return what would happen to each coding, and what went wrong with those of `all_coders`."""
    from annotator.pipeline.compact import coded
    from annotator.pipeline.moving import moving

    found: list[Moving] = []
    problems: list[AnnotatorError] = []
    if not all_coders:
        name = coder_of(project, coder)
        one = moving(project, name, readout_id)
        if one is None:
            coded(project, name, readout_id)
            raise _nothing(readout_id, f" by {name}")
        return [one], []
    project.readout(readout_id)
    store = project.store()
    for name in store.coders():
        if readout_id in store.coded(name):
            try:
                one = moving(project, name, readout_id)
            except AnnotatorError as error:
                problems.append(error)
                console.warn(str(error))
            else:
                found += [one] if one else []
    if not found and not problems:
        raise _nothing(readout_id, "")
    return found, problems


def _nothing(readout_id: str, whose: str) -> NothingToDo:
    return NothingToDo(
        f"There is nothing to move: the coding of {readout_id}{whose} is about the text that the"
        " readout has."
    )


def _move(project: Project, one: Moving, *, write: bool, as_json: bool) -> None:
    from datetime import UTC, datetime

    from annotator.pipeline.moving import move

    if write:
        move(project, one, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    if as_json:
        _say_json(_summary(one, moved=write))
    else:
        now = "belongs to the file as it is now" if one.same_text else "is about the new text now"
        console.say(f"The coding of {one.readout.id} by {one.coder} {now}.")


def _summary(one: Moving, *, moved: bool) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "readout": one.readout.id,
        "coder": one.coder,
        "counts": asdict(one.anchoring.counts),
        "same_text": one.same_text,
        "moved": moved,
    }


def _show_json(one: Moving) -> None:
    from annotator.pipeline.moving import what

    for move in one.anchoring.moves:
        mark = move.mark
        _say_json(
            {
                "readout": one.readout.id,
                "coder": one.coder,
                "kind": move.kind,
                "sentence": move.key,
                "old": move.old and move.old.model_dump(),
                "new": move.new and move.new.model_dump(),
                "mark": mark and mark.model_dump(mode="json"),
                "slot": move.slot or None,
                "host": move.host,
                "what": what(move),
            }
        )


def _say_json(value: dict[str, object]) -> None:
    from annotator.formats.jsonl_out import shown

    console.say_json(shown(value))


def _show(one: Moving) -> None:
    from annotator.pipeline.moving import told, what

    name, whose = one.readout.id, one.coder
    if one.same_text:
        console.say(
            f"The file of {name} changed since {whose} began to code it, its text did not: every"
            " mark stands as it was."
        )
        return
    console.say(f"The text of {name} changed since {whose} began to code it.")
    groups: dict[str, list[Move]] = {}
    for move in sorted(one.anchoring.moves, key=lambda move: _KINDS.index(move.kind)):
        groups.setdefault(f"{move.kind}: {what(move)}", []).append(move)
    for title, moves in groups.items():
        console.say("")
        console.say(f"{len(moves):,} {title}")
        for move in moves:
            for line in _lines(one, move):
                console.say(f"  {line}")
    console.say("")
    console.say(f"{told(one.anchoring.counts)}.")


def _lines(one: Moving, move: Move) -> Iterator[str]:
    from annotator.pipeline import wording

    places = " → ".join(f"{span.start}–{span.end}" for span in (move.old, move.new) if span)
    where = f"sentence {move.key}"
    mark = move.mark
    if mark is not None and not move.slot:
        yield f"{where}  {wording.mark(one.snapshot.coding, mark)}"
        return
    kept = f", kept with sentence {move.host}" if move.host is not None else ""
    said = f"  {wording.label(mark)}, {move.slot}" if mark else ""
    yield f"{where}{said}  {places}{kept}"
    yield from _quoted([span for span in (move.old, move.new) if span], move)


def _quoted(spans: Sequence[Span], move: Move) -> Iterator[str]:
    from annotator.model.text import quoted

    words = list(dict.fromkeys(" ".join(span.exact.split()) for span in spans))
    if len(words) == 1:
        yield f"  {quoted(words[0])}"
    else:
        yield from (
            f"  {head} {quoted(w)}" for head, w in zip(("before", "now   "), words, strict=True)
        )
