"""To whom something is said: who stands behind the cue, else the other one of two.

Offsets are code points of the readout's text, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from annotator.model.entity import Cast
from annotator.model.mark import EntityValue, SlotValue
from annotator.model.text import Span
from annotator.session.propose import CueFound, Mention

TO_SOMEBODY: Final = frozenset({"courtesy", "request", "inform", "instruct", "invite"})
"""Classes of cue behind which somebody is spoken to, whatever follows the name."""

_WHAT_IS_SAID = re.compile(r"\s+(?:to|that|on|about|for|of)\b")


_PRONOUN = re.compile(r"\s+(him\b|her(?=\s+(?:for|on|that|to|all|well|of|about)\b))", re.IGNORECASE)


def told(text: str, cue: CueFound, mentions: list[Mention], own: list[Mention]) -> Mention | None:
    """Return who stands right behind a cue and is spoken to: “asked X to”, “thanked X for”."""
    behind = (m for m in mentions if m.start > cue.end and not text[cue.end : m.start].strip())
    found = next((m for m in behind if m not in own), None)
    if found is None or text[found.end : found.end + 2] in ("’s", "'s"):
        return None
    spoken_to = cue.choice in TO_SOMEBODY or _WHAT_IS_SAID.match(text, found.end)
    return found if spoken_to else None


def addressee(
    text: str, cue: CueFound, told: Mention | None, other: str | None
) -> tuple[SlotValue, ...]:
    """Propose whom somebody speaks to: who is told so in words, else the other one of two.

    A “him” or “her” behind the cue is the other one by name; without it only context tells.
    """
    if told is not None:
        return (EntityValue(entity=told.entity, mention=Span.of(text, told.start, told.end)),)
    if other is None:
        return ()
    named = _PRONOUN.match(text, cue.end) if cue.choice in TO_SOMEBODY else None
    mention = Span.of(text, *named.span(1)) if named else None
    return (EntityValue(entity=other, mention=mention, inferred=mention is None),)


def other_of_two(
    participants: Sequence[str], sources: Sequence[EntityValue], cast: Cast
) -> str | None:
    """Return who hears what one of an event's two participants says by themselves, or None."""
    if len(sources) != 1 or len(set(participants)) != 2:
        return None
    others = [one for one in participants if one != sources[0].entity]
    return others[0] if len(others) == 1 and cast.get(others[0]) is not None else None
