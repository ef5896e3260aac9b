"""The command line: one function for each verb.

Everything but click is imported inside the verbs, so that each starts as fast as it can. Whatever
goes wrong is told in one sentence on standard error, with an exit code; see `EXIT_CODES`.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from annotator import __version__, console
from annotator.cli import dataset, find, history, reanchor, revising, settings, taking, upkeep
from annotator.cli.project import coder_of, open_project, standing_of
from annotator.console import PROGRAM
from annotator.errors import AnnotatorError, InputError, StorageError

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

EXIT_CODES: Final = """\b
Exit codes:
  0    done
  1    the answer is no: nothing to export, damage found
  2    the input or the call is wrong
  3    the file system refused
  4    another process is writing there
  70   a defect in Annotator
  129, 143  ended by a signal
  130  interrupted
  141  nobody reads the output any more"""
_COMPLETION: Final = "_ANNOTATOR_COMPLETE"


@click.group(
    cls=console.Verbs,
    invoke_without_command=True,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.option(
    "-p",
    "--project",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The project; without it, the one around the current folder.",
)
@click.option("--coder", metavar="NAME", help="Who codes; else the settings' or the login name.")
@click.option("--readout", metavar="ID", help="The readout to open first.")
@click.option("--theme", metavar="NAME", help="The palette; stronger than NO_COLOR.")
@click.option("--reader/--no-reader", default=None, help="In words, for a screen reader.")
@click.pass_context
def cli(
    ctx: click.Context,
    folder: Path | None,
    coder: str | None,
    readout: str | None,
    theme: str | None,
    reader: bool | None,
) -> None:
    """Code diplomatic readouts sentence by sentence, by keyboard, in a terminal.

    Without a command, the project around the current folder is opened; with a folder in place of a
    command, the project in that folder.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(open_)


@cli.command("open")
@click.argument("place", metavar="[PROJECT]", required=False, type=click.Path(path_type=Path))
@console.option_of_project
@click.option(
    "--coder", metavar="NAME", default=console.from_before_the_verb("coder"), help="Who codes."
)
@click.option(
    "--readout",
    metavar="ID",
    default=console.from_before_the_verb("readout"),
    help="The readout to open first.",
)
@click.option(
    "--theme",
    metavar="NAME",
    default=console.from_before_the_verb("theme"),
    help="The palette; stronger than NO_COLOR.",
)
@click.option(
    "--reader/--no-reader",
    default=console.from_before_the_verb("reader"),
    help="In words, for a screen reader.",
)
@click.pass_context
def open_(
    ctx: click.Context,
    place: Path | None,
    folder: Path | None,
    coder: str | None,
    readout: str | None,
    theme: str | None,
    reader: bool | None,
) -> None:
    """Open a project and code its readouts."""
    if place is not None and place.is_file():
        raise InputError(
            f"{console.shown(str(place))} is a file, not a project.",
            "Take it into a project with “annotator add”.",
        )
    with _no_garbage_yet():
        project = open_project(place or folder)
        now = standing_of(project, theme=theme, reader=reader)
        name = coder_of(project, coder)
        if readout is not None:
            project.readout(readout)
        console.require_screen()
        from annotator.tui.app import run

        code = run(project, name, readout, now)
    ctx.exit(code)


