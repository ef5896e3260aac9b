"""Folders of brat read: our own and foreign ones.

Brat counts code points of the file as it is: a byte-order mark is one, CR LF are two. Stretches
that white space alone keeps apart are one; others are the parts of one tag.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from annotator.errors import InputError, PassedOver
from annotator.files import printable, read_bytes
from annotator.formats import brat_values
from annotator.formats.brat import NOTE, REJECTED, SENTENCE, hull, kind_of, pieces, tags, unnumbered
from annotator.formats.carried import is_note, noted, whole
from annotator.formats.reading import (
    Counted,
    each_file,
    left_out,
    told_of,
    tried,
    unread,
    utf8_lines,
)
from annotator.formats.reconciling import all_reconciled
from annotator.formats.told import Relation, Tag, Told
from annotator.model.record import DocumentRow, SentenceRow
from annotator.plural import many

_WORDS = re.compile(r"(\S+) ([0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*) *")
_EVENT = re.compile(r"([^\s:]+):(\S+)((?: +[^\s:]+:\S+)*) *")
_RELATION = re.compile(r"(\S+) +[^\s:]+:(\S+) +[^\s:]+:(\S+) *")
_SAID = re.compile(r"(\S+) (\S+)(?: (.*?))? *")

Ranges = list[tuple[int, int]]


def read(path: Path, variant: str) -> Iterator[Told | InputError]:
    """Yield each text of a folder, or of one file of annotations; a folder in it is a coder's."""
    return each_file(path, ".ann", _text, by_folder=True)


def _text(file: Path, folder: str | None) -> Iterator[Told | InputError]:
    place = printable(str(file))
    text_file = file.with_suffix(".txt")
    if not text_file.is_file():
        raise InputError(
            f"{place} has no text: there is no {printable(text_file.name)} beside it.",
            "Name a file of annotations, which ends in “.ann”, or a folder of them.",
        )
    text = Counted.of(read_bytes(text_file), str(text_file), mark=True)
    wrong: list[InputError] = []
    found = _Found(text, wrong)
    for line in utf8_lines(file):
        if line.wrong:
            # Others may lead to what stood there, so that none of them says what it did.
            raise left_out(line.wrong, "Its text")
        if line.shown.strip():
            with tried(wrong):
                found.take(line.shown, f"{place}, line {line.number}")
    rows, document = found.ours()
    kinds = {mark.id: kind_of(mark) for row in rows for mark in row.marks}
    now = list(found.tags())
    if not wrong:
        rows = brat_values.valued(rows, kinds, found.events())
    kept, new = all_reconciled(rows, lambda row: tags(row, kinds), now, complete=not wrong)
    # A relation of ours is told by the tag that it is read as, where no row explains it.
    fresh = frozenset(new)
    standing = [(tag, one) for tag, one in found.relations if tag in fresh]
    related = (*(one for _, one in standing), *found.roles((*rows, *kept)))
    by_relation = {tag for tag, _ in standing}
    new = tuple(tag for tag in new if tag not in by_relation)
    spoilt = bool(wrong)
    yield from unread([*told_of(wrong, place)])
    yield from found.passed(place)
    if document:
        told = whole(place, document, kept, new)
        yield told if isinstance(told, InputError) else replace(told, relations=related)
    else:
        by = kept[0].coder if kept else None
        told = Told(place, file.stem, text.words, 0, by, new, kept, relations=related)
        yield replace(told, spoilt=spoilt)


