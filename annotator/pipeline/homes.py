"""Which layer and label a foreign label becomes: proposed by name, decided in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats.told import Tag
from annotator.model.base import Value
from annotator.model.codebook import Codebook
from annotator.tomlfile import read_toml

_HEAD = """\
# Where the labels of {source} go.
#
# Each has a `layer` and a `to`, a label of it; leave both empty and it is left out. Where the file
# marks words, `slot` names the slot of that label that takes them; without one, the label is given
# to the sentence that the words stand in.
"""


class Home(Value):
    """One foreign label: where in the file it stands, how often, and what it becomes."""

    field: str
    label: str
    times: Annotated[int, Field(ge=0)] = 0
    layer: str = ""
    to: str = ""
    slot: str = ""


class Homes(Value):
    """The labels of a file from outside, each with its home."""

    home: tuple[Home, ...] = ()


@dataclass(frozen=True)
class HomesOf:
    """The homes by the labels that have one, checked against a codebook."""

    homes: Homes

    @cached_property
    def _known(self) -> dict[tuple[str, str], Home]:
        return {(home.field, home.label): home for home in self.homes.home}

    def of(self, tag: Tag) -> Home | None:
        """Return the home of a tag, None where it has none."""
        home = self._known.get((tag.field, tag.label))
        return home if home and home.layer else None


def proposed(tags: Iterable[Tag], book: Codebook) -> Homes:
    """Return a home for each label whose id, name or short form the codebook has in one layer."""
    counts = Counter((tag.field, tag.label) for tag in tags)
    found = []
    for (field, label), times in sorted(counts.items()):
        layer, to = _same(label, book)
        found.append(Home(field=field, label=label, times=times, layer=layer, to=to))
    return Homes(home=tuple(found))


def _same(label: str, book: Codebook) -> tuple[str, str]:
    wanted = label.casefold()
    hits = [
        (layer.id, one.id)
        for layer in book.layers
        for one in layer.in_use
        if wanted in (one.id.casefold(), one.name.casefold(), one.short.casefold())
    ]
    return hits[0] if len(hits) == 1 else ("", "")


def as_toml(homes: Homes, source: str) -> bytes:
    """Return the file that a user completes; `source` is what the labels are of."""
    import tomlkit  # Reading does without it.

    return f"{_HEAD.format(source=printable(source))}\n{tomlkit.dumps(homes.model_dump())}".encode()


def read_homes(path: Path, book: Codebook) -> HomesOf:
    """Read a file of homes; raises InputError that names what the codebook does not have."""
    homes = read_toml(path, Homes)
    for home in homes.home:
        if home.layer:
            _require(home, book, path)
    return HomesOf(homes)


def _require(home: Home, book: Codebook, path: Path) -> None:
    layer = book.layer(home.layer)
    place = f"{printable(str(path))}, the label “{printable(home.label)}”"
    if layer is None:
        known = ", ".join(one.id for one in book.layers)
        raise InputError(
            f"{place}: the codebook has no layer “{printable(home.layer)}”.",
            f"Its layers are {known}.",
        )
    label = layer.label(home.to)
    if label is None:
        raise InputError(
            f"{place}: the layer “{layer.id}” has no label “{printable(home.to)}”.",
            "“annotator codebook” lists its labels.",
        )
    spans = [slot.id for slot in layer.slots_of(label.id) if slot.type == "span"]
    if home.slot and home.slot not in spans:
        raise InputError(
            f"{place}: the label “{label.id}” has no slot “{printable(home.slot)}” for words.",
            f"Those that it has: {', '.join(spans)}." if spans else "Leave the slot empty.",
        )