@contextmanager
def _no_garbage_yet() -> Iterator[None]:
    """Look for no garbage until the first screen says so: it takes a sixth of the start.

    What a start loads stays as long as the program does.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@cli.command()
@click.argument("place", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--samples/--no-samples", default=True, help="With or without sample readouts.")
def init(place: Path, samples: bool) -> None:
    """Make a new project in a folder."""
    from annotator.pipeline.init import init as make

    make(place, samples=samples)
    console.say(f"The project {place} is made. Open it with “{PROGRAM} {place}”.")


@cli.command()
@click.argument(
    "paths", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--encoding", metavar="NAME", help="What files are in that are not Unicode.")
@click.option("--format", "form", metavar="NAME", help="Take the texts of a dataset in this form.")
@console.option_of_project
@click.pass_context
def add(
    ctx: click.Context,
    paths: tuple[Path, ...],
    encoding: str | None,
    form: str | None,
    folder: Path | None,
) -> None:
    """Take readouts into the project.

    Files may be .txt, .md, .html or .jsonl; of a folder, all such files are taken. With --format,
    the texts of tasks and datasets of other programs are taken, and “annotator import” takes their
    labels after. What cannot be read is named and left out, and the exit code is then 2.
    """
    from annotator.formats.dialects import dialect
    from annotator.pipeline.add import add as take

    project = open_project(folder)
    before = _readouts(project)
    try:
        with console.progress("Adding") as advance:
            report = take(
                project,
                paths,
                encoding=encoding,
                form=dialect(form) if form else None,
                progress=advance,
            )
    except (KeyboardInterrupt, StorageError):
        added = _readouts(project) - before
        with suppress(OSError):  # The terminal may be what is gone.
            console.warn(f"Readouts added: {added:,}; call again to go on.")
        raise
    for line in report.summary():
        console.say(line)
    if report.refused:
        ctx.exit(InputError.exit_code)


def _readouts(project: Project) -> int:
    """Count the readouts of a project; none where their folder does not say."""
    try:
        return len(project.readout_ids())
    except AnnotatorError:
        return 0


@cli.command()
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per sentence.")
@click.option("--encoding", metavar="NAME", help="What the file is in, if not Unicode.")
@console.option_of_project
def segment(path: Path, as_json: bool, encoding: str | None, folder: Path | None) -> None:
    """Show how a text is cut into sentences; nothing is stored.

    Offsets count code points of the text, from 0, the end not included.
    """
    from annotator.formats import plain
    from annotator.formats.jsonl_out import shown
    from annotator.formats.registry import reader
    from annotator.segment import segment as cut

    parts = list((reader(path) or plain.read)(path, encoding))
    if len(parts) != 1:
        raise InputError(
            f"{console.shown(str(path))} holds {len(parts)} texts, and one is cut at a time.",
            "Take them into a project with “annotator add”.",
        )
    if isinstance(parts[0], InputError):
        raise parts[0]
    text = parts[0].text
    sentences = cut(text, extra_abbreviations=_abbreviations(folder))
    if as_json:
        for start, end, role in sentences:
            console.say_json(
                shown({"start": start, "end": end, "role": role, "text": text[start:end]})
            )
        return
    rows = [(str(start), str(end), role, text[start:end]) for start, end, role in sentences]
    console.table(("start", "end", "role", "text"), rows, "rrll")


def _abbreviations(folder: Path | None) -> tuple[str, ...]:
    """Return the abbreviations of the project; outside of one, none."""
    from annotator.config import find_root, read_settings

    try:
        root = find_root(folder)
    except InputError:
        if folder is not None:
            raise
        return ()
    return read_settings(root).extra_abbreviations


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands and options.

    \b
    bash:  eval "$(annotator completion bash)"   in ~/.bashrc
    zsh:   eval "$(annotator completion zsh)"    in ~/.zshrc
    fish:  annotator completion fish > ~/.config/fish/completions/annotator.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(cli, {}, PROGRAM, _COMPLETION).source())


for verb in (
    *(dataset.export, dataset.stats, find.find, history.history, history.compact),
    *(reanchor.reanchor, upkeep.check, upkeep.salvage, revising.VERBS, settings.settings),
    *(taking.import_, taking.suggestions),
):
    cli.add_command(verb)


def _called(args: list[str]) -> int:
    instruction = os.environ.get(_COMPLETION)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, PROGRAM, _COMPLETION, instruction)
    try:
        with cli.make_context(PROGRAM, args) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    return 0


def main() -> int:
    """Run the program and return its exit code."""
    return console.ended(lambda: _called(sys.argv[1:]))
