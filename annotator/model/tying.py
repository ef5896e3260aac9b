"""What ties the readouts of a group to one another, so that a person can follow why each is in it.

Of all that ties a group, as much is told as holds it together: a tree, whose root is its first
readout. The tie of each other one leads to a readout nearer to that.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

By = Literal["event", "relation", "text", "sentences"]
BYS: Final[tuple[By, ...]] = ("event", "relation", "text", "sentences")

READOUT: Final = "readout "
"""What the node of a readout begins with; any other is one of an event or a text."""


@dataclass(frozen=True)
class Link:
    """Two nodes that became one group, and by what; for shared sentences, how many they are.

    `of` is how many the shorter one has that count, and `near` how many of the shared ones are
    near-twins themselves, and not only through others.
    """

    one: str
    other: str
    by: By
    shared: int = 0
    of: int = 0
    near: int = 0


@dataclass(frozen=True)
class Tie:
    """Why a readout is in its group: what ties it to another one, `to`, by what and how much."""

    to: str
    by: By
    shared: int = 0
    of: int = 0
    near: int = 0


def ties(readouts: Sequence[str], links: Iterable[Link]) -> dict[str, Tie]:
    """Return the tie of each readout but the first of each group, in the order that is given.

    Those that only links name have one too. No two links may say of two nodes that they are one
    group which others say already.
    """
    beside: defaultdict[str, list[tuple[str, Link]]] = defaultdict(list)
    for link in links:
        beside[link.one].append((link.other, link))
        beside[link.other].append((link.one, link))
    found: dict[str, Tie] = {}
    seen: set[str] = set()
    for readout in readouts:
        root = READOUT + readout
        if root in seen:
            continue
        seen.add(root)
        waiting = deque([(root, readout)])
        while waiting:
            node, near = waiting.popleft()
            for other, link in beside.get(node, ()):
                if other in seen:
                    continue
                seen.add(other)
                is_readout = other.startswith(READOUT)
                name = other.removeprefix(READOUT) if is_readout else near
                if is_readout:
                    found[name] = Tie(near, link.by, link.shared, link.of, link.near)
                waiting.append((other, name))
    return found
