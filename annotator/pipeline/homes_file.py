"""The file that says where foreign labels go: written for a person to complete, and read again."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from annotator.errors import InputError
from annotator.files import printable, read_bytes
from annotator.model.codebook import Codebook, Layer
from annotator.pipeline.homes import (
    FILLED,
    HELD,
    Home,
    Homes,
    HomesOf,
    RelationHome,
    slots_of_owner,
)
from annotator.tomlfile import parse_toml, read_toml

_HEAD = """\
# Where the labels of {source} go.
#
# Each has a `layer` and a `to`, a label of it; leave both empty and it is left out. Where the file
# marks words, `slot` names the slot of that label that takes them; without one, the label is given
# to the sentence that the words stand in.
#
# A relation puts the words at its one end into a `slot` of the mark that stands for its other end:
# `of` says which end has that mark, "head" or "child". Without a slot it is left out.
#
# Words that no relation ties are a mark each. With `join = true`, the words of one label in one
# sentence of a text are one mark together, if they are for several of its slots and no slot twice.
#
# A mark is of one sentence, and a label of words in several sentences is left out. With
# `each = true`, every sentence that the words touch gets it, with those of them that are in it. Say
# so only where what is said of such a passage is true of each of its sentences.
#
# The layers, and their slots for words (* those that take whom the words name, out of the cast):
{layers}
#
# “annotator codebook labels” lists the labels.
"""
_SIMILAR = 3
_NEARNESS = 0.4


def as_toml(homes: Homes, source: str, book: Codebook) -> bytes:
    """Return the file that a user completes; `source` is what the labels are of."""
    layers = "\n".join(f"#   {_shown(layer)}" for layer in book.layers)
    head = _HEAD.format(source=printable(source), layers=layers)
    return f"{head}\njoin = false\neach = false\n\n{_tables(homes)}".encode()


def appended(path: Path, fresh: Homes) -> bytes:
    """Return a file of homes with more of them at its end, and every word of it as it was.

    Raises InputError where nothing can follow what stands there.
    """
    before = read_bytes(path)
    gap = b"" if before.endswith(b"\n") else b"\n"
    after = before + gap + f"\n{_tables(fresh)}".encode()
    try:
        parse_toml(after, Homes, name=str(path))
    except InputError as error:
        raise InputError(
            f"{printable(str(path))}: labels that are new cannot be written behind what is there.",
            "Begin each home with a line [[home]], and each relation with [[relation]].",
        ) from error
    return after


def _tables(homes: Homes) -> str:
    import tomlkit  # Reading does without it.

    # An empty list of tables would be written into the table before it.
    return tomlkit.dumps({name: told for name, told in homes.model_dump().items() if told})


def _shown(layer: Layer) -> str:
    able = (f"{one.id}{'*' * (one.type == 'entity')}" for one in layer.slots if one.type in HELD)
    named = printable(f"{layer.id} ({layer.name})")
    return f"{named}: {', '.join(able) or 'none'}"


def read_homes(path: Path, book: Codebook) -> HomesOf:
    """Read a file of homes; raises InputError that names what the codebook does not have."""
    homes = read_toml(path, Homes)
    for home in homes.home:
        if home.layer:
            _require(home, book, path)
    for one in homes.relation:
        if one.slot:
            _require_slot(one, homes, book, path)
    return HomesOf(homes, book)


def _require_slot(one: RelationHome, homes: Homes, book: Codebook, path: Path) -> None:
    place = f"{printable(str(path))}, the relation “{printable(one.label)}”"
    slots = slots_of_owner(one, homes.home, book)
    able = list(dict.fromkeys(slot.id for slot in slots if slot.type in FILLED))
    if not slots:
        raise InputError(
            f"{place}: “{printable(one.owner)}” has no home whose slot it could fill.",
            "Give that label a home, or leave the slot empty.",
        )
    if one.slot not in able:
        raise InputError(
            f"{place}: marks of “{printable(one.owner)}” have no slot “{printable(one.slot)}” for"
            " words.",
            f"Those that they have: {', '.join(able)}." if able else "Leave the slot empty.",
        )


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
    if not home.to:
        raise InputError(
            f"{place}: it has the layer “{layer.id}” and no label of it in “to”.",
            f"Leave both empty and it is left out. {_meant(home, layer)}",
        )
    if label is None:
        raise InputError(
            f"{place}: the layer “{layer.id}” has no label “{printable(home.to)}”.",
            _meant(home, layer),
        )
    spans = [slot.id for slot in layer.slots_of(label.id) if slot.type in HELD]
    if home.slot and home.slot not in spans:
        raise InputError(
            f"{place}: the label “{label.id}” has no slot “{printable(home.slot)}” for words.",
            f"Those that it has: {', '.join(spans)}." if spans else "Leave the slot empty.",
        )


def _meant(home: Home, layer: Layer) -> str:
    """Say which labels may have been meant, and where all are."""
    names = {
        said.casefold(): one.id
        for one in layer.in_use
        for said in (one.name, one.short, one.id)
        if said
    }
    wanted = (home.to or home.label).casefold()
    near = [names[one] for one in get_close_matches(wanted, names, _SIMILAR, _NEARNESS)]
    listed = " or ".join(f"“{one}”" for one in dict.fromkeys(near))
    where = f"“annotator codebook labels {layer.id}” lists its labels."
    return f"Did you mean {listed}? {where}" if near else where
