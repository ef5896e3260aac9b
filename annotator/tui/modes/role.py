"""What a sentence is in its document."""

from __future__ import annotations

from typing import Final

from annotator.model.text import Role
from annotator.session import acts
from annotator.tui.modes.base import Group, Item, Step, View
from annotator.tui.modes.desk import Desk

_ROLES: Final[dict[str, tuple[Role, str]]] = {
    "b": ("body", "running text"),
    "h": ("heading", "headline or heading"),
    "l": ("list_item", "item of a list"),
    "d": ("dateline", "place and date before the text"),
    "q": ("quotation", "a quotation set apart"),
    "x": ("boilerplate", "press-office formula, no content"),
}


class RoleMode:
    """Choose the role of the sentence by one key."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def press(self, key: str) -> Step:
        """Set the role under the key, or leave."""
        if key in ("escape", "enter"):
            return Step(None)
        if key not in _ROLES:
            return Step(self, f"No role has the key {key}.", unused=True)
        role, _ = _ROLES[key]
        self.desk.do(acts.set_role(self.desk.pen, self.desk.session.coding, self.desk.key, role))
        return Step(None, f"role: {role.replace('_', ' ')}")

    def view(self) -> View:
        """Show the roles."""
        now = self.desk.sentence.role
        items = tuple(
            Item(key, role.replace("_", " "), what, state="on" if role == now else "off")
            for key, (role, what) in _ROLES.items()
        )
        return View(title="Role", hint="key chooses · esc back", groups=(Group("", items),))
