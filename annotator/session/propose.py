"""What the text itself proposes: who is named, which cue announces them, and what follows.

Rules only, from the codebook's cues and the readout's cast. A proposal fills a slot that the coder
sees at once and can change by a key; nothing here decides a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush

from annotator.model.codebook import Cue, Layer
from annotator.model.entity import Cast
from annotator.model.mark import EntityValue, Mark
from annotator.session import words
from annotator.session.words import Range

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PARTICLES = "وفبلك"
_ARTICLE = re.compile(
    r"(?:the|an?|les?|la|der|die|das|den|dem|el|los|las|il|lo|gli|os?|as)\s+|l[’']", re.IGNORECASE
)
LIKELY = "source_inferred"
"""The slot that takes whom a passive most likely means."""


@dataclass(frozen=True)
class CueFound:
    """Words that announce an attribution, and the choice that the codebook gives them."""

    start: int
    end: int
    choice: str


@dataclass(frozen=True)
class _Cues:
    """The cues of a language as one expression, and what each way to match it speaks for."""

    pattern: re.Pattern[str]
    literal: dict[str, str]
    gapped: dict[str, str]

    def choice(self, match: re.Match[str]) -> str | None:
        """Return what a match speaks for; None where its letters only look like those of a cue."""
        if match.lastgroup is not None:
            return self.gapped[match.lastgroup]
        return self.literal.get(" ".join(match.group().split()).casefold())


@lru_cache(maxsize=32)
def _cue_pattern(cues: tuple[Cue, ...], language: str) -> _Cues:
    forms: dict[str, str] = {}
    for cue in cues:
        if cue.language == language:
            forms.update({form.casefold(): cue.choice for form in cue.forms})
    # Of two of one length, the one that also asks for its neighbours.
    longest_first = sorted(forms, key=lambda form: (len(_own(form)), len(form)), reverse=True)
    spaced = language not in ("zh", "ja")
    gapped: dict[str, str] = {}
    bodies = []
    for form in longest_first:
        body = _written(form)
        if _GAP in form or "[" in form:
            name = f"g{len(gapped)}"
            gapped[name] = forms[form]
            body = f"(?P<{name}>{body})"
        bodies.append(body)
    body = "|".join(bodies)
    # Most words begin with no letter that a cue begins with, and need not be tried.
    initials = re.escape("".join({_own(form)[:1] for form in forms}))
    pattern = rf"(?<!\w)(?=[{initials}])(?:{body})(?!\w)" if spaced else f"(?:{body})"
    return _Cues(re.compile(pattern if forms else r"(?!)", re.IGNORECASE), forms, gapped)


_GAP = "…"
_WORDS_OF_A_GAP = r"[\w’'-]+(?:\s+[\w’'-]+){0,3}"
_FORM = re.compile(r"(?:\[([^\]]+)\] )?(.+?)(?: \[([^\]]+)\])?")


def _own(form: str) -> str:
    """Return the form of a cue without what is in brackets beside it."""
    found = _FORM.fullmatch(form)
    return found[2] if found else form


def _written(form: str) -> str:
    """Return the form of a cue as an expression.

    “…” stands for one to four words. What is in brackets must stand there, but is no part of it.
    """
    found = _FORM.fullmatch(form)
    before, own, behind = found.groups() if found else (None, form, None)
    ahead = rf"(?<=\b{re.escape(before)}\s)".replace(r"\ ", r"\s") if before else ""
    follows = rf"(?=\s+{_spelled(behind)}(?!\w))" if behind else ""
    return f"{ahead}{_spelled(own)}{follows}"


def _spelled(words_of_it: str) -> str:
    # One gap: several in a row could be read in more ways than anybody has time for.
    before, gap, behind = words_of_it.partition(_GAP)
    spelled = [re.escape(part).replace(r"\ ", r"\s+") for part in (before, behind)]
    return spelled[0] + (_WORDS_OF_A_GAP if gap else "") + spelled[1]


def cue_slot(layer: Layer) -> str | None:
    """Return the id of the choice slot that the layer's cues speak for."""
    wanted = {cue.choice for cue in layer.cues}
    slots = (s.id for s in layer.slots if wanted and wanted <= {c.id for c in s.choices})
    return next(slots, None)