class _Found:
    """The annotations of one text by their ids, and what is wrong with them."""

    def __init__(self, text: Counted, wrong: list[InputError]) -> None:
        self._text = text
        self._wrong = wrong
        self._words: dict[str, tuple[str, Ranges]] = {}
        self._events: dict[str, tuple[str, str, str]] = {}
        self._said: list[tuple[str, str, str, str]] = []
        self._rows: dict[str, tuple[str, str]] = {}
        self._relations: list[tuple[str, str, str, str]] = []
        self._roles: list[tuple[str, str, str, str]] = []
        self._others: Counter[str] = Counter()

    def take(self, line: str, place: str) -> None:
        """Take one line; raises InputError where it is none."""
        own, _, rest = line.partition("\t")
        data, _, tail = rest.partition("\t")
        if own in self._words or own in self._events:
            raise InputError(f"{place}: “{printable(own)}” stands twice.")
        match own[:1]:
            case "T":
                kind, where = _parts(_WORDS, data, place)[:2]
                self._words[own] = (kind, self._ranges(where, tail, place))
            case "E":
                kind, trigger, roles = _parts(_EVENT, data, place)
                self._events[own] = (kind, trigger, place)
                for role, _, target in (one.partition(":") for one in roles.split()):
                    self._roles.append((own, unnumbered(role), target, place))
            case "A" | "M":
                name, target, value = _parts(_SAID, data, place)
                self._said.append((target, name, value or name, place))
            case "N":
                name, target, value = _parts(_SAID, data, place)
                self._said.append((target, name, value or "", place))
            case "#":
                self._note(data, tail, place)
            case "R":
                kind, target, other = _parts(_RELATION, data, place)
                self._relations.append((target, kind, other, place))
            case "*":
                self._others["equivalence"] += 1
            case _:
                raise InputError(f"{place} is no annotation of brat.")

    def _ranges(self, where: str, tail: str, place: str) -> Ranges:
        counted = self._text.counted
        found = [(int(a), int(b)) for a, _, b in (one.partition(" ") for one in where.split(";"))]
        if any(not 0 <= start <= end <= len(counted) for start, end in found):
            raise InputError(f"{place}: {where} is no stretch of the text.")
        found.sort()
        words = " ".join(counted[start:end] for start, end in found).split()
        if tail.split()[: len(words)] != words:
            raise InputError(
                f"{place}: the words of the annotation do not stand at {where} in the text.",
                "Offsets count code points of the file as it is.",
            )
        joined: Ranges = []
        for start, end in found:
            if joined and not counted[joined[-1][1] : start].strip():
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return [(self._text.place(start), self._text.place(end)) for start, end in joined]

    def _note(self, data: str, tail: str, place: str) -> None:
        kind, target, _ = _parts(_SAID, data, place)
        if kind == NOTE and is_note(tail):
            self._rows[target] = (place, tail)
        else:
            self._others["note"] += 1

    def ours(self) -> tuple[list[SentenceRow], DocumentRow | None]:
        """Return the rows that stand in notes of sentences."""
        rows: list[SentenceRow] = []
        document = None
        for place, note in self._rows.values():
            with tried(self._wrong):
                row, about = noted(note, self._text.words, place)
                rows.append(row)
                document = about or document
        return rows, document

    @cached_property
    def _rejected(self) -> frozenset[str]:
        """The ids of what is refused, once all lines are taken."""
        return frozenset(target for target, name, _, _ in self._said if name == REJECTED)

    def tags(self) -> list[Tag]:
        """Return every annotation as a tag, without our sentences and what only starts an event."""
        rejected = self._rejected
        silent = {trigger for _, trigger, _ in self._events.values()}
        silent |= {own for own in self._rows if self._words.get(own, ("",))[0] == SENTENCE}
        found: list[Tag] = []
        for own, (kind, ranges) in self._words.items():
            if own not in silent:
                found.append(_tagged(kind, ranges, rejected=own in rejected))
        for own, (kind, _, place) in self._events.items():
            with tried(self._wrong):
                ranges = self._target(own, place)
                found.append(_tagged(kind, ranges, rejected=own in rejected))
        for target, name, value, place in self._said:
            if name != REJECTED:
                with tried(self._wrong):
                    ranges = self._target(target, place)
                    found.append(Tag(name, value, ranges[0][0], ranges[-1][1]))
        found += [tag for tag, _ in self.relations]
        return found

    def events(self) -> Iterator[brat_values.Event]:
        """Yield every event; what is wrong with one, its tag tells."""
        roles: dict[str, list[str]] = {}
        for own, _, target, _ in self._roles:
            roles.setdefault(own, []).append(target)
        said: dict[str, list[tuple[str, str]]] = {}
        for own, name, value, _ in self._said:
            said.setdefault(own, []).append((name, value))
        for own, (_, _, place) in self._events.items():
            tag = self._tag(own, place)
            words = tuple(self._tag(one, place) for one in roles.get(own, ()) if one in self._words)
            attributes = tuple(Tag(*one, tag.start, tag.end) for one in said.get(own, ()))
            yield brat_values.Event(tag, words, attributes)

    @cached_property
    def relations(self) -> list[tuple[Tag, Relation]]:
        """Return every relation, with the tag that one of ours is compared by."""
        found = []
        for target, name, other, place in self._relations:
            with tried(self._wrong):
                ranges, child = self._target(target, place), self._tag(other, place)
                tag = Tag(name, child.label, ranges[0][0], ranges[-1][1])
                found.append((tag, Relation(name, self._tag(target, place), child)))
        return found

    def roles(self, rows: Iterable[SentenceRow]) -> list[Relation]:
        """Return what events have in their roles, but for the words in the slots of our rows."""
        ours = {
            (value.slot.replace(".", "-"), *hull(pieces(value.exact, value.start)))
            for row in rows
            for mark in row.marks
            for value in mark.slots
            if value.start is not None and value.exact is not None
        }
        found = []
        for own, role, target, place in self._roles:
            with tried(self._wrong):
                child = self._tag(target, place)
                if (role, child.start, child.end) not in ours:
                    found.append(Relation(role, self._tag(own, place), child))
        return found

    def _tag(self, own: str, place: str) -> Tag:
        """Return the tag of an annotation."""
        ranges = self._target(own, place)
        kind = (self._events.get(own) or self._words[own])[0]
        return _tagged(kind, ranges, rejected=own in self._rejected)

    def _target(self, own: str, place: str) -> Ranges:
        if own in self._events:
            own = self._events[own][1]
        if own not in self._words:
            raise InputError(f"{place}: there is no annotation “{printable(own)}”.")
        return self._words[own][1]

    def passed(self, place: str) -> Iterator[PassedOver]:
        """Yield what there is no room for: notes and equivalences."""
        if self._others:
            said = " and ".join(many(count, what) for what, count in sorted(self._others.items()))
            are = "is" if self._others.total() == 1 else "are"
            yield PassedOver(f"{place}: {said} {are} not read; labels are.")


def _tagged(kind: str, ranges: Ranges, *, rejected: bool) -> Tag:
    """Return the tag of a type that is given to these stretches together."""
    parts = tuple(ranges) if len(ranges) > 1 else ()
    return Tag("type", kind, *hull(ranges), rejected, parts=parts)


def _parts(form: re.Pattern[str], data: str, place: str) -> tuple[Any, ...]:
    match = form.fullmatch(data)
    if match is None:
        raise InputError(f"{place} is no annotation of brat.", "Its parts are kept apart by tabs.")
    return match.groups()
