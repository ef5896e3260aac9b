"""The keys that a project's settings give to labels of the codebook, and where keys are given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path

from annotator.config import SETTINGS_FILE
from annotator.errors import InputError
from annotator.files import printable, read_bytes
from annotator.model.codebook import Codebook, Label, Layer, Panel
from annotator.model.consistency import RESERVED
from annotator.tomlfile import key_lines, parse_toml

_KEY = re.compile(r"[!-~]")


def _in_general(name: str) -> str:
    return SETTINGS_FILE


def with_keys(
    book: Codebook, wishes: Mapping[str, str], where: Callable[[str], str] = _in_general
) -> Codebook:
    """Return a codebook whose labels have the keys that are wished, by `layer.label`.

    `where` says in which file and line a wish stands. Raises InputError, which names these, where a
    wish names no label or wants what is no key, and where two labels of a panel would have one key.
    """
    if not wishes:
        return book
    names = {f"{layer.id}.{one.id}": (layer, one) for layer in book.layers for one in layer.in_use}
    keys: dict[tuple[str, str], str] = {}
    for name, key in wishes.items():
        if name not in names:
            near = get_close_matches(name, names, 1, 0.4)
            remedy = f"Did you mean “{near[0]}”?" if near else "Write it as layer.label."
            raise _refusal(where(name), f"“{printable(name)}” is no label of the codebook.", remedy)
        if not _KEY.fullmatch(key) or key in RESERVED:
            raise _refusal(
                where(name),
                f"{name} cannot have the key “{printable(key)}”.",
                "Name a letter, a digit or a sign of ASCII, but for “/” and “?”, which every panel"
                " needs itself.",
            )
        layer, label = names[name]
        keys[layer.id, label.id] = key
    layers = tuple(_keyed(layer, keys) for layer in book.layers)
    made = book.replaced(layers=layers)
    _require_one_meaning(made, keys, where)
    return made


def _keyed(layer: Layer, keys: Mapping[tuple[str, str], str]) -> Layer:
    labels: tuple[Label, ...] = tuple(
        label.replaced(key=keys[layer.id, label.id]) if (layer.id, label.id) in keys else label
        for label in layer.labels
    )
    return layer if labels == layer.labels else layer.replaced(labels=labels)


def _require_one_meaning(
    book: Codebook, keys: Mapping[tuple[str, str], str], where: Callable[[str], str]
) -> None:
    for panel in book.panels:
        owners: dict[str, str] = {}
        # What the codebook says comes first, so that the wish is what is refused.
        ordered = sorted(panel.labels, key=lambda label: (panel.layer, label.id) in keys)
        for label in ordered:
            if label.key is None:
                continue
            if label.key in owners:
                raise _refusal(
                    where(f"{panel.layer}.{label.id}"),
                    f"{panel.layer}.{label.id} cannot have the key “{label.key}”, which"
                    f" {panel.layer}.{owners[label.key]} has.",
                    "Give one of them another key there.",
                )
            owners[label.key] = label.id


def _refusal(place: str, problem: str, remedy: str) -> InputError:
    return InputError(f"{place}, labels: {problem}", remedy)


def place_of_panel(path: Path, panel: Panel) -> str:
    """Return the file and line that give a panel its key.

    Raises InputError where the file is no codebook.
    """
    raw = read_bytes(path)
    book = parse_toml(raw, Codebook, name=str(path))
    at = next(n for n, layer in enumerate(book.layers) if layer.id == panel.layer)
    families = [family.id for family in book.layers[at].families]
    inside = ("families", families.index(panel.family)) if panel.family else ()
    line = key_lines(raw.decode("utf-8-sig")).line(("layers", at, *inside, "key"))
    return f"{printable(str(path))}, line {line}"
