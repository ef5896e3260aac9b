"""The verb that finds sentences in the whole project."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator import console
from annotator.cli.project import open_project
from annotator.errors import InputError, NothingToDo
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.pipeline.find import Found

_AROUND: Final = 40
"""Characters that are printed on either side of what was found."""


class _Line(click.Command):
    """A verb whose words may begin with a hyphen; what is an option is spelt out like one.

    Without it “-peace” would be the option -p with the value “eace”.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Part the options from the words, and give these to click behind what ends options."""
        known = {
            name: option.is_flag
            for option in self.get_params(ctx)
            if isinstance(option, click.Option)
            for name in option.opts
        }
        options: list[str] = []
        words: list[str] = []
        rest = iter(args)
        for arg in rest:
            if arg == "--":
                words += rest
            elif known.get(arg) is False:
                value = next(rest, None)
                if value is None:
                    return super().parse_args(ctx, [*options, arg])  # It says what is missing.
                options += arg, value
            else:
                (options if arg in known or arg.startswith("--") else words).append(arg)
        return super().parse_args(ctx, [*options, "--", *words])


@click.command(cls=_Line)
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "--csv", "target", metavar="FILE", type=click.Path(path_type=Path), help="Write a spreadsheet."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per place.")
@click.option(
    "--coder", metavar="NAME", default=console.from_before_the_verb("coder"), help="Who asks."
)
@console.option_of_project
def find(
    words: tuple[str, ...],
    target: Path | None,
    as_json: bool,
    coder: str | None,
    folder: Path | None,
) -> None:
    """Find sentences: by words, labels, slots, states, dates, expressions.

    The words of QUERY are one line, as in the program; docs/find.md says what may stand in it. A
    part of it that begins with a hyphen says what must not be, unless it is one of the options
    below. Behind “--” nothing is an option.

    \b
    annotator find 'trade -state:done label:eco.trade|eco.sanctions'
    annotator find trade -peace
    annotator find slot.strength:3 date:2021.. --csv strong.csv
    """
    from annotator.config import coder_name
    from annotator.files import write_atomic
    from annotator.formats.jsonl_out import shown
    from annotator.pipeline.concordance import as_csv, as_dict
    from annotator.pipeline.find import find as look
    from annotator.pipeline.index import Index
    from annotator.pipeline.query import UNCLOSED, parse

    if target and as_json:
        raise InputError("Both --csv and --json say how it is written.", "Leave one of them out.")
    project = open_project(folder)
    query = parse(" ".join(words), project.codebook)
    if query.unclosed:
        console.warn(UNCLOSED)
    name = coder_name(coder, project.settings)
    with Index.of(project) as index, closing(look(project, name, query, index)) as places:
        if as_json:
            count = 0
            for count, place in enumerate(places, 1):  # noqa: B007 - counted as they come
                console.say_json(shown(as_dict(place)))
            if not count:
                raise NothingToDo("Nothing was found.")
            return
        found = list(places)
    if not found:
        raise NothingToDo("Nothing was found.")
    if target:
        write_atomic(target, as_csv(found), exclusive=True)
        console.say(f"{target}: {many(len(found), 'place')}.")
        return
    width = console.columns()
    if width is None:
        _print_whole(found)
        return
    from annotator.tui import kwic

    for place in found:
        row = kwic.row(place, width, coder=name, book=project.codebook)
        console.say("".join(run.text for run in row).rstrip())
    told = many(len(found), "place")
    console.say(f"{told}. With --csv or --json, all of what stands around each.")


def _print_whole(found: list[Found]) -> None:
    """Print places for another program, which takes a line of any length."""
    rows = [
        (
            place.readout,
            str(place.start),
            " ".join(place.before[-_AROUND:].split()),
            " ".join(place.exact.split()),
            " ".join(place.after[:_AROUND].split()),
            ", ".join(place.labels),
        )
        for place in found
    ]
    console.table(("readout", "start", "before", "found", "after", "labels"), rows, "lrrlll")
