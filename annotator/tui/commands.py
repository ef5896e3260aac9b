"""The command palette: every command of the screen, and every label, by its name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from annotator.tui import keys
from annotator.tui.paint import show
from annotator.tui.screens.annotate import AnnotateScreen
from annotator.tui.screens.keyed import KeyedScreen

Deed = Callable[[], Awaitable[None]]


class Palette(CommandPalette):
    """Textual's palette, in whose list one can turn pages as soon as there is one to be seen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "turn('page_down')", show=False),
        Binding("pageup", "turn('page_up')", show=False),
    ]

    def action_turn(self, way: str) -> None:
        """Turn the list; one that was never laid out has no pages, and Textual would fail."""
        listed = self.query_one(CommandList)
        if listed.size.area:
            getattr(listed, f"action_{way}")()


class TableCommands(Provider):
    """Offers what the table holds for the screen that the palette was opened on."""

    def _entries(self) -> list[tuple[str, str, Deed]]:
        screen = self.screen
        if not isinstance(screen, KeyedScreen):
            return []
        entries: list[tuple[str, str, Deed]] = [
            (
                f"{command.title}  {keys.shown(command.keys[0])}",
                command.help,
                partial(screen.run_command, command.id),
            )
            for command in screen.keymap.of(screen.scope)
            if command.id != "palette"
        ]
        if isinstance(screen, AnnotateScreen):
            entries += [
                (show(name), show(what), partial(_press_all, screen, pressed))
                for name, what, pressed in _labels(screen)
            ]
        return entries

    async def discover(self) -> Hits:
        """List everything before a letter is typed."""
        for title, what, deed in self._entries():
            yield DiscoveryHit(Content(title), deed, text=title, help=_plain(what))

    async def search(self, query: str) -> Hits:
        """List what fits the letters."""
        matcher = self.matcher(query)
        for title, what, deed in self._entries():
            score, offsets = matcher.fuzzy_search.match(query, title)
            if score > 0:
                shown = Content(title)
                for offset in offsets:
                    shown = shown.stylize(matcher.match_style, offset, offset + 1)
                yield Hit(score, shown, deed, text=title, help=_plain(what))


def _plain(what: str) -> str:
    """Return words as the palette does not take them for markup, whatever its type says."""
    return cast("str", Content(what))


def _labels(screen: AnnotateScreen) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Name every label that a panel's key and its own put on the sentence, with these keys."""
    for panel in screen.keymap.panels:
        layer = screen.session.codebook.layer(panel.layer)
        if layer is not None and layer.entry == "label":
            for label in panel.labels:
                keys_of_it = (panel.key, panel.keys.get(label.id, ""))
                yield f"{panel.name}: {label.name}", label.definition, keys_of_it


async def _press_all(screen: AnnotateScreen, pressed: tuple[str, str]) -> None:
    if screen.bench.mode is not None:
        await screen.press("escape")
    panel, label = pressed
    await screen.press(panel)
    # Without its panel, a label's key means something else.
    if screen.bench.mode is not None:
        await screen.press(label)
