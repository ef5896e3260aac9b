"""Which labels of a text become one mark: each for itself, or those of a statement together.

Words that a relation puts into a slot of another's mark are a part of that, and no mark.
A file whose words no relation ties does not say which of them are of one statement. Where a label
has words for several of its slots in a sentence, and for none of them twice, they can be of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from annotator.formats.told import Tag, Told
from annotator.pipeline.homes import HELD, Home, HomesOf
from annotator.pipeline.relating import ends

Group = tuple[tuple[Tag, Home], ...]
"""The labels that become one mark, each with its home, all in one sentence."""


class Loose(NamedTuple):
    """A label that nothing ties to others of its kind in the sentence of that key.

    `joins` says that they could be of one statement: each is for another slot.
    """

    key: int
    joins: bool


@dataclass(frozen=True)
class Gathered:
    """The labels of a text that have a home, in groups; `loose` are those that nothing ties.

    These are in groups of their own, in one sentence each with others of the same label. `parts`
    are labels that a relation makes a part of another's mark, with that one.
    """

    groups: tuple[Group, ...]
    loose: tuple[Loose, ...]
    parts: Mapping[Tag, Tag]

    @cached_property
    def of(self) -> dict[Tag, Group]:
        """The group of each label that has a home; of a part, that of the mark it is a part of."""
        own = {tag: group for group in self.groups for tag, _ in group}
        return own | {part: own[owner] for part, owner in self.parts.items()}


def gathered(
    told: Told, homes: HomesOf, keys_of: Callable[[Tag], list[int]], *, related: bool = True
) -> Gathered:
    """Put the labels of a text into groups; `keys_of` returns the sentences that one stands in.

    Those are tied that are rejected, stand in several sentences or have a relation with a home.
    Where relations are not taken, and nothing is `related`, none is a part of another.
    """
    parts = _parts(told, homes, keys_of) if related else {}
    labels = (tag for tag in told.tags if tag not in parts)
    homed = [(tag, home) for tag in labels if (home := homes.of(tag)) is not None]
    tied = {
        end for one in told.relations if homes.of_relation(one) for end in (one.head, one.child)
    }
    by_label: dict[tuple[int, str, str], list[tuple[Tag, Home]]] = {}
    for tag, home in dict.fromkeys(homed):
        keys = keys_of(tag)
        if len(keys) == 1 and not tag.rejected and tag not in tied:
            by_label.setdefault((keys[0], home.layer, home.to), []).append((tag, home))
    joined: dict[tuple[Tag, Home], Group] = {}
    loose: list[Loose] = []
    for (key, _, _), group in by_label.items():
        slots = [home.slot for _, home in group]
        if len(set(slots)) < 2:
            continue
        is_joinable = len(set(slots)) == len(slots)
        if homes.homes.join and is_joinable:
            together = tuple(sorted(group, key=lambda one: one[1].slot))
            joined |= dict.fromkeys(group, together)
        else:
            loose += [Loose(key, is_joinable)] * len(group)
    return Gathered(tuple(_groups(homed, joined)), tuple(loose), parts)


def _parts(told: Told, homes: HomesOf, keys_of: Callable[[Tag], list[int]]) -> dict[Tag, Tag]:
    """Return the labels whose words only fill a slot of a mark, each with the label of that.

    They would fill a slot of the same layer, in the same sentence, and have none to be filled.
    """
    tags = set(told.tags)
    found: dict[Tag, Tag] = {}
    owners: set[Tag] = set()
    for one in told.relations:
        relation = homes.of_relation(one)
        owner, other = ends(one, relation) if relation else (one.head, one.child)
        own, home = homes.of(owner), homes.of(other)
        if relation is None or own is None or owner not in tags:
            continue
        slot = homes.slot(own.layer, own.to, relation.slot)
        if slot is None or slot.type not in HELD:
            continue
        owners.add(owner)
        is_alike = home is not None and home.slot != "" and home.layer == own.layer
        keys = keys_of(owner)
        is_beside = len(keys) == 1 and keys_of(other) == keys
        if is_alike and is_beside and owner.rejected == other.rejected:
            found.setdefault(other, owner)
    return {part: owner for part, owner in found.items() if part not in owners}


def _groups(
    homed: Iterable[tuple[Tag, Home]], joined: dict[tuple[Tag, Home], Group]
) -> Iterator[Group]:
    """Yield each group where its first label stands."""
    done: set[Group] = set()
    for one in homed:
        group = joined.get(one, (one,))
        if group not in done or len(group) == 1:
            done.add(group)
            yield group
