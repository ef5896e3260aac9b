"""Who else is in a text: names that the cast does not know, and words for several at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from annotator.model.entity import Cast, EntityType
from annotator.model.namesakes import titles
from annotator.model.sentence import Sentence
from annotator.session.propose import Mention, find_mentions

_CAPITAL = f"[{''.join(letter for letter in map(chr, range(0x2000)) if letter.isupper())}]"
_NAME = re.compile(
    rf"{_CAPITAL}[\w’'.-]*\w(?:\s+(?:(?:of|de|van|von|der|al|bin)\s+)?{_CAPITAL}[\w’'.-]*\w)*"
)


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS = _set_of(
    "the a an on in at during after before both with for as to when while but and also this these"
    " that today yesterday he she they it his her their its we our i according following"
    " il elle ils le la les un une в на по он она они это при также der die das er sie es"
    " el la los las"
)
_OF_ORGANISATIONS = re.compile(
    r"\b(?:Union|Nations|Organi[sz]ation|Council|Ministry|Office|Commission|Service|Party|Bank"
    r"|Agency|Alliance|Committee|Parliament|Court|Forum|Fund|Institute|Company|Group|Press"
    r"|Assembly|Senate|Congress|Government)\b"
)
_OF_STATES = re.compile(
    r"\b(?:Republic|Kingdom|Federation|States|Emirates|Islands|Sultanate|Principality)\b"
)
_WHERE = re.compile(
    r"\b(?:in|to|from|with|between|of|and|by|against|à|en|au|du|de|в|из|с|nach|aus|mit)\s+$",
    re.IGNORECASE,
)
_OF_A_COUNTRY = re.compile(r"(?:[aeiou]an|can|ese|ish)$")
_OF_TIME = _set_of(
    "january february march april may june july august september october november december"
    " monday tuesday wednesday thursday friday saturday sunday nov dec jan feb mar apr jun jul aug"
    " sep oct"
)
_SEVERAL = re.compile(
    r"\b(?:(?:the|both|all)\s+(?:(?:two|three|four|five)\s+)?(?:parties|sides|leaders|presidents"
    r"|heads\s+of\s+(?:state\s+and\s+government|state|government)|(?:foreign\s+|prime\s+)?ministers"
    r"|delegations|countries|states|nations|governments|interlocutors|principals)"
    r"|(?:обе\s+)?стороны|(?:оба\s+)?(?:лидеры|лидера|президенты|президента|собеседники|собеседника)"
    r"|главы\s+(?:двух\s+)?государств|обе\s+страны|две\s+страны"
    r"|les\s+(?:deux\s+)?(?:parties|dirigeants|présidents|ministres|chefs\s+d[’']État|pays|États)"
    r"|(?:die\s+|die\s+beiden\s+|beide\s+)(?:Seiten|Parteien|Präsidenten|Länder|Staaten)"
    r"|(?:ambas|las\s+dos|las)\s+partes|(?:ambos|los\s+dos|los)\s+(?:mandatarios|presidentes|países"
    r"|líderes|ministros))\b"
    r"|双方|雙方|两国元首|兩國元首|两国领导人|兩國領導人|两国|兩國"
    r"|(?:الجانبان|الطرفان|الرئيسان|الزعيمان|القائدان|البلدان|الدولتان)",
    re.IGNORECASE,
)
_OF_COUNTRIES = re.compile(
    r"countries|states|nations|governments|стран|pays|États|Länder|Staaten|países|[两兩][国國]$"
    r"|البلدان|الدولتان",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom a text names and the cast does not know, as far as the words tell."""

    name: str
    type: EntityType
    role: str = ""

    @property
    def line(self) -> str:
        """Say it as it is typed: the name, behind commas the role, and the type if no person."""
        kind = "" if self.type == "person" else self.type
        return ", ".join(part for part in (self.name, self.role, kind) if part)

    @property
    def full(self) -> str:
        """The name with its title before it, as the text has it."""
        return f"{self.role} {self.name}".strip()


def newcomers(cast: Cast, text: str, sentence: Sentence) -> list[Newcomer]:
    """Return whom a sentence names and the cast does not know, those of several words first."""
    bounds = (sentence.start, sentence.end)
    known = find_mentions(cast, text, *bounds)
    several: dict[str, Newcomer] = {}
    single: dict[str, Newcomer] = {}
    for match in _NAME.finditer(text, *bounds):
        start = _without_lead(match)
        if start is None or _overlaps(known, start, match.end()):
            continue
        found = _newcomer(text, start, match.end(), first=start == sentence.start)
        if found is not None:
            (several if " " in found.full else single).setdefault(found.name, found)
    return [*several.values(), *single.values()]


def _without_lead(match: re.Match[str]) -> int | None:
    """Return where a name begins behind the small words that only begin a sentence."""
    for word in re.finditer(r"\S+", match.group()):
        if word.group().casefold() not in _LEADS:
            return match.start() + word.start()
    return None


def _newcomer(text: str, start: int, end: int, *, first: bool) -> Newcomer | None:
    parts = text[start:end].split()
    if all(part.casefold().strip(".") in _OF_TIME for part in parts):
        return None
    name = " ".join(parts)
    if _OF_STATES.search(name):
        return Newcomer(name, "state")
    if _OF_ORGANISATIONS.search(name):
        return Newcomer(name, "organisation")
    titled = titles(parts)
    if titled == len(parts):
        return Newcomer(name, "office") if titled > 1 else None
    if titled:
        return Newcomer(" ".join(parts[titled:]), "person", " ".join(parts[:titled]))
    if len(parts) > 1:
        return Newcomer(name, "person")
    if first or len(name) < 3 or _OF_A_COUNTRY.search(name):
        return None
    return Newcomer(name, "state" if _WHERE.search(text[max(0, start - 12) : start]) else "person")


@dataclass(frozen=True)
class Several:
    """Words that stand for several at once, and who they might be, by entity id."""

    words: str
    members: tuple[str, ...]


def several(
    cast: Cast, text: str, sentence: Sentence, participants: tuple[str, ...] = ()
) -> Several | None:
    """Return the first words for several that nobody of the cast has, and two who might be meant.

    None where there are no such words, or the cast has no two persons or states to go with them.
    """
    bounds = (sentence.start, sentence.end)
    known = find_mentions(cast, text, *bounds)
    for match in _SEVERAL.finditer(text, *bounds):
        if _overlaps(known, *match.span()):
            continue
        words = " ".join(match.group().split())
        members = _two_of(cast, participants, states=bool(_OF_COUNTRIES.search(words)))
        if members:
            return Several(words[0].lower() + words[1:], members)
    return None


def _two_of(cast: Cast, participants: tuple[str, ...], *, states: bool) -> tuple[str, ...]:
    """Return the participants, else the first two of the cast, of the kind that is wanted."""
    taking_part = [entity for p in participants if (entity := cast.get(p)) is not None]
    for kind in ("state",) if states else ("person", "office", "state"):
        found = tuple(entity.id for entity in taking_part if entity.type == kind)
        found = (
            found if len(found) > 1 else tuple(e.id for e in cast.entities if e.type == kind)[:2]
        )
        if len(found) > 1:
            return found
    return ()


def _overlaps(known: list[Mention], start: int, end: int) -> bool:
    return any(mention.start < end and start < mention.end for mention in known)
