"""What widgets tell the screen: attributes go down, messages go up."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class KeyClicked(Message):
    """Something was clicked that stands for a key."""

    key: str


@dataclass
class RowClicked(Message):
    """A row of a document or list was clicked; `column` counts cells from its left edge."""

    row: int
    column: int
    again: bool


class Relaid(Message):
    """A list was laid out, so that other rows may be seen."""


@dataclass
class Dragged(Message):
    """The mouse was drawn over the document from one cell to another, rows and columns from 0."""

    start: tuple[int, int]
    end: tuple[int, int]
