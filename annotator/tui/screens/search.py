"""A screen that looks for what is typed, and lists what it finds while it goes on looking."""

from __future__ import annotations

from contextlib import closing

from textual import work
from textual.worker import Worker, get_current_worker

from annotator.errors import AnnotatorError
from annotator.pipeline.find import Found, find
from annotator.pipeline.query import UNCLOSED, Query, parse
from annotator.plural import many
from annotator.tui.screens.keyed import stands
from annotator.tui.screens.listing import TypingScreen
from annotator.tui.screens.waiting import WaitingScreen

MOST = 5_000
"""How many places are listed at most."""
BATCH = 200


class SearchScreen(WaitingScreen, TypingScreen):
    """Keeps what is `found` up to the line that is typed; keys for the list wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self.said = ""
        self._searching = False
        self.typing = True

    def list_found(self) -> None:
        """List what was found."""
        raise NotImplementedError

    async def leave_line(self, key: str) -> None:
        """Go to the list where there is one or may be one, else leave."""
        if key == "escape" and not self.found:
            await self.go_back()
        self.typing = not (self.found or self._searching)
        if self.waits():
            self.held_changed()

    def waits(self) -> bool:
        """Let keys wait for the first place, and others behind those that do."""
        none = not self.found or bool(self.held)
        return self._searching and none and not self.typing

    def held_changed(self) -> None:
        """Say how many keys wait for what is looked for."""
        self.say(f"Looking …{self.and_held()}" if self._searching else self.said)

    def warn(self, words: str) -> None:
        """Say what is wrong with what is typed."""
        self.say(words)

    def typed(self) -> None:
        """Look for what is typed."""
        self.workers.cancel_group(self, "find")
        self._searching = False
        self.take_found([], "")
        self.rows.light(0)
        try:
            query = parse(self.line.value, self.annotator.project.codebook)
        except AnnotatorError as error:
            self.warn(str(error))
            return
        self._searching = True
        self._search(query)

    @work(thread=True, exclusive=True, group="find")
    def _search(self, query: Query) -> None:
        worker, app = get_current_worker(), self.annotator
        found: list[Found] = []
        shown = 0
        places = find(
            app.project, app.coder, query, app.catalogue.index, lambda: worker.is_cancelled
        )
        try:
            with closing(places):
                for place in places:
                    if worker.is_cancelled:
                        return
                    found.append(place)
                    if len(found) >= MOST:
                        break
                    if len(found) - shown >= BATCH:
                        shown = len(found)
                        app.call_from_thread(self._more, worker, list(found))
        except AnnotatorError as error:
            app.call_from_thread(self._end, worker, found, str(error))
            return
        app.call_from_thread(self._end, worker, found, _count(len(found), query))

    def take_found(
        self, found: list[Found], said: str | None, instead_of: list[Found] | None = None
    ) -> None:
        """List what was found, and say of it what was said before where that is None.

        With `instead_of`, something else that is listed by now stays.
        """
        if stands(self) and (instead_of is None or instead_of is self.found):
            self.found = found
            self.said = self.said if said is None else said
            self.list_found()

    def _more(self, worker: Worker[None], found: list[Found]) -> None:
        if not worker.is_cancelled:
            self.take_found(found, f"{len(found):,} so far …")
            if self.held:
                self.held_changed()

    def _end(self, worker: Worker[None], found: list[Found], said: str) -> None:
        """List all that was found, unless something else is looked for by now."""
        if worker.is_cancelled or not stands(self):
            return
        self._searching = False
        self.take_found(found, said)
        if found or self.typing:
            self.call_later(self.let_go)
        else:
            self.typing = True
            self.show_line()
            self.in_vain(said)


def _count(count: int, query: Query) -> str:
    if not query.clauses:
        return ""
    unclosed = f"  {UNCLOSED}" if query.unclosed else ""
    if count >= MOST:
        return f"{MOST:,} places and more; add a word to see fewer.{unclosed}"
    return f"{many(count, 'place') if count else 'Nothing found.'}{unclosed}"
