"""Where in a project the texts of a file stand, whatever ended their lines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from annotator.errors import AnnotatorError, InputError
from annotator.formats import respaced
from annotator.formats.incoming import Incoming
from annotator.formats.reading import Counted
from annotator.formats.standoff_in import joined
from annotator.formats.told import Tag, Told
from annotator.model.readout import Readout

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


_SOME: Final = 100


class Texts:
    """The texts of a project, to find the one that a stretch of words is of.

    What is looked for is looked up, so that time does not grow with texts times readouts.
    """

    def __init__(self, project: Project) -> None:
        self._readouts: dict[str, Readout] = {}
        self._looked = 0
        for readout_id in project.readout_ids():
            try:
                self._readouts[readout_id] = project.readout(readout_id)
            except AnnotatorError:
                continue  # Whatever is wrong with it, nothing can be taken into it.

    @cached_property
    def _whole(self) -> dict[str, str]:
        """The first readout of each text, by the text without the line feeds at its end."""
        found: dict[str, str] = {}
        for one in self._readouts.values():
            found.setdefault(one.text.rstrip("\n"), one.id)
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[Readout]]:
        """The readouts that have a word: what stands between white space."""
        found: dict[str, list[Readout]] = {}
        for one in self._readouts.values():
            for word in set(one.text.split()):
                found.setdefault(word, []).append(one)
        return found

    @cached_property
    def _bare(self) -> list[tuple[Readout, str]]:
        """The readouts with their texts without white space."""
        return [(one, respaced.bare(one.text)) for one in self._readouts.values()]

    def _likely(self, text: str) -> Collection[Readout]:
        """Return the readouts that may hold a text, by the rarest of its words that are whole.

        To look through all for some texts costs less than to know where each word stands.
        """
        inner = text.split()[1:-1]
        self._looked += 1
        if not inner or self._looked <= _SOME:
            return self._readouts.values()
        return min((self._by_word.get(word, ()) for word in inner), key=len)

    def placed(self, told: Told) -> tuple[str, Told] | InputError:
        """Return the readout and what is told with its start in it, or why there is none.

        The readout that is named comes first, then the only one in which the words stand, once.
        Lines end as they do in the readout then, and ranges count so.
        """
        named = told.document.readout if told.document else ""
        named = named or (told.rows[0].readout if told.rows else told.name)
        readout = self._readouts.get(named)
        if told.lacks and readout is not None:
            whole = joined(told, readout.text)
            return whole if isinstance(whole, InputError) else (named, whole)
        if told.spaced:
            line = max((one.bare for one in respaced.lines_of(told)), key=len)
            likely = (one for one, bare in self._bare if line in bare)
            among = likely if readout is None else (readout,)
            return respaced.placed(told, {one.id: one.text for one in among})
        is_ours = bool(told.rows or told.document)
        if not is_ours:
            told = _with_line_feeds(told)
        found = self._places(told, named)
        if not found and (told.document or not told.rows):
            clipped = _clipped(told, "\n" if is_ours else None)
            if clipped.text != told.text:
                told = clipped
                found = self._places(told, named)
        if len(found) == 1:
            return found[0][0], replace(told, start=found[0][1])
        if found:
            return respaced.twice(told, [one for one, _ in found])
        if readout is not None and is_ours:
            return InputError(
                f"{told.place}: the text of the readout {readout.id} is another than was coded.",
                "Put that text back, import, and move the work with “annotator reanchor”.",
            )
        return InputError(
            f"{told.place}: no readout of the project holds this text.",
            "Take it in with “annotator add”.",
        )

    def holding(self, incoming: Incoming) -> str | None:
        """Return the readout in which a text of a file would be placed, None for none.

        What is whole stands in none but its equal, whatever line feeds are at the end.
        """
        name, text = incoming.name, incoming.text
        if incoming.whole:
            return self._whole.get(text.rstrip("\n"))
        named = self._readouts.get(name)
        if named is not None and text.rstrip("\n") in named.text:
            return name
        found = self.placed(Told("", name, text))
        return None if isinstance(found, InputError) else found[0]

    def _places(self, told: Told, named: str) -> list[tuple[str, int]]:
        """Return the readouts, each with the place, of a text; of many places, some.

        Other programs number their texts, and so may have done whoever named the readouts: a name
        is believed where the text stands under it. A readout of just this text is meant before
        those that only hold it.
        """
        readout = self._readouts.get(named)
        if readout is not None:
            found = [(named, start) for start in _starts(readout.text, told)]
            if found or told.rows or told.document:
                return found
        likely = self._likely(told.text)
        places = [(one, start) for one in likely for start in _starts(one.text, told)]
        whole = [one for one in places if one[0].text.strip() == told.text.strip()]
        return [(one.id, start) for one, start in (whole if len(whole) == 1 else places)]


def _starts(text: str, told: Told) -> list[int]:
    """Return where a text lies in a readout; of many places, two."""
    if told.start is not None and text.startswith(told.text, told.start):
        return [told.start]
    if told.rows or not told.text:
        return []  # Offsets of rows count in the text that was coded, and in no other.
    first = text.find(told.text)
    second = text.find(told.text, first + 1)
    return [start for start in dict.fromkeys((first, second)) if start >= 0]


def _with_line_feeds(told: Told) -> Told:
    """Return what is told of a text as it is here, where every line ends with a line feed."""
    if "\r" not in told.text and not told.text.startswith("\ufeff"):
        return told
    counted = Counted.of_text(told.text)
    return _moved(replace(told, text=counted.words), counted.place)


def _clipped(told: Told, feeds: str | None) -> Told:
    """Return what is told without the line feeds at the end of its text, if any are named.

    Without, it is all white space at both ends: no sentence here begins or ends with any.
    """
    gone = 0 if feeds else len(told.text) - len(told.text.lstrip())
    text = told.text[gone:].rstrip(feeds)
    return _moved(replace(told, text=text), lambda at: min(max(at - gone, 0), len(text)))


def _moved(told: Told, to: Callable[[int], int]) -> Told:
    """Return what is told with other places in its text; a tag of no words any more is left out.

    What is left out was said all the same, and so the text is spoilt.
    """

    def standing(tags: Iterable[Tag]) -> Iterator[Tag]:
        return (tag for tag in tags if tag.start is None or tag.start != tag.end)

    relations = (
        replace(one, head=one.head.placed(to), child=one.child.placed(to)) for one in told.relations
    )
    tags = tuple(standing(tag.placed(to) for tag in told.tags))
    return replace(
        told,
        tags=tags,
        relations=tuple(one for one in relations if len([*standing((one.head, one.child))]) == 2),
        spoilt=told.spoilt or len(tags) < len(told.tags),
    )
