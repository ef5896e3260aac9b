"""A draft of our codebook from one of REFI-QDA, `.qdc`, for a person to complete.

There a code stands below another, as deep as its makers went, and any of them may be given. Here, a
code at the top with others below it becomes a layer; those at the top without any are one layer
together. Below, a code with others under it becomes a family, and whatever stands further down a
label of that, named by all that leads to it. A code that may be given is a label in any case.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from annotator.errors import InputError
from annotator.files import MAX_BYTES, opened, printable
from annotator.formats.xml_in import elements
from annotator.model.codebook import Codebook, Family, Label, Layer
from annotator.tomlfile import parse_toml

RULES: Final = {"include": "Include: ", "exclude": "Exclude: ", "examples": "Example: "}
"""How each line of a code's description begins that is a rule of ours, by the field of a label."""

_LOOSE: Final = "Codes"
_MOST: Final = 60
"""The most labels of a panel: each needs a key of its own."""

_LONGEST: Final = 28
"""The most letters of an id of which two, and a number, make a longer one."""

_Group = tuple[str, list[tuple[str, Element]]]
"""A family, or none, and the codes that are its labels, each with its name."""

_HEAD: Final = """\
# A draft: nobody has looked through it yet.
#
# Say what each label takes in and leaves out, and drop what you do not need. Ids are what marks
# keep: change them now. “annotator codebook check FILE” tells whether it is sound, and `codebook`
# in annotator.toml names the file that a project works with.

"""


@dataclass(frozen=True)
class Draft:
    """A codebook that is drafted, and how much of what the file says is not in it, by its kind."""

    book: Codebook
    unread: Counter[str]

    def as_toml(self) -> bytes:
        """Return the file of the codebook."""
        import tomlkit

        said = tomlkit.dumps(self.book.model_dump(mode="json", exclude_defaults=True))
        made = (_HEAD + said).encode()
        parse_toml(made, Codebook, name="the draft")
        return made


def drafted(path: Path, keys: str) -> Draft:
    """Return a draft from a file; `keys` are those that panels may have, in their order.

    Raises InputError where it is none or has more layers than there are keys, StorageError where it
    is refused.
    """
    shown = printable(str(path))
    tops: list[Element] = []
    unread: Counter[str] = Counter()
    with opened(path) as file:
        for part in elements(file, ("Code", "Set", "Sources"), shown, limit=MAX_BYTES):
            if part.tag == "Sources":
                raise InputError(f"{shown} is a project.", "Export its codebook alone, as “.qdc”.")
            unread["set"] += part.tag == "Set"
            tops += [part] if part.tag == "Code" else []
    layers = _layers(tops, _Keys(keys, shown))
    if not layers:
        raise InputError(f"{shown} is no codebook of REFI-QDA: it has no code that can be given.")
    for code in (one for top in tops for one in top.iter("Code")):
        unread["colour"] += "color" in code.attrib
        unread["note link"] += len(code.findall("NoteRef"))
        unread["grouping code"] += not (_is_given(code) or code.findall("Code"))
    title = " ".join(printable(path.stem).split())
    book = Codebook(name=_id(title), version="0.1.0", title=title, layers=tuple(layers))
    return Draft(book, +unread)


class _Keys:
    """The keys that are left for panels."""

    def __init__(self, keys: str, shown: str) -> None:
        self._left, self._shown = keys, shown

    def take(self, name: str) -> str:
        """Return a key for what is called so; raises InputError where none is left."""
        if not self._left:
            raise InputError(
                f"{self._shown} has more groups of codes than there are keys for panels.",
                "Put them together in the program that they are from.",
            )
        key = next((char for char in name.lower() if char in self._left), self._left[0])
        self._left = self._left.replace(key, "")
        return key


def _layers(tops: Iterable[Element], keys: _Keys) -> list[Layer]:
    groups: list[tuple[str, str, list[_Group]]] = []
    loose: list[tuple[str, Element]] = []
    for top in tops:
        if top.find("Code") is None:
            loose.append((_name(top), top))
        else:
            groups.append((_name(top), _said(top), [*_groups(top)]))
    groups.append((_LOOSE, "", [("", loose)]))
    made: list[Layer] = []
    for name, definition, found in groups:
        parts = [*_parts(name, found)]
        if parts:
            own = _free(_id(name), {one.id for one in made})
            made.append(_layer(own, name, definition, parts, keys))
    return made


def _groups(top: Element) -> Iterator[_Group]:
    """Yield what stands below a code: what has no family first."""
    inner = top.findall("Code")
    yield "", [(_name(one), one) for one in (top, *inner) if one is top or one.find("Code") is None]
    for one in inner:
        if one.find("Code") is not None:
            yield _name(one), [*_below(one)]


def _below(code: Element, above: tuple[str, ...] = ()) -> Iterator[tuple[str, Element]]:
    path = (*above, _name(code))
    yield " / ".join(path[1:] or path), code
    for inner in code.findall("Code"):
        yield from _below(inner, path)


def _parts(layer: str, groups: Iterable[_Group]) -> Iterator[_Group]:
    """Yield groups whose codes can all be given, and which are not too large for a panel."""
    for name, codes in groups:
        given = [(called, one) for called, one in codes if _is_given(one)]
        for place in range(0, len(given), _MOST):
            number = place // _MOST + 1
            yield name if number == 1 else f"{name or layer} {number}", given[place : place + _MOST]


def _layer(own: str, name: str, definition: str, parts: list[_Group], keys: _Keys) -> Layer:
    """Make a layer; where one panel cannot hold its labels, each family has a panel of its own."""
    is_large = sum(len(codes) for _, codes in parts) > _MOST
    key = keys.take(name)
    families: list[Family] = []
    labels: list[Label] = []
    for family, codes in parts:
        if family:
            place = _free(_id(family), {one.id for one in families})
            panel = keys.take(family) if is_large else None
            families.append(Family(id=place, name=family, key=panel))
        for called, code in codes:
            stem = f"{families[-1].id}.{_id(called)}" if family else _id(called)
            label = _free(stem, {one.id for one in labels})
            labels.append(_label(label, called, families[-1].id if family else None, code))
    return Layer(
        id=own,
        name=name,
        key=key,
        definition=definition,
        families=tuple(families),
        labels=tuple(labels),
    )


def _label(own: str, name: str, family: str | None, code: Element) -> Label:
    rules: dict[str, list[str]] = {rule: [] for rule in RULES}
    rest = []
    for line in _said(code).split("\n"):
        rule = next((rule for rule, begins in RULES.items() if line.startswith(begins)), None)
        if rule:
            rules[rule].append(line.removeprefix(RULES[rule]))
        else:
            rest.append(line)
    return Label(
        id=own,
        name=name,
        family=family,
        definition="\n".join(rest).strip(),
        include=tuple(rules["include"]),
        exclude=tuple(rules["exclude"]),
        examples=tuple(rules["examples"]),
    )


def _is_given(code: Element) -> bool:
    return code.get("isCodable") != "false"


def _name(code: Element) -> str:
    return " ".join(code.get("name", "").split()) or "unnamed"


def _said(code: Element) -> str:
    return (code.findtext("Description") or "").strip()


def _id(name: str) -> str:
    """Return a name as an id: small letters and digits of ASCII, the rest of it underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST].rstrip("_") or "code"


def _free(stem: str, taken: set[str]) -> str:
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (stem, *numbered) if one not in taken)
