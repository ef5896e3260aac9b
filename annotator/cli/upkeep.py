"""The verbs that look after what is stored: check, codebook."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import coder_of, open_project, standing_of
from annotator.errors import InputError, NothingToDo
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook, Layer


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding.")
@click.option("--repair", is_flag=True, help="Mend what can be mended without guessing.")
@console.option_of_project
def check(as_json: bool, repair: bool, folder: Path | None) -> None:
    """Verify every readout and every stored file.

    With --repair, a write that was cut short, changed line ends, a single flipped bit and the like
    are put right; the file as it was stays beside the mended one. Nothing is guessed: what cannot
    be proven stays as it is, and “annotator salvage” shows the way on.

    The exit code is 1 where something is damaged and stays so.
    """
    from collections import Counter
    from dataclasses import asdict

    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.check import check as verify

    found: Counter[str] = Counter()
    for finding in verify(open_project(folder), repair=repair):
        found[finding.severity] += 1
        if as_json:
            console.say_json(shown(asdict(finding)))
        else:
            where = "/".join(part for part in (finding.coder, finding.readout) if part)
            told = f"{finding.what} {finding.remedy}".rstrip()
            console.say(": ".join(part for part in (finding.severity, where, told) if part))
    if found["damage"]:
        what = "finding is" if found["damage"] == 1 else "findings are"
        raise NothingToDo(f"{found['damage']} {what} damage.")
    if not found and not as_json:
        console.say("Everything can be read, and says what it said when it was written.")


@click.command()
@click.argument("readout_id", metavar="READOUT")
@click.option(
    "--coder", metavar="NAME", default=console.from_before_the_verb("coder"), help="Whose coding."
)
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@console.option_of_project
def salvage(readout_id: str, coder: str | None, yes: bool, folder: Path | None) -> None:
    """Go on without what is damaged in a coding, at a cost that is told before.

    For a file that “check --repair” cannot mend and that no backup brings back. Every line that is
    sound is kept, and the file as it was stays beside the new one.
    """

    project = open_project(folder)
    name = coder_of(project, coder)
    readout, store = project.readout(readout_id), project.store()
    cost = store.salvage(name, readout)
    if cost is None:
        raise NothingToDo(
            f"The coding of {readout_id} by {name} needs no salvage.",
            "“annotator check --repair” looks after the rest.",
        )
    lines = ", ".join(str(number) for number in cost.broken)
    lost = f"what stood in line {lines}" if cost.broken else "a line of which there is no trace"
    console.say(f"{cost.kept} acts are sound and stay. Lost is {lost}.")
    if cost.doubtful:
        items = ", ".join(str(key) for key in cost.doubtful)
        console.say(f"Look again at sentence {items}: what was said last of it may be lost.")
    if cost.unread:
        console.say("What was lost cannot be read, so other sentences may have lost something too.")
    console.say(f"The file as it is will be kept as {cost.aside}.")
    console.confirm("Go on without it?", yes=yes)
    store.salvage(name, readout, cost)
    console.say(f"The coding of {readout_id} by {name} can be opened again.")


@click.group(invoke_without_command=True)
@click.pass_context
def codebook(ctx: click.Context) -> None:
    """Check, list or change the codebook, or write the JSON Schemas."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@codebook.command("check")
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@console.option_of_project
def codebook_check(path: Path | None, folder: Path | None) -> None:
    """Say whether a codebook is sound, and what it holds."""
    from annotator.formats.codebook import read_codebook
    from annotator.model.questions import labels_reached, longest_walk
    from annotator.pipeline.labelkeys import place_of_panel
    from annotator.pipeline.unasking import unheard
    from annotator.tui.keys import keymap

    project = None
    if path:
        book = read_codebook(path)
        keymap({}, book.panels, of_panel=partial(place_of_panel, path))
    else:
        project = open_project(folder)
        book, now = project.codebook, standing_of(project)
        of_panel = partial(place_of_panel, project.codebook_file)
        keymap(now.settings.keys, book.panels, now.place_of_key, of_panel)
    layers = ", ".join(f"{layer.id} with {_labels(layer)}" for layer in book.layers)
    console.say(f"The codebook {book.stamp} is sound: {layers}.")
    for layer in book.layers:
        if layer.questions:
            led = labels_reached(layer.questions)
            console.say(
                f"The questions of {layer.id} lead to {len(led)} of"
                f" {many(len(layer.in_use), 'label')},"
                f" by {many(longest_walk(layer.questions), 'answer')} at most."
            )
            missed = ", ".join(label.id for label in layer.in_use if label.id not in led)
            if missed:
                console.say(f"They do not lead to {missed}.")
    for name, coders in unheard(project).items() if project else ():
        console.say(
            f"No coding of {', '.join(coders)} names the layer {name}. What was decided before it"
            f" was there counts as looked at, until “annotator codebook unask {name} --coder NAME”"
            " says that it was not asked."
        )


def _labels(layer: Layer) -> str:
    """Count the labels that can be given, and those that cannot any more."""
    retired = len(layer.labels) - len(layer.in_use)
    return many(len(layer.in_use), "label") + (f" and {retired:,} retired" if retired else "")


@codebook.command("labels")
@click.argument("wanted", metavar="[LAYER]", required=False)
@console.option_of_project
def codebook_labels(wanted: str | None, folder: Path | None) -> None:
    """List the labels that can be given: layer, id, tag and name."""
    book = open_project(folder).codebook
    if wanted is not None:
        require_layer(book, wanted)
    console.table(
        ("layer", "label", "tag", "name"),
        [
            (layer.id, label.id, label.tag, label.name)
            for layer in book.layers
            if wanted in (None, layer.id)
            for label in layer.in_use
        ],
        "llll",
    )


def require_layer(book: Codebook, wanted: str) -> None:
    """Raise InputError where a codebook does not have a layer."""
    from annotator.files import printable

    if book.layer(wanted) is None:
        raise InputError(
            f"The codebook has no layer “{printable(wanted)}”.",
            f"Its layers are {', '.join(layer.id for layer in book.layers)}.",
        )


@codebook.command("draft")
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("place", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
def codebook_draft(source: Path, place: Path | None) -> None:
    """Draft a codebook from that of another program, for you to complete.

    SOURCE is a codebook of REFI-QDA, which ends in .qdc. The draft goes into FILE, else beside
    SOURCE, with the ending .toml; nothing that is there is overwritten.
    """
    from annotator.files import printable, write_atomic
    from annotator.formats.refi_book import drafted
    from annotator.tui.keys import free_for_panels

    draft = drafted(source, free_for_panels())
    place = place or source.with_suffix(".toml")
    write_atomic(place, draft.as_toml(), exclusive=True)
    for layer in draft.book.layers:
        console.say(f"{layer.id}: {layer.name}, with {many(len(layer.labels), 'label')}.")
    if draft.unread:
        passed = ", ".join(many(times, what) for what, times in sorted(draft.unread.items()))
        console.say(f"Not taken: {passed}.")
    console.say(f"The draft is in {printable(str(place))}: look through it, and say what is meant.")


@codebook.command("schemas")
@click.argument("place", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@console.option_of_project
def codebook_schemas(place: Path | None, folder: Path | None) -> None:
    """Write the JSON Schemas of all files that Annotator reads and writes."""
    from annotator.pipeline.schemas import write_schemas

    write_schemas(place or open_project(folder).paths.schemas)
