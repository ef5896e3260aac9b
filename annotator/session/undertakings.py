"""Which acts a sentence tells of, and the words that say when and on what terms.

Rules only, from the codebook's cues and the wordings of `phrases`. All ranges are half-open code
points of the readout's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.model.codebook import Codebook
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.session import words
from annotator.session.evidence import shared_words
from annotator.session.phrases import pattern, phrases
from annotator.session.propose import CueFound, find_cues
from annotator.session.quotes import closing, speech
from annotator.session.timeframe import time_words, when
from annotator.session.words import Range

ACTING: Final = frozenset({"agree", "commit", "announce", "invite", "instruct", "reject"})
_WISHING: Final = frozenset({"express_wish"})
_STAY_INSIDE: Final = frozenset({"ongoing", "open_ended"})
"""Times that belong to an act that has no end, and so stay among its words."""

LONGEST: Final = 4000
"""Code points of a sentence that are read for a proposal: whatever is longer is no sentence."""


@dataclass(frozen=True)
class Told:
    """An act: its words from `start` to `end`, and the stretch around it that is about it.

    `time` and `condition` are the words for these, where there are any. `head` is where the words
    begin that say it is taken on.
    """

    start: int
    end: int
    head: int
    around: Range
    time: Range | None = None
    condition: Range | None = None


@dataclass(frozen=True)
class _Head:
    start: int
    end: int


def acts_told(codebook: Codebook, text: str, sentence: Sentence, language: str) -> list[Told]:
    """Return the acts of a sentence in reading order; without any, the whole sentence is one.

    An act follows a cue that announces one, or a verb in the future. “Agreed to meet and to talk”
    are two acts; the time and the condition at their end are not among their words.
    """
    bounds = _read(sentence)
    heads = _heads(codebook, text, bounds, language)
    # What is said ends with its quotation, and who says it is no part of it.
    told = speech(text, bounds) if heads else []
    found: list[Told] = []
    clause_start = bounds[0]
    for place, head in enumerate(heads):
        following = heads[place + 1].start if place + 1 < len(heads) else None
        end, next_start = _clause_end(text, bounds, head, following, language)
        end = min([end, *(closing(text, q) for q in told if q[0] <= head.start < q[1])])
        pieces = _pieces(text, head, end, language)
        for number, (start, stop) in enumerate(pieces):
            around = (clause_start if number == 0 else start, stop)
            act = _told(text, (start, stop), head.start, around, language)
            if act is not None:
                found.append(act)
        clause_start = next_start
    if found:
        return found
    whole = words.without_stop(text, *bounds)
    return [Told(*whole, head=whole[0], around=whole)]


def action(
    codebook: Codebook,
    text: str,
    sentence: Sentence,
    language: str,
    near_miss: str | None = None,
    taken: Sequence[Span] = (),
) -> Told:
    """Propose the words of an act that no other mark has: `taken` are the words that they have.

    Where they have one of two acts that are joined, such as “open a railway” of “open a railway and
    close the bridge”, it is the other.

    For the label of a near miss it is the cue that is called as the label is, else the last one,
    with what follows.
    """
    if near_miss is None:
        found = acts_told(codebook, text, sentence, language)
    else:
        found = _sounding(codebook, text, sentence, language, near_miss)
    free = [t for t in found if not any(s.start < t.end and t.start < s.end for s in taken)]
    unlike = [t for t in found if not any((s.start, s.end) == (t.start, t.end) for s in taken)]
    beside = [rest for t in unlike for rest in _beside(text, t, taken, language)]
    return (free or (beside if near_miss is None else []) or unlike or found)[0]


def _beside(text: str, told: Told, taken: Sequence[Span], language: str) -> Iterator[Told]:
    """Yield what of an act is joined by an “and” to words that another mark has."""
    within = sorted((s.start, s.end) for s in taken if told.start <= s.start and s.end <= told.end)
    starts = [told.start, *(end for _, end in within)]
    stops = [*(start for start, _ in within), told.end]
    for gap in zip(starts, stops, strict=True) if within else ():
        piece = _unjoined(text, gap, (told.start, told.end), language)
        body = _body(text, *piece, language) if piece else None
        if body is not None:
            yield replace(told, start=body[0], end=body[1])


def _unjoined(text: str, gap: Range, whole: Range, language: str) -> Range | None:
    """Take the “and” off either end of a gap; None where one lacks it and is no end of the whole.

    Words that nothing joins to those beside them are no act of their own.
    """
    joints = list(pattern(language, "clause").finditer(text, *gap))
    first, last = gap[0], gap[1]
    if first != whole[0]:
        led = (m.end() for m in joints if not text[gap[0] : m.start()].strip())
        first = next(led, -1)
    if last != whole[1]:
        last = next((m.start() for m in joints if m.end() == gap[1]), -1)
    return (first, last) if 0 <= first < last else None


def _read(sentence: Sentence) -> Range:
    return sentence.start, min(sentence.end, sentence.start + LONGEST)


def _heads(codebook: Codebook, text: str, bounds: Range, language: str) -> list[_Head]:
    """Return where something is taken on; a wish counts only where nothing else does."""
    cues = cues_in(codebook, text, bounds, language)
    found = [_Head(c.start, c.end) for c in cues if c.choice in ACTING]
    future = pattern(language, "future").finditer(text, *bounds)
    found += [_Head(*match.span()) for match in future]
    own = pattern(language, "own").finditer(text, *bounds)
    found += [_Head(match.start(), match.start()) for match in own]
    found = found or [_Head(c.start, c.end) for c in cues if c.choice in _WISHING]
    found = found or [_Head(c.start, c.end) for c in cues[:1]]
    return _without_nested(text, sorted(found, key=lambda head: (head.start, -head.end)), language)


def cues_in(codebook: Codebook, text: str, bounds: Range, language: str) -> list[CueFound]:
    """Return the cues of all layers between two bounds."""
    layers = [layer for layer in codebook.layers if layer.cues]
    return [cue for layer in layers for cue in find_cues(layer, text, *bounds, language)]


def _without_nested(text: str, heads: list[_Head], language: str) -> list[_Head]:
    """Leave out what stands in the act of another; in “agreed that they will” the will counts."""
    kept: list[_Head] = []
    clause, that = pattern(language, "clause"), pattern(language, "that")
    for head in heads:
        if not kept:
            kept.append(head)
            continue
        last = kept[-1]
        gap = text[last.end : head.start]
        if clause.search(gap):
            kept.append(head)
        elif head.start >= last.end and (not gap.strip() or that.match(gap.lstrip())):
            kept[-1] = _Head(last.start, head.end)
    return kept


def _clause_end(
    text: str, bounds: Range, head: _Head, following: int | None, language: str
) -> Range:
    """Return where the clause of a head ends, and where the next one begins."""
    if following is None:
        return bounds[1], bounds[1]
    breaks = list(pattern(language, "clause").finditer(text, head.end, following))
    return breaks[-1].span() if breaks else (following, following)


def _pieces(text: str, head: _Head, end: int, language: str) -> list[Range]:
    known = phrases(language)
    cuts = [head.end]
    for match in pattern(language, "split").finditer(text, head.end, end):
        if len(words.words(text, cuts[-1], match.start())) >= (known.least if known else 1):
            cuts += match.span()
    cuts.append(end)
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def _told(text: str, piece: Range, head: int, around: Range, language: str) -> Told | None:
    start, stop = piece
    condition = _condition(text, around, language)
    if condition and start < condition[0]:
        stop = min(stop, condition[0])
    times = [
        found
        for found in time_words(text, *around, language)
        if not (condition and found[0] < condition[1] and condition[0] < found[1])
    ]
    body = _body(text, start, stop, language)
    if body is None:
        return None
    behind = [time for time in times if time[0] >= body[0]]
    time = next(iter([*behind, *times[::-1]]), None)
    return Told(*_without_times(text, body, times, language), head, around, time, condition)


def _without_times(text: str, body: Range, times: list[Range], language: str) -> Range:
    """Take the times at either end off an act, unless they are its way and no date."""
    for time in reversed(times):
        kind = when(text[slice(*time)], None, language)
        if kind and kind.kind in _STAY_INSIDE:
            continue
        if time[1] == body[1] and time[0] > body[0]:
            body = words.trim(text, body[0], _bare_end(text, body[0], time[0])) or body
        elif time[0] == body[0] and time[1] < body[1]:
            body = words.trim(text, time[1], body[1]) or body
    return body


def _bare_end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" ,;:，、；"))


def _body(text: str, start: int, stop: int, language: str) -> Range | None:
    """Take off what leads to an act, and the punctuation around it."""
    trimmed = words.trim(text, start, stop)
    if trimmed is None:
        return None
    small = f"(?:{pattern(language, 'lead').pattern})"
    # A word between commas, such as “however”, belongs to neither.
    between = rf"(?:,\s\w+(?=,\s{small}))?[,:，：]?\s*"
    lead = re.compile(rf"{between}(?:{small}\s*)?", re.IGNORECASE)
    matched = lead.match(text, trimmed[0], trimmed[1])
    start = matched.end() if matched else trimmed[0]
    end = _bare_end(text, start, words.without_stop(text, start, trimmed[1])[1])
    return (start, end) if words.words(text, start, end) else None


def _condition(text: str, around: Range, language: str) -> Range | None:
    found = pattern(language, "condition").search(text, *around)
    if found is None:
        return None
    stop = re.compile(r"[,;:，；]\s?").search(text, found.end(), around[1])
    end = stop.start() if stop else around[1]
    return words.trim(text, found.start(), words.without_stop(text, found.start(), end)[1])


def _sounding(
    codebook: Codebook, text: str, sentence: Sentence, language: str, label: str
) -> list[Told]:
    """Return what may sound like an act, the likeliest first: each cue with what follows it."""
    bounds = _read(sentence)
    cues = cues_in(codebook, text, bounds, language)
    named = [cue for cue in cues if cue.choice == label]
    acting = [cue for cue in cues if cue.choice in ACTING | _WISHING]
    found: list[Told] = []
    for cue in (*named[::-1], *acting[::-1], *cues[::-1]):
        following = next((c.start for c in cues if c.start > cue.end), None)
        end = _clause_before(text, bounds, _Head(cue.start, cue.end), following, language)
        end = _without_tail(text, cue.end, end, language)
        stretch = (cue.start, max(cue.end, words.without_stop(text, cue.start, end)[1]))
        found.append(Told(*stretch, head=cue.start, around=stretch))
    # Where no cue is one of an act or of the label, its rules tell which of them sounds like one.
    if not (named or acting):
        found.sort(key=lambda told: -_shared(codebook, label, text[told.start : told.end]))
    whole = words.without_stop(text, *bounds)
    return found or [Told(*whole, head=whole[0], around=whole)]


def _shared(codebook: Codebook, label_id: str, said: str) -> int:
    for layer in codebook.layers:
        label = layer.label(label_id)
        if label is not None and layer.negative(label_id):
            return shared_words(layer, label, said)
    return 0


def _clause_before(
    text: str, bounds: Range, head: _Head, following: int | None, language: str
) -> int:
    """Return where the clause of a head ends, also where the next head stands in a participle.

    Nor does it take in another clause behind a comma that has a verb in the future.
    """
    if following is not None:
        participle = re.search(r"[,;，；]\s*$", text[head.end : following])
        if participle:
            return head.end + participle.start()
    end, _ = _clause_end(text, bounds, head, following, language)
    end = bounds[1] if end == following else end
    if not _says_that(text, head.end, end, language):
        for future in pattern(language, "future").finditer(text, head.end, end):
            breaks = pattern(language, "clause").finditer(text, head.end, future.start())
            own = [match.start() for match in breaks if match[0][0] in ",;:"]
            if own:
                return own[-1]
    return end


def _says_that(text: str, start: int, end: int, language: str) -> bool:
    """Tell whether a clause that a “that” begins follows: it is one whole."""
    return pattern(language, "that").match(text[start:end].lstrip()) is not None


def _without_tail(text: str, start: int, end: int, language: str) -> int:
    """Return where what is told of an act ends: before what only says more of its object."""
    if _says_that(text, start, end, language):
        return end
    found = pattern(language, "tail").search(text, start, end)
    long_enough = found is not None and words.words(text, start, found.start())
    return found.start() if found and long_enough else end
