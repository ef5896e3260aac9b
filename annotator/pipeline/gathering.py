"""Which labels of a text become one mark: each for itself, or those of a statement together.

A file whose words no relation ties does not say which of them are of one statement. Where a label
has words for several of its slots in a sentence, and for none of them twice, they can be of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from annotator.formats.told import Tag, Told
from annotator.pipeline.homes import Home, HomesOf

Group = tuple[tuple[Tag, Home], ...]
"""The labels that become one mark, each with its home, all in one sentence."""


@dataclass(frozen=True)
class Gathered:
    """The labels of a text that have a home, in groups; `loose` are those that nothing ties.

    These are in groups of their own, in one sentence each with others of the same label; its key is
    with them.
    """

    groups: tuple[Group, ...]
    loose: tuple[int, ...]

    @cached_property
    def of(self) -> dict[Tag, Group]:
        """The group of each label that has a home."""
        return {tag: group for group in self.groups for tag, _ in group}


def gathered(told: Told, homes: HomesOf, keys_of: Callable[[Tag], list[int]]) -> Gathered:
    """Put the labels of a text into groups; `keys_of` returns the sentences that one stands in.

    Those are tied that are rejected, stand in several sentences or have a relation with a home.
    """
    homed = [(tag, home) for tag in told.tags if (home := homes.of(tag)) is not None]
    tied = {
        end for one in told.relations if homes.of_relation(one) for end in (one.head, one.child)
    }
    by_label: dict[tuple[int, str, str], list[tuple[Tag, Home]]] = {}
    for tag, home in dict.fromkeys(homed):
        keys = keys_of(tag)
        if len(keys) == 1 and not tag.rejected and tag not in tied:
            by_label.setdefault((keys[0], home.layer, home.to), []).append((tag, home))
    joined: dict[tuple[Tag, Home], Group] = {}
    loose: list[int] = []
    for (key, _, _), group in by_label.items():
        slots = [home.slot for _, home in group]
        if len(set(slots)) < 2:
            continue
        if homes.homes.join and len(set(slots)) == len(slots):
            together = tuple(sorted(group, key=lambda one: one[1].slot))
            joined |= dict.fromkeys(group, together)
        else:
            loose += [key] * len(group)
    return Gathered(tuple(_groups(homed, joined)), tuple(loose))


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
