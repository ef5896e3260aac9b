"""The cast as a panel shows it: each under a key, and those without one found by their name."""

from __future__ import annotations

from collections.abc import Callable

from annotator.model.entity import Entity
from annotator.session.propose import find_mentions
from annotator.tui.modes.base import Ask, Mode, Step
from annotator.tui.modes.desk import Desk, keyed_cast

FIND = "/"
"""The key that asks for a part of a name."""


class People:
    """The cast of a desk, narrowed to those whose names hold what is typed, if anything is."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.typed = ""

    def shown(self) -> list[tuple[str, Entity]]:
        """Return who is shown, with their keys: all who have one, or, narrowed, all who fit.

        Among those who fit, whom the sentence names comes first; some have no key.
        """
        cast = self.desk.session.cast
        keyed = keyed_cast(cast)
        if not self.typed.strip():
            return keyed
        wanted = " ".join(self.typed.casefold().split())
        keys = {entity.id: key for key, entity in keyed}
        fitting = [entity for entity in cast.entities if wanted in _searched(entity)]
        mentions = find_mentions(cast, self.desk.text, *self.desk.bounds)
        named = {mention.entity for mention in mentions}
        fitting.sort(key=lambda entity: entity.id not in named)
        return [(keys.get(entity.id, ""), entity) for entity in fitting]

    def find(self, mode: Mode, take: Callable[[Entity], Step]) -> Step:
        """Ask for a part of a name; whoever fits first is taken, and shown as it is typed."""

        def narrow(typed: str) -> None:
            self.typed = typed

        def taken(typed: str) -> Step:
            narrow(typed)
            found = self.shown() if typed.strip() else []
            narrow("")
            if found:
                return take(found[0][1])
            nobody = f"Nobody of the cast is called “{typed}”; + adds somebody."
            return Step(mode, nobody if typed.strip() else "")

        return Step(mode, ask=Ask("Who: a part of a name", "", taken, narrow))

    def title(self, title: str) -> str:
        """Return a panel's title with what is typed, else with how many have no key."""
        cast = self.desk.session.cast
        count = len(cast.entities) - len(keyed_cast(cast))
        if self.typed:
            return f"{title} {FIND}{self.typed}"
        return f"{title} · {count} more · {FIND} finds them" if count else title


def _searched(entity: Entity) -> str:
    return "\n".join((entity.name, *entity.aliases, entity.role or "")).casefold()
