"""Readouts that come or go while the library is open: they are listed, and the light stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.tui.screens.library import LibraryScreen


class Arrivals:
    """Looks now and then whether the folder of the readouts changed, and lists it anew."""

    EVERY = 2.0
    """Seconds between two looks."""

    def __init__(self, library: LibraryScreen) -> None:
        self._library = library
        self._stamp = 0
        self._wait_for_index = self._indexed = False

    def listed(self) -> None:
        """Take note that the folder is listed now, by an index that may be behind the files."""
        self._stamp = self._library.annotator.catalogue.folder_stamp()
        self._wait_for_index = not self._indexed and bool(self._library.line.value.strip())

    def stale(self) -> None:
        """Take note that the index may be behind the files again."""
        self._indexed = False

    def look(self) -> None:
        """List anew where files came or went; what is filtered, also once the index knows them."""
        library = self._library
        if library.is_current and library.annotator.catalogue.folder_stamp() != self._stamp:
            library.up_to_date = library.away = False
            self.stale()
            self._list()

    def indexed(self, *, complete: bool) -> None:
        """List what waited for the index, which is `complete` unless its reading was broken off."""
        self._indexed = complete
        if self._wait_for_index:
            self._list()

    def _list(self) -> None:
        library = self._library
        lit = library.subject().readout
        library.typed()
        if lit in library.ids:
            library.rows.light(library.ids.index(lit))
