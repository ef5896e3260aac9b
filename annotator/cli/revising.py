"""The verbs that change the codebook, and say or list what is to be looked at again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.cli.upkeep import codebook, require_layer
from annotator.errors import InputError, NothingToDo
from annotator.plural import many

if TYPE_CHECKING:
    from datetime import datetime

    from annotator.model.codebook import Codebook
    from annotator.pipeline.unasking import Unasked

Verb = Callable[..., None]


def _options(command: Verb) -> Verb:
    """Give a verb the options that all of these have."""
    coder = console.from_before_the_verb("coder")
    for option in (
        click.option("--note", metavar="TEXT", default="", help="Why; it is kept in the codebook."),
        click.option(
            "--review/--no-review", default=None, help="Look at older marks again or not."
        ),
        click.option("--dry-run", is_flag=True, help="Only say what it would do."),
        click.option("--yes", is_flag=True, help="Do it without being asked."),
        click.option("--coder", metavar="NAME", default=coder, help="Whose marks follow."),
        console.option_of_project,
    ):
        command = option(command)
    return command


@codebook.command("add")
@click.argument("layer")
@click.argument("label")
@click.option("--name", required=True, help="The label's name.")
@click.option("--family", help="The family it belongs to.")
@click.option("--short", default="", help="The few letters in the text.")
@click.option("--key", default="", help="Its key in the panel; else what is free.")
@click.option("--definition", default="", help="What it means.")
@click.option("--include", multiple=True, help="What it takes in; may be repeated.")
@click.option("--exclude", multiple=True, help="What it leaves out; may be repeated.")
@_options
def add(layer: str, label: str, **given: Any) -> None:
    """Add a label to a layer of the codebook."""
    from annotator.model import revision
    from annotator.pipeline.labelkeys import with_keys

    wishes = open_project(given["folder"]).settings.labels
    fields = ("name", "family", "short", "key", "definition")
    entry = {"id": label, **{name: given[name] for name in fields}}
    entry |= {"include": list(given["include"]), "exclude": list(given["exclude"])}

    def make(book: Codebook, **record: str) -> Codebook:
        books = (with_keys(book, wishes), book)
        taken = revision.key_owners(books, layer, given["family"])
        key = entry["key"] or revision.free_key(taken, entry["short"] or label.rpartition(".")[2])
        return revision.add(book, layer, {**entry, "key": key}, **record)

    _revise(make, given)


@codebook.command("rename")
@click.argument("layer")
@click.argument("label")
@click.argument("new", metavar="NEW_ID")
@_options
def rename(layer: str, label: str, new: str, **given: Any) -> None:
    """Give a label another id; the coder's marks follow, and those of others are understood."""
    from annotator.model import revision

    _revise(lambda book, **record: revision.rename(book, layer, label, new, **record), given)


@codebook.command("merge")
@click.argument("layer")
@click.argument("label")
@click.argument("into")
@_options
def merge(layer: str, label: str, into: str, **given: Any) -> None:
    """Let a label go into another one, which its marks become."""
    from annotator.model import revision

    _revise(lambda book, **record: revision.merge(book, layer, label, into, **record), given)


@codebook.command("split")
@click.argument("layer")
@click.argument("label")
@click.argument("parts", metavar="ID=NAME...", nargs=-1, required=True)
@_options
def split(layer: str, label: str, parts: tuple[str, ...], **given: Any) -> None:
    """Put labels in the place of one; a person chooses among them for each mark."""
    from annotator.model import revision

    entries = [dict(zip(("id", "name"), part.split("=", 1), strict=False)) for part in parts]
    if not all(entry.get("name") for entry in entries):
        raise InputError("A part is written as ID=NAME.", "For example “eco.chips=Chips”.")
    _revise(lambda book, **record: revision.split(book, layer, label, entries, **record), given)


@codebook.command("retire")
@click.argument("layer")
@click.argument("label")
@_options
def retire(layer: str, label: str, **given: Any) -> None:
    """Let a label not be given any more; its marks stay."""
    from annotator.model import revision

    _revise(lambda book, **record: revision.retire(book, layer, label, **record), given)


@codebook.command("review")
@click.option("--coder", metavar="NAME", default=console.from_before_the_verb("coder"))
@console.option_of_project
def review(coder: str | None, folder: Path | None) -> None:
    """List the sentences whose marks are older than a change of their label."""
    from annotator.config import coder_name
    from annotator.pipeline.revise import review as looks

    project = open_project(folder)
    found = 0
    for look in looks(project, coder_name(coder, project.settings)):
        found += 1
        console.say(f"{look.readout}  {look.start}  {look.why}")
    if not found:
        console.say("No mark is older than a change that touches it.")


