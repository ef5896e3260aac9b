"""The words that modes and the screen share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from annotator.session.words import Range

ItemState = Literal["off", "on", "rejected", "suggested"]


@dataclass(frozen=True)
class Item:
    """Something a key chooses: a label, a person, a choice.

    `detail` says more where there is room.
    """

    key: str
    text: str
    detail: str = ""
    glyph: str = ""
    colour: str = "grey"
    state: ItemState = "off"
    lit: bool = False


@dataclass(frozen=True)
class Group:
    """Items under a heading; an empty heading shows none."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Field:
    """One line of a form: a slot, what it holds, and the key that goes to it.

    `parts` are the values that `value` says one after the other.
    """

    key: str
    name: str
    value: str
    state: Literal["unseen", "filled", "none", "missing", "proposed"]
    focused: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """Everything a panel shows, and what it lights in the text.

    `lead` is read before anything is chosen, such as a question; `hops` are places of the text
    under keys, the likely ones among them also in `likely`; `caret` is a place before a code point;
    `layer` is the layer whose rules explain the panel, `label` the label of it that is looked at,
    `mark` the mark it is about; `entries` are all that `about` may come to be while the panel is
    open, so that its layout is settled once; a panel that `turns` has no use of its own for the
    page keys, and in one that is `typed` a letter begins a line.
    """

    title: str
    hint: str
    lead: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    fields: tuple[Field, ...] = ()
    about: tuple[str, ...] = ()
    entries: tuple[tuple[str, ...], ...] = ()
    selection: Range | None = None
    hops: tuple[tuple[int, str], ...] = ()
    likely: frozenset[int] = frozenset()
    caret: int | None = None
    layer: str = ""
    label: str = ""
    mark: str | None = None
    turns: bool = True
    typed: bool = False


def keyless(view: View) -> View:
    """Return a view as it is while a line narrows it: what its keys would choose is typed."""
    groups = (
        Group(group.heading, tuple(replace(item, key="") for item in group.items))
        for group in view.groups
    )
    return replace(view, groups=tuple(groups), hint="")


@dataclass(frozen=True)
class Ask:
    """A question that is answered by typing a line; `live` is told the line as it grows.

    The line begins with `value`; where that is only `proposed`, what is typed takes its place, and
    it takes so many signs at `most`, where that is not 0. What `joins` somebody to the cast is
    answered once it is known who else is in the project.
    """

    title: str
    value: str
    done: Callable[[str], Step]
    live: Callable[[str], None] | None = None
    proposed: bool = False
    joins: bool = False
    most: int = 0


@dataclass(frozen=True)
class Step:
    """What a key led to: the mode that is open now, or None where the panel is closed.

    `confirm` says that the sentence is decided by the same key, `onward` that the key is pressed
    once more, now that the panel is closed, `unused` that the panel has no use for the key, `back`
    that the last act is to be taken back.
    """

    mode: Mode | None
    message: str = ""
    confirm: bool = False
    ask: Ask | None = None
    onward: bool = False
    unused: bool = False
    back: bool = False


class Mode(Protocol):
    """A panel that takes keys.

    A key is a printable character as itself, any other by its name, such as "enter" or "left".
    """

    def press(self, key: str) -> Step:
        """Take one key."""

    def view(self) -> View:
        """Show what there is now."""
