"""Texts whose white space a form lost, found again in readouts by everything else.

A form that has rows of tokens gives its text with a space between any two, and a line for each
sentence. In the readout there may be more or less between them, and sentences that the form leaves
out. What is found is put into the words of the readout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from annotator.errors import InputError
from annotator.formats.told import Tag, Told


def twice(told: Told, readouts: Sequence[str]) -> InputError:
    """Return what says that a text stands in several places, each in one of these readouts."""
    said = f"{told.place}: this text stands in the project more than once"
    first, *others = dict.fromkeys(readouts)
    if not others:
        return InputError(f"{said}, in {first}.", "Import it with the words around it.")
    return InputError(
        f"{said}, such as in {first} and {others[0]}.",
        "Write the one that it is of as its “id”, or its file's name where each text is a file; or"
        " import it with the words around it.",
    )


def placed(told: Told, texts: Mapping[str, str]) -> tuple[str, Told] | InputError:
    """Return the only readout of `texts` that holds a text, and what is told in the words of it."""
    lines = lines_of(told)
    found = {name: places for name, text in texts.items() if (places := _found(lines, text))}
    if not found:
        return InputError(
            f"{told.place}: no readout of the project holds this text.",
            "Take it in with “annotator add”.",
        )
    whole = [name for name in found if bare(texts[name]) == bare(told.text)]
    if len(whole) == 1:
        found = {whole[0]: found[whole[0]]}
    (name, ways), *others = found.items()
    if others or len(ways) > 1:
        return twice(told, [one for one, places in found.items() for _ in places])
    text = texts[name]
    tags = tuple(tag for line, at in zip(lines, ways[0], strict=True) for tag in line.at(at, text))
    return name, replace(told, text=text, start=0, tags=tags, spaced=False)


def lines_of(told: Told) -> list[Line]:
    """Return the sentences of a text that lost its white space, each of them a line of it."""
    return [Line.of(told, start, end) for start, end in _lines(told.text)]


@dataclass(frozen=True)
class Line:
    """A sentence without its white space, and its tags as places in that."""

    bare: str
    tags: tuple[Tag, ...]

    @classmethod
    def of(cls, told: Told, start: int, end: int) -> Line:
        """Return a line of a text, whose code points those are."""
        line = told.text[start:end]
        before = list(accumulate((not char.isspace() for char in line), initial=0))
        return cls(
            bare(line),
            tuple(
                replace(tag, start=before[tag.start - start], end=before[tag.end - start])
                for tag in told.tags
                if tag.start is not None and tag.end is not None
                if start <= tag.start < tag.end <= end
            ),
        )

    def at(self, place: int, text: str) -> Iterator[Tag]:
        """Yield the tags in a text in which the line begins at that place, white space aside."""
        places = _places(text)
        for tag in self.tags:
            start, end = place + (tag.start or 0), place + (tag.end or 0)
            yield replace(tag, start=places[start], end=places[end - 1] + 1)


def bare(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _places(text: str) -> list[int]:
    return [place for place, char in enumerate(text) if not char.isspace()]


def _found(lines: Sequence[Line], text: str) -> list[list[int]]:
    """Return where each line begins in a text without white space: no way, the only one, or two.

    All lines one behind the other go first. With sentences between them, the first and the last way
    in which they follow each other agree where there is only one.
    """
    quick = bare(text)
    if not all(line.bare in quick for line in lines):
        return []
    words = _Bare.of(text)
    sizes = [len(line.bare) for line in lines]
    whole = "".join(line.bare for line in lines)
    together = [[*accumulate(sizes[:-1], initial=at)] for at in words.all(whole)]
    if together:
        return together
    first: list[int] = []
    at = 0
    for line in lines:
        place = next(words.all(line.bare, at), None)
        if place is None:
            return []
        first.append(place)
        at = place + len(line.bare)
    last: list[int] = []
    end = len(words.text)
    for line in reversed(lines):
        place = words.last(line.bare, end)
        last.insert(0, place)
        end = place
    differ = any(a != b and line.tags for line, a, b in zip(lines, first, last, strict=True))
    return [first, last] if differ else [first]


@dataclass(frozen=True)
class _Bare:
    """A text without its white space; at its `edges`, no word is cut in two."""

    text: str
    edges: frozenset[int]

    @classmethod
    def of(cls, text: str) -> _Bare:
        places = _places(text)
        words = bare(text)
        inside = {
            at
            for at in range(1, len(words))
            if places[at] == places[at - 1] + 1 and words[at].isalnum() and words[at - 1].isalnum()
        }
        return cls(words, frozenset(range(len(words) + 1)) - inside)

    def all(self, words: str, at: int = 0) -> Iterator[int]:
        """Yield each place of words that begin and end no word in its middle."""
        at = self.text.find(words, at)
        while words and at >= 0:
            if self._fits(words, at):
                yield at
            at = self.text.find(words, at + 1)

    def last(self, words: str, end: int) -> int:
        """Return the last place of words that do so before an end; there is one."""
        at = self.text.rfind(words, 0, end)
        while not self._fits(words, at):
            at = self.text.rfind(words, 0, at + len(words) - 1)
        return at

    def _fits(self, words: str, at: int) -> bool:
        return {at, at + len(words)} <= self.edges