@codebook.command("unask")
@click.argument("layer")
@click.option(
    "--before",
    metavar="DAY",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Only what was touched last before this day, such as 2026-03-01.",
)
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@click.option(
    "--coder", metavar="NAME", default=console.from_before_the_verb("coder"), help="Whose coding."
)
@console.option_of_project
def unask(
    layer: str,
    before: datetime | None,
    dry_run: bool,
    yes: bool,
    coder: str | None,
    folder: Path | None,
) -> None:
    """Say that a layer was not asked of what was decided before it was there.

    Each sentence that the coder decided and gave no mark of the layer says nothing of it then, in
    every export, until it is decided again. Of what a file alone decided, the file says what it
    asked. Each readout gets one act, which can be undone there; days are those of UTC.
    """
    from datetime import UTC, datetime

    from annotator.config import coder_name
    from annotator.pipeline.unasking import Wanted, carry_out, planned

    project = open_project(folder)
    require_layer(project.codebook, layer)
    day = f"{before:%Y-%m-%d}" if before else ""
    wanted = Wanted(coder_name(coder, project.settings), layer, day)
    found = list(planned(project, wanted))
    readouts = [one.readout for one in found if one.sentences]
    if readouts:
        console.say(f"{layer} would count as not asked of {_counted(found)}:")
    else:
        later = ", or was touched since" if day else ""
        console.say(
            f"No sentence would change: each that {wanted.coder} decided has a mark of {layer}, or"
            f" is not asked of it already{later}."
        )
    for one in found:
        console.say(f"  {one.readout}  {one.problem or f'{one.sentences:,}'}")
    if dry_run:
        return
    done: list[Unasked] = []
    if readouts:
        console.confirm("Say so?", yes=yes)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        done += carry_out(project, wanted, readouts, at)
        console.say(
            f"{layer} counts as not asked of {_counted(done)}: “unasked:{layer}” finds them, and"
            " whoever decides one again is asked all layers of it."
        )
    for one in done:
        if one.problem:
            console.say(f"  {one.readout}  {one.problem}")
    if any(one.problem for one in (*found, *done)):
        raise NothingToDo(
            "Some readouts were left as they were.", "Call again once they can be read and written."
        )


def _counted(found: Sequence[Unasked]) -> str:
    sentences = sum(one.sentences for one in found)
    readouts = sum(one.sentences > 0 for one in found)
    return f"{many(sentences, 'sentence')} of {many(readouts, 'readout')}"


VERBS = codebook
"""The verbs of the codebook, those of this module among them."""


def _revise(make: Callable[..., Codebook], given: dict[str, Any]) -> None:
    from datetime import UTC, datetime

    from annotator.config import coder_name
    from annotator.pipeline.revise import carry_out, plan
    from annotator.pipeline.revise_words import described, said

    project = open_project(given["folder"])
    coder = coder_name(given["coder"], project.settings)
    now = datetime.now(UTC)
    made = plan(project, lambda book: make(book, date=now.date().isoformat(), note=given["note"]))
    if given["review"] is not None:
        made = made.looked_at(again=given["review"])
    for words in described(made, coder):
        console.say(words)
    for one in made.touched:
        what = one.problem or f"{one.marks:,}"
        console.say(f"  {one.coder}  {one.readout}  {what}")
    if given["dry_run"]:
        return
    console.confirm("Change the codebook so?", yes=given["yes"])
    renewed = [0, 0]

    def advance(done: int, of: int) -> None:
        renewed[:] = done, of

    try:
        done = carry_out(project, made, coder, now.strftime("%Y-%m-%dT%H:%M:%SZ"), advance)
    except KeyboardInterrupt:
        if renewed[1]:  # The codebook is written before the first readout.
            count, of = renewed
            with suppress(OSError):  # The terminal may be what is gone.
                console.warn(
                    f"The codebook is {made.after.stamp} now. Your marks follow it in {count:,} of"
                    f" {many(of, 'readout')}, and in the others once you open them."
                )
        raise
    console.say(said(made, done, "“annotator codebook review” lists the marks to look at again."))
    if done.left:
        raise NothingToDo("Some readouts were left as they were.", "They follow once opened.")
