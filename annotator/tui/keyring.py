"""Which key means what in a project: the commands at once, the panels once they are asked for.

To read a codebook takes longer than to paint the library, which has no panels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.tui.keys import Keymap, keymap

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook, Panel
    from annotator.pipeline.project import Project
    from annotator.standing import Standing


class Keyring:
    """The keys that the settings and the codebook of a project give.

    `commands` has no panels. `held` tells whether the codebook has to stay as it is. Raises
    InputError where the settings give a key to two commands.
    """

    def __init__(self, project: Project, standing: Standing, held: Callable[[], bool]) -> None:
        self._project = project
        self._standing = standing
        self._held = held
        self._taken: tuple[Keymap, Codebook] | None = None
        self.commands = keymap(standing.settings.keys, (), standing.place_of_key)

    def whole(self) -> Keymap:
        """Return commands and panels; raises as `take` where the codebook was not taken yet."""
        return (self._taken or self.take())[0]

    def codebook(self) -> Codebook:
        """Return the codebook that was taken last; raises as `take` where none was yet."""
        return (self._taken or self.take())[1]

    def take(self) -> tuple[Keymap, Codebook]:
        """Take the codebook as it is now.

        Raises InputError where it is not understood, or the keys clash: the one before stays.
        """
        now, book = self._standing, self._project.codebook
        self._taken = (
            keymap(now.settings.keys, book.panels, now.place_of_key, self._place_of),
            book,
        )
        return self._taken

    def _place_of(self, panel: Panel) -> str:
        from annotator.pipeline.labelkeys import place_of_panel  # Only what is wrong needs it.

        return place_of_panel(self._project.codebook_file, panel)

    def look(self) -> None:
        """Read the codebook again where its file changed, unless it is held; raises as `take`."""
        if not self._held() and self._project.forget_codebook(only_changed=True):
            self.take()
