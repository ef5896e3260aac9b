"""The verbs that look after what is stored: check, codebook."""

from __future__ import annotations

from pathlib import Path

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.errors import NothingToDo


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per finding.")
@console.option_of_project
def check(as_json: bool, folder: Path | None) -> None:
    """Verify every readout and every stored file.

    The exit code is 1 where something is damaged.
    """
    from dataclasses import asdict

    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.check import check as verify

    damaged = found = 0
    for finding in verify(open_project(folder)):
        found += 1
        damaged += finding.severity == "damage"
        if as_json:
            console.say_json(shown(asdict(finding)))
        else:
            where = "/".join(part for part in (finding.coder, finding.readout) if part)
            console.say(f"{finding.severity}: {where}: {finding.what} {finding.remedy}".rstrip())
    if damaged:
        raise NothingToDo(f"{damaged} of the {found} findings are damage.")
    if not found and not as_json:
        console.say("Everything can be read, and says what it said when it was written.")


@click.group()
def codebook() -> None:
    """Check the codebook, or write the JSON Schemas."""


@codebook.command("check")
@click.argument("path", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@console.option_of_project
def codebook_check(path: Path | None, folder: Path | None) -> None:
    """Say whether a codebook is sound, and what it holds."""
    from annotator.formats.codebook import read_codebook

    book = read_codebook(path) if path else open_project(folder).codebook
    layers = ", ".join(f"{layer.id} with {len(layer.labels)} labels" for layer in book.layers)
    console.say(f"The codebook {book.stamp} is sound: {layers}.")


@codebook.command("schemas")
@click.argument("place", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@console.option_of_project
def codebook_schemas(place: Path | None, folder: Path | None) -> None:
    """Write the JSON Schemas of all files that Annotator reads and writes."""
    from annotator.pipeline.schemas import write_schemas

    write_schemas(place or open_project(folder).paths.schemas)
