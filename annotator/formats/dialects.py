"""The table of forms that a dataset is written in and read from: everything about one is a row.

A dialect's module is loaded when it is asked for, and so is the library that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, Literal

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.output import About, Output, Writer
from annotator.formats.told import Reader, Told

Unit = Literal["code point", "UTF-16 code unit", "token", "none"]
"""What the offsets of a dialect count."""


@dataclass(frozen=True)
class Dialect:
    """One form of a dataset.

    `module` is a module of `annotator.formats` with a function `writer(output, about)`, whose
    `about.variant` is the dialect's, and `reader` one with `read(path, variant)`, empty where it is
    only written. `unit` is what its offsets count. `extra` names the optional
    dependencies that it needs. `cannot` holds what it cannot hold, each by the words of the loss
    report: a writer that reports any other loss has a defect. `reading` is what a dataset's card
    says of how to read it.
    """

    name: str
    title: str
    module: str
    reader: str
    unit: Unit
    suffixes: tuple[str, ...]
    variant: str = ""
    extra: str | None = None
    cannot: tuple[str, ...] = ()
    reading: str = ""

    def writer(self, output: Output, about: About) -> Writer:
        """Return what writes a dataset in this form; raises InputError where a library misses."""
        made: Callable[[Output, About], Writer] = self._loaded(self.module).writer
        return made(output, about)

    def read(self, path: Path) -> Iterator[Told | InputError]:
        """Yield what a file or folder in this form tells, and what is wrong with parts of it.

        Raises InputError where it is none as a whole, or where a library misses.
        """
        if not self.reader:
            raise InputError(f"The format {self.name} is written, and not read.")
        read: Reader = self._loaded(self.reader).read
        return read(path, self.variant)

    def _loaded(self, module: str) -> ModuleType:
        try:
            return import_module(f"annotator.formats.{module}")
        except ModuleNotFoundError as error:
            if self.extra is None or (error.name or "").startswith("annotator"):
                raise
            raise InputError(
                f"The format {self.name} needs the library “{error.name}”, which is not installed.",
                f"Install it with “pip install 'annotator[{self.extra}]'”.",
            ) from error


_REFERENCE = ("reference to a mark that is not in it",)

_LABELS = (
    "A label is written `layer:label`, a near miss `layer:near_miss:label`, the words of a slot"
    " `layer:slot`, and the words that speak for a topic `topics:label`."
)
_DOCCANO = (
    "Each coder has a file, as two lines of one text would be two texts. `annotator` is the row of"
    f" the reference as a string. {_LABELS}"
)

DIALECTS: Final = (
    Dialect(
        name="jsonl",
        title="Annotator JSON Lines, the reference",
        module="jsonl_out",
        reader="jsonl_in",
        unit="code point",
        suffixes=(".jsonl",),
        cannot=_REFERENCE,
    ),
    Dialect(
        name="prodigy",
        title="Prodigy tasks",
        module="prodigy_out",
        reader="prodigy_in",
        unit="code point",
        suffixes=(".jsonl",),
        cannot=_REFERENCE,
        reading=(
            "A line of `prodigy.jsonl` is a task for an interface of `blocks`: `choice`, of which"
            " several may be chosen, `spans_manual` or `relations`. `rejected.jsonl` holds each"
            " label that a coder considered and refused as a task for `classification`: import it"
            " as a second dataset, and train on both. `annotator` is the row of the reference."
            f" {_LABELS}"
        ),
    ),
    Dialect(
        name="doccano",
        title="doccano, text classification",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="classification",
        cannot=_REFERENCE,
        reading=f"For a project of text classification. {_DOCCANO}",
    ),
    Dialect(
        name="doccano-spans",
        title="doccano, sequence labelling with relations and overlaps",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="spans",
        cannot=_REFERENCE,
        reading=(
            "For a project of sequence labelling in which spans may overlap and have relations."
            f" {_DOCCANO}"
        ),
    ),
    Dialect(
        name="doccano-combined",
        title="doccano, intent detection and slot filling, without overlaps",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="combined",
        cannot=_REFERENCE,
        reading=(
            "For a project of intent detection and slot filling. Such a project takes no spans that"
            " overlap: of those that do, `entities` has the first, and `annotator` has all."
            f" {_DOCCANO}"
        ),
    ),
    Dialect(
        name="labelstudio",
        title="Label Studio tasks, with their labelling configuration",
        module="labelstudio_out",
        reader="labelstudio_in",
        unit="UTF-16 code unit",
        suffixes=(".json",),
        cannot=_REFERENCE,
        reading=(
            "Make a project with `config.xml` before you import `tasks.json`. A task is a sentence,"
            " an annotation what one coder says of it; whose it is, `meta.annotator` says, with the"
            " rows of the reference in the order of the annotations. Choices of"
            " `layer--rejected` are labels that the coder considered and refused, those of"
            " `commitments-near_miss` say why what looks like a commitment is none."
        ),
    ),
)
"""Every form, the first one the default."""

_BY_NAME: Final = {dialect.name: dialect for dialect in DIALECTS}


def dialect(name: str) -> Dialect:
    """Return the form of that name; raises InputError, which names all, where there is none."""
    found = _BY_NAME.get(name)
    if found is None:
        raise InputError(
            f"There is no export format “{printable(name)}”.",
            f"Choose {' or '.join(_BY_NAME)}.",
        )
    return found
