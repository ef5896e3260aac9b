"""Near-identical sentences of a project: the same formula, told again in another readout.

Texts are read one after the other, and most of them are passed over by which words they hold; only
in what is left are sentences compared. Nothing is kept, so nothing can be out of date.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import ceil
from typing import Final

from annotator import files
from annotator.errors import AnnotatorError
from annotator.formats.registry import TEXT_ENDINGS
from annotator.model.edit import CAST, Coding
from annotator.model.entity import Cast
from annotator.model.likeness import bag, folded, likeness, normalised, pairs
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.pipeline.gist import NOT_UNDERSTOOD
from annotator.pipeline.project import Project
from annotator.store.format import document
from annotator.store.glance import Glance, glance
from annotator.store.stamps import SUFFIX

LEAST: Final = 0.6
"""How alike two sentences are at least, of 1.0."""
_MANY: Final = 100
"""After so many readouts it is told how far the search has come."""

Advance = Callable[[int, int], None]
"""Is told how many readouts of how many were looked at."""


@dataclass(frozen=True)
class Twin:
    """A near-identical sentence, as the coder left it.

    `key` is its name in the coder's coding of the readout, with whose `cast` its marks are read.
    Where `begun` is false, it is the name that it has once the coding begins. `changed` says that
    the readout's text is no longer the one that was coded.
    """

    readout: str
    key: int
    sentence: Sentence
    cast: Cast
    likeness: float
    begun: bool = True
    changed: bool = False


@dataclass(frozen=True)
class Work:
    """A readout that is open, and its coding as it is now, saved or not."""

    readout: Readout
    coding: Coding


def twins(
    project: Project,
    coder: str,
    work: Work,
    key: int,
    *,
    least: float = LEAST,
    begun: bool = False,
    at: str = "",
    advance: Advance = lambda done, total: None,
    unread: Callable[[str], None] = lambda readout: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Twin]:
    """Yield the sentences that are nearly one of the open readout, the coder's own readouts first.

    With `begun`, only readouts that the coder began are looked at: nobody else marked any there.
    A readout that cannot be read, or whose coding cannot, is passed over, and `unread` is told of
    it. `at` is the time at which a coding would begin. Raises InputError or StorageError where the
    readouts cannot be listed.
    """
    wanted = _Wanted(work.coding.sentence(key).text, least)
    if not wanted.total:
        return
    yield from _in_coding(work.readout.id, work.coding, wanted, but=key)
    coded = project.store().coded(coder)
    known = frozenset(coded)
    there = project.readout_ids()
    others = () if begun else (readout for readout in there if readout not in known)
    listed = [*(readout for readout in there if readout in known), *others]
    for done, readout_id in enumerate(listed):
        if stopped():
            return
        if not done % _MANY:
            advance(done, len(listed))
        if readout_id == work.readout.id:
            continue
        try:
            if wanted.may_be_in(_text(project, readout_id)):
                found = _coded if readout_id in known else _uncoded
                yield from found(project, coder, readout_id, wanted, at)
        except (AnnotatorError, *NOT_UNDERSTOOD):
            unread(readout_id)
    advance(len(listed), len(listed))


class _Wanted:
    """A sentence that is looked for, and how much of it must be there."""

    def __init__(self, text: str, least: float) -> None:
        self._bag = bag(text)
        self._least = least
        self.total = self._bag.total()
        # What two bags share is at least this part of the larger one. Each pair that they share
        # begins with a word that they share, so at least half of it are words.
        self._shared = ceil(least * self.total)
        words = {word: count for word, count in self._bag.items() if " " not in word}
        self._missing = sum(words.values()) - ceil(self._shared / 2)
        # Long words are rare ones.
        self._words = sorted(words.items(), key=lambda item: -len(item[0]))
        # So many words has the longest sentence that is alike.
        self._longest = int((self.total / least + 1) / 2)

    def may_be_in(self, text: str) -> bool:
        """Tell whether so much of it stands close together; that may still be no sentence."""
        lower, missing = normalised(text).casefold(), self._missing
        for word, count in self._words:
            if word not in lower:
                missing -= count
                if missing < 0:
                    return False
        words = folded(text)
        known = self._bag
        found = [
            (word in known) + (pair in known)
            for word, pair in zip(words, [*pairs(words), ""], strict=False)
        ]
        sums = [0, *accumulate(found)]
        ends = sums[self._longest :] or sums[-1:]
        return any(end - start >= self._shared for start, end in zip(sums, ends, strict=False))

    def likeness(self, text: str) -> float:
        """Return how alike a text is; 0.0 where it is less than what is looked for."""
        words = folded(text)
        if not self._least * self.total <= 2 * len(words) - 1 <= self.total / self._least:
            return 0.0
        if 2 * sum(word in self._bag for word in words) < self._shared:
            return 0.0
        found = likeness(self._bag, bag(text))
        return found if found >= self._least else 0.0


def _in_coding(readout_id: str, coding: Coding, wanted: _Wanted, but: int) -> Iterator[Twin]:
    for key, sentence in coding.sentences():
        if key != but and (alike := wanted.likeness(sentence.text)):
            yield Twin(readout_id, key, sentence, coding.cast, alike)


def _coded(
    project: Project, coder: str, readout_id: str, wanted: _Wanted, at: str
) -> Iterator[Twin]:
    path = project.paths.tags / coder / f"{readout_id}{SUFFIX}"
    seen = glance(path, coder, readout_id)
    if seen is None:
        return
    alike = {
        key: found
        for key, fields in seen.docs.items()
        if key != CAST and (found := wanted.likeness(fields["text"]))
    }
    if alike:
        cast, changed = _cast(seen), seen.header.text != project.readout(readout_id).text_sha256
        for key, found in alike.items():
            sentence = document(key, dict(seen.docs[key]))
            if isinstance(sentence, Sentence):
                yield Twin(readout_id, key, sentence, cast, found, changed=changed)


def _cast(seen: Glance) -> Cast:
    fields = seen.docs.get(CAST)
    cast = document(CAST, dict(fields)) if fields else None
    return cast if isinstance(cast, Cast) else Cast()


def _uncoded(
    project: Project, coder: str, readout_id: str, wanted: _Wanted, at: str
) -> Iterator[Twin]:
    """Yield the sentences of a readout that the coder has not begun, as they will be."""
    readout = project.readout(readout_id)
    if not any(wanted.likeness(sentence.text) for sentence in project.segment(readout)):
        return
    coding = project.first_edit(readout, at).apply(Coding())
    for key, sentence in coding.sentences():
        if alike := wanted.likeness(sentence.text):
            yield Twin(readout_id, key, sentence, coding.cast, alike, begun=False)


def _text(project: Project, readout_id: str) -> str:
    """Return the text of a readout; its metadata are only read where the bytes are not UTF-8."""
    paths = (project.paths.seeds / f"{readout_id}{ending}" for ending in TEXT_ENDINGS)
    found = [path for path in paths if os.path.lexists(path)]
    if len(found) == 1:
        raw = files.read_bytes(found[0])
        try:
            if b"\0" not in raw:
                return raw.decode("utf-8")
        except UnicodeDecodeError:  # It names its encoding in its metadata.
            pass
    return project.readout(readout_id).text


def best_first(found: Iterable[Twin]) -> list[Twin]:
    """Return near-identical sentences, decided ones first, the most similar first among them."""
    return sorted(
        found,
        key=lambda twin: (
            twin.sentence.state == "new",
            not twin.sentence.marks,
            -twin.likeness,
            twin.readout,
            twin.sentence.start,
        ),
    )