def find_cues(layer: Layer, text: str, start: int, end: int, language: str) -> list[CueFound]:
    """Return the cues of `text[start:end]` in reading order; `language` is a BCP 47 tag."""
    cues = _cue_pattern(layer.cues, language.partition("-")[0] or "en")
    matches = cues.pattern.finditer(text, start, end)
    found = ((match.span(), cues.choice(match)) for match in matches)
    return [CueFound(*place, choice) for place, choice in found if choice is not None]


@dataclass(frozen=True)
class Mention:
    """Words that name somebody of the cast."""

    start: int
    end: int
    entity: str


def find_mentions(cast: Cast, text: str, start: int, end: int) -> list[Mention]:
    """Return where `text[start:end]` names the cast, in reading order and without overlaps.

    Of names that overlap the longer one counts: an article before it makes no name longer.
    """
    written = {
        name: entity.id
        for entity in reversed(cast.entities)
        for name in (entity.name, *entity.aliases)
        if name.strip()
    }
    if not written:
        return []
    folded = {_folded(name): entity for name, entity in written.items()}
    pattern = _names_pattern(tuple(sorted(written, key=len, reverse=True)))
    return [
        Mention(*place, entity)
        for place in _longest(pattern, text, start, end)
        if (entity := folded.get(_folded(text[slice(*place)]))) is not None
    ]


def _longest(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[Range]:
    """Return the places of names, a longer one before all that overlap it."""
    waiting = [_weighed(match) for match in pattern.finditer(text, start, end)]
    heapify(waiting)
    kept: list[Range] = []
    while waiting:
        _, (begins, ends) = heappop(waiting)
        place = bisect_left(kept, (begins, ends))
        if place and kept[place - 1][1] > begins:
            continue
        if place < len(kept) and kept[place][0] < ends:
            # A shorter name may end before the one that is in its way.
            shorter = pattern.match(text, begins, kept[place][0])
            if shorter is not None:
                heappush(waiting, _weighed(shorter))
            continue
        kept.insert(place, (begins, ends))
    return kept


def _weighed(match: re.Match[str]) -> tuple[int, Range]:
    return -len(_ARTICLE.sub("", match[1])), match.span(1)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold().replace("’", "'")


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    # Looked ahead for, so that a name within another is found as well.
    return re.compile(f"(?=({'|'.join(map(_name_pattern, names))}))", re.IGNORECASE)


def _name_pattern(name: str) -> str:
    # Chinese and Japanese put no blanks between words; Arabic writes its particles onto them.
    before = "" if _UNSPACED.match(name[0]) else rf"(?<![^\W{_PARTICLES}])"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    # A line may end within a name.
    written = r"\s+".join(map(re.escape, name.replace("’", "'").split()))
    return before + written.replace("'", "['’]") + after


def after(text: str, bounds: Range, start: int) -> Range:
    """Return what follows a place in a sentence, without a comma before and a full stop behind."""
    trimmed = words.trim(text, start, bounds[1])
    if trimmed is None:
        return bounds
    start = trimmed[0] + (len(text[trimmed[0]]) if text[trimmed[0]] in ",:，：、،" else 0)
    trimmed = words.trim(text, start, words.without_stop(text, start, bounds[1])[1])
    return trimmed or bounds


def parties(marks: Iterable[Mark], layer: Layer, cast: Cast) -> tuple[EntityValue, ...]:
    """Propose who commits: the sources of attributions, collectives taken apart.

    Where an attribution names nobody, it is whom it holds to be meant most likely, as inferred.
    """
    found: dict[str, EntityValue] = {}
    for mark in marks:
        named = [v for v in mark.values(layer.entry) if isinstance(v, EntityValue)]
        likely = [v for v in mark.values(LIKELY) if isinstance(v, EntityValue)]
        for value in named or likely:
            entity = cast.get(value.entity)
            for member in entity.members if entity and entity.members else (value.entity,):
                inferred = value.inferred or not named
                found[member] = EntityValue(entity=member, inferred=inferred)
    return tuple(found.values())
