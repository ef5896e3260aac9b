"""What the text itself proposes: who is named, which cue announces them, and what follows.

Rules only, from the codebook's cues and the readout's cast. A proposal fills a slot that the coder
sees at once and can change by a key; nothing here decides a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from annotator.model.codebook import Cue, Layer
from annotator.model.entity import Cast
from annotator.model.mark import EntityValue
from annotator.model.sentence import Sentence
from annotator.session import words
from annotator.session.words import Range

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PARTICLES = "وفبلك"


@dataclass(frozen=True)
class CueFound:
    """Words that announce an attribution, and the choice that the codebook gives them."""

    start: int
    end: int
    choice: str


@lru_cache(maxsize=32)
def _cue_pattern(cues: tuple[Cue, ...], language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    forms: dict[str, str] = {}
    for cue in cues:
        if cue.language == language:
            forms.update({form.casefold(): cue.choice for form in cue.forms})
    longest_first = sorted(forms, key=len, reverse=True)
    spaced = language not in ("zh", "ja")
    body = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
    # Most words begin with no letter that a cue begins with, and need not be tried.
    initials = re.escape("".join({form[0] for form in forms}))
    pattern = rf"(?<!\w)(?=[{initials}])(?:{body})(?!\w)" if spaced else f"(?:{body})"
    return re.compile(pattern if forms else r"(?!)", re.IGNORECASE), forms


def cue_slot(layer: Layer) -> str | None:
    """Return the id of the choice slot that the layer's cues speak for."""
    wanted = {cue.choice for cue in layer.cues}
    slots = (s.id for s in layer.slots if wanted and wanted <= {c.id for c in s.choices})
    return next(slots, None)


def find_cues(layer: Layer, text: str, start: int, end: int, language: str) -> list[CueFound]:
    """Return the cues of `text[start:end]` in reading order; `language` is a BCP 47 tag."""
    pattern, forms = _cue_pattern(layer.cues, language.partition("-")[0] or "en")
    found = []
    for match in pattern.finditer(text, start, end):
        # A pattern that ignores case also takes letters that only look alike.
        choice = forms.get(" ".join(match.group().split()).casefold())
        if choice is not None:
            found.append(CueFound(*match.span(), choice))
    return found


@dataclass(frozen=True)
class Mention:
    """Words that name somebody of the cast."""

    start: int
    end: int
    entity: str


def find_mentions(cast: Cast, text: str, start: int, end: int) -> list[Mention]:
    """Return where `text[start:end]` names the cast, longest names first, without overlaps."""
    written = {
        name: entity.id
        for entity in reversed(cast.entities)
        for name in (entity.name, *entity.aliases)
        if name
    }
    if not written:
        return []
    folded = {" ".join(name.split()).casefold(): entity for name, entity in written.items()}
    pattern = _names_pattern(tuple(sorted(written, key=len, reverse=True)))
    named = (
        (match.span(), folded.get(" ".join(match.group().split()).casefold()))
        for match in pattern.finditer(text, start, end)
    )
    return [Mention(*place, entity) for place, entity in named if entity is not None]


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_name_pattern, names)), re.IGNORECASE)


def _name_pattern(name: str) -> str:
    # Chinese and Japanese put no blanks between words; Arabic writes its particles onto them.
    before = "" if _UNSPACED.match(name[0]) else rf"(?<![^\W{_PARTICLES}])"
    after = "" if _UNSPACED.match(name[-1]) else r"(?!\w)"
    # A line may end within a name.
    written = r"\s+".join(map(re.escape, name.split()))
    return f"{before}{written}{after}"


def after(text: str, bounds: Range, start: int) -> Range:
    """Return what follows a place in a sentence, without a comma before and a full stop behind."""
    trimmed = words.trim(text, start, bounds[1])
    if trimmed is None:
        return bounds
    start = trimmed[0] + (len(text[trimmed[0]]) if text[trimmed[0]] in ",:，：、،" else 0)
    trimmed = words.trim(text, start, words.without_stop(text, start, bounds[1])[1])
    return trimmed or bounds


def parties(sentence: Sentence, layer: Layer, cast: Cast) -> tuple[EntityValue, ...]:
    """Propose who commits: the sources of the sentence's attributions, collectives taken apart."""
    found: dict[str, EntityValue] = {}
    for mark in sentence.of_layer(layer.id):
        for value in mark.values(layer.entry):
            if isinstance(value, EntityValue):
                entity = cast.get(value.entity)
                for member in entity.members if entity and entity.members else (value.entity,):
                    found[member] = EntityValue(entity=member, inferred=value.inferred)
    return tuple(found.values())
