"""One form that a dataset is written in and read from: what it is, and who writes and reads it.

Its modules are loaded when they are asked for, and so is the library that they need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, Literal

from annotator.errors import InputError
from annotator.formats.output import REFERENCE, About, Output, Writer
from annotator.formats.tables import Table, Tables
from annotator.formats.told import Reader, Told

_LIBRARIES: Final = {"parquet": "pyarrow", "spacy": "spacy", "cas": "dkpro-cassis"}
"""What is installed for each extra: a package of the name of this program may be another's."""

Unit = Literal["code point", "UTF-16 code unit", "token", "none"]
"""What the offsets of a dialect count."""


@dataclass(frozen=True)
class Dialect:
    """One form of a dataset.

    `module` is a module of `annotator.formats` with `writer(output, about)`, whose `about.variant`
    is the dialect's, and `reader` one with `read(path, variant)`, empty where it is only written.
    `unit` is what its offsets count, `extra` names the optional dependencies that it needs. `words`
    says that words of the readouts may be in it, `joins` that its files are always the same ones,
    each just what every readout gives it in turn. `beside` is a module with
    `tables(output, about, made)`, which writes more tables beside it. `cannot` has what it cannot
    hold, by the words of the loss report, `unseen` what is in our rows alone though it shows others
    of its kind: a writer that reports anything else has a defect. `reading` is what its card says
    of how to read it.
    """

    name: str
    title: str
    module: str
    reader: str
    unit: Unit
    suffixes: tuple[str, ...]
    variant: str = ""
    extra: str | None = None
    words: bool = True
    joins: bool = False
    beside: str = "jsonl_out"
    cannot: tuple[str, ...] = (REFERENCE,)
    unseen: tuple[str, ...] = ()
    reading: str = ""

    def writer(self, output: Output, about: About) -> Writer:
        """Return what writes a dataset in this form; raises InputError where a library misses."""
        made: Callable[[Output, About], Writer] = self._loaded(self.module).writer
        return made(output, about)

    def tables(self, output: Output, about: About, made: Sequence[Table]) -> Tables:
        """Return what writes more tables beside a dataset; raises as `writer` does."""
        written: Callable[..., Tables] = self._loaded(self.beside).tables
        return written(output, about, made)

    def read(self, path: Path) -> Iterator[Told | InputError]:
        """Yield what a file or folder in this form tells, and what is wrong with parts of it.

        Raises InputError where it is none as a whole, or where a library misses.
        """
        if not self.reader:
            raise InputError(f"The format {self.name} is written, and not read.")
        read: Reader = self._loaded(self.reader).read
        return read(path, self.variant)

    @property
    def library(self) -> str:
        """The name under which the library that the form needs is installed, empty for none."""
        return _LIBRARIES.get(self.extra or "", "")

    def _loaded(self, module: str) -> ModuleType:
        try:
            return import_module(f"annotator.formats.{module}")
        except ModuleNotFoundError as error:
            if self.extra is None or (error.name or "").startswith("annotator"):
                raise
            raise InputError(
                f"The format {self.name} needs “{self.library}”, which is not installed.",
                f"In the clone of Annotator, install it with its extra “{self.extra}”:"
                f" “pip install '.[{self.extra}]'”, “uv tool install '.[{self.extra}]'” or"
                f" “pipx install --force '.[{self.extra}]'”.",
            ) from error
