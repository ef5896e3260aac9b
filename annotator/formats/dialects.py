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
from annotator.formats import cas_tags, spacy_tags
from annotator.formats.output import REFERENCE, About, Output, Writer
from annotator.formats.told import Reader, Told

Unit = Literal["code point", "UTF-16 code unit", "token", "none"]
"""What the offsets of a dialect count."""


@dataclass(frozen=True)
class Dialect:
    """One form of a dataset.

    `module` is a module of `annotator.formats` with a function `writer(output, about)`, whose
    `about.variant` is the dialect's, and `reader` one with `read(path, variant)`, empty where it is
    only written. `unit` is what its offsets count. `extra` names the optional dependencies that it
    needs. `cannot` holds what it cannot hold, each by the words of the loss report: a writer that
    reports any other loss has a defect. `reading` is what a dataset's card says of how to read it.
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


_CAS: Final = (
    "A readout of a coder is a file in `documents`. Each layer is a type `webanno.custom.<Layer>`,"
    " whose annotations lie on sentences, and each value of a slot one of"
    " `webanno.custom.<Layer>Slot`, on its words where it has any. The feature `annotator` of"
    " `webanno.custom.CodedSentence` and `webanno.custom.CodedReadout` is the row as JSON."
    " INCEpTION keeps what its project has layers for."
)

DIALECTS: Final = (
    Dialect(
        name="jsonl",
        title="Annotator JSON Lines, the reference",
        module="jsonl_out",
        reader="jsonl_in",
        unit="code point",
        suffixes=(".jsonl",),
        cannot=(REFERENCE,),
    ),
    Dialect(
        name="csv",
        title="CSV in long form, a row for each value of a slot",
        module="csv_out",
        reader="csv_in",
        unit="code point",
        suffixes=(".csv",),
        cannot=(REFERENCE,),
        reading=(
            "Files are CSV as in RFC 4180, in UTF-8. A cell that a spreadsheet could take for a"
            " formula, or that begins with an apostrophe, has an apostrophe before it: take one"
            " away from each cell that begins with one. Lists are JSON. An empty cell is null, or"
            " the empty text in the columns `note`, `before`, `after` and `mark_note`."
        ),
    ),
    Dialect(
        name="parquet",
        title="Parquet, the rows of the reference",
        module="parquet_out",
        reader="parquet_in",
        unit="code point",
        suffixes=(".parquet",),
        extra="parquet",
        cannot=(REFERENCE,),
    ),
    Dialect(
        name="hf",
        title="Hugging Face dataset, with JSON Lines",
        module="hf",
        reader="hf",
        unit="code point",
        suffixes=(".jsonl",),
        cannot=(REFERENCE,),
        reading=(
            "From JSON Lines the library `datasets` takes what looks like a day or a time for one,"
            " and writes it anew: `2026-01-02` becomes `2026-01-02 00:00:00`. The format hf-parquet"
            " is loaded as it is."
        ),
    ),
    Dialect(
        name="hf-parquet",
        title="Hugging Face dataset, with Parquet",
        module="hf_parquet",
        reader="hf_parquet",
        unit="code point",
        suffixes=(".parquet",),
        extra="parquet",
        cannot=(REFERENCE,),
    ),
    Dialect(
        name="spacy",
        title="spaCy DocBin, a document for each sentence",
        module="spacy_out",
        reader="spacy_in",
        unit="code point",
        suffixes=(".spacy",),
        extra="spacy",
        cannot=(REFERENCE, *spacy_tags.LOSSES),
        reading=(
            "A sentence of a coder is a `Doc`. `doc.cats` has every topic, as 1 or 0;"
            ' `doc.spans["sc"]` the words of the slots, each labelled `layer/slot`, the label'
            ' of the mark as `kb_id` and the mark as `id`; `doc.user_data["annotator"]` the row.'
            " `python -m spacy train` takes a folder as a path of its corpus."
        ),
    ),
    Dialect(
        name="cas-json",
        title="UIMA CAS in JSON, for INCEpTION",
        module="cas_out",
        reader="cas_in",
        unit="UTF-16 code unit",
        suffixes=(".json",),
        extra="cas",
        cannot=(REFERENCE,),
        reading=_CAS,
    ),
    Dialect(
        name="cas-xmi",
        title="UIMA CAS in XMI, for INCEpTION",
        module="cas_out",
        reader="cas_in",
        unit="UTF-16 code unit",
        suffixes=(".xmi",),
        variant="xmi",
        extra="cas",
        cannot=(REFERENCE, cas_tags.FORBIDDEN),
        reading=_CAS,
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
