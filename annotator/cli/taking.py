"""The verb that takes other people's work in: import."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.errors import InputError, NothingToDo

if TYPE_CHECKING:
    from annotator.pipeline.homes import Homes

_MOST = 20
"""Problems that are said one by one."""


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "format_name", metavar="NAME", default="jsonl", help="Its form.  [default: jsonl]"
)
@click.option("--as", "taker", metavar="CODER", required=True, help="Whose marks they become.")
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
    taker: str,
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
    """
    from annotator.config import coder_name
    from annotator.formats.dialects import dialect
    from annotator.pipeline import taking
    from annotator.pipeline.homes import HomesOf, as_toml, proposed, read_homes

    project = open_project(folder)
    coder_name(taker, project.settings)
    reading = taking.read(project, dialect(format_name), path, coder)
    place = homes_file or path.with_name(f"{path.name}.homes.toml")
    known = place.is_file()
    homes = (
        read_homes(place, project.codebook)
        if known
        else HomesOf(proposed(reading.tags, project.codebook, reading.relations), project.codebook)
    )
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    who = taking.Taker(taker, at, project.codebook.stamp, homes, decided)
    plan = taking.preview(project, reading, who)
    problems = [*reading.problems, *(one for part in plan.values() for one in part.problems)]
    _tell_homes(homes.homes)
    wanted = [readout for readout, part in plan.items() if part.edit is not None]
    marks = sum(plan[readout].marks for readout in wanted)
    console.say(f"{marks:,} marks in {len(wanted):,} readouts would be taken in as {taker}.")
    for problem in problems[:_MOST]:
        console.warn(problem)
    if len(problems) > _MOST:
        console.warn(f"{len(problems) - _MOST:,} more could not be taken.")
    if not yes:
        if (reading.tags or reading.relations) and not known:
            from annotator.files import write_atomic

            write_atomic(place, as_toml(homes.homes, path.name))
            console.say(f"Complete {console.shown(str(place))}, and call again with --yes.")
        return
    if not wanted:
        raise NothingToDo("There is nothing to take in that is not there already.")
    failed = 0
    for outcome in taking.take(project, reading, who, wanted):
        if outcome.problem:
            failed += 1
            console.warn(f"{outcome.readout}: {outcome.problem}")
        else:
            console.say(f"{outcome.readout}: {outcome.sentences:,} sentences.")
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
