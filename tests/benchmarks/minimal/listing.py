"""The smallest app with what a library needs: records in TinyDB, pydantic, a list, an input."""

from __future__ import annotations

import sys

from pydantic import BaseModel, ConfigDict, TypeAdapter
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Footer, Input, OptionList
from tinydb import TinyDB


class Record(BaseModel):
    """A readout as a list shows it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    language: str
    date: str
    done: int
    sentences: int


def fill(path: str, titles: list[str]) -> None:
    """Write the records that the app will show."""
    with TinyDB(path) as database:
        database.insert_multiple(
            Record(title=title, language="en", date="2026-03-05", done=3, sentences=20).model_dump()
            for title in titles
        )


class Listing(App[None]):
    """Shows every record of a TinyDB file."""

    BINDINGS = [("q", "quit", "Quit"), ("j", "cursor_down", "Next"), ("k", "cursor_up", "Back")]  # noqa: RUF012

    def __init__(self, path: str) -> None:
        super().__init__()
        with TinyDB(path) as database:
            self.records = TypeAdapter(list[Record]).validate_python(database.all())

    def compose(self) -> ComposeResult:
        """Lay the screen out."""
        yield OptionList(*(Content(f"{r.title}  {r.date}") for r in self.records), markup=False)
        yield Input(placeholder="Find")
        yield Footer()


if __name__ == "__main__":
    Listing(sys.argv[1]).run()
