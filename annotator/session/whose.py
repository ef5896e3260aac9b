"""Which cue goes with whoever is named, by the order in which a language puts the two.

Rules only. Offsets are code points of the readout's text, half-open.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from annotator.session import places, words
from annotator.session.hearers import TO_SOMEBODY
from annotator.session.propose import CueFound, Mention
from annotator.session.words import Range

AUXILIARIES: Final = re.compile(
    r"(?:\b(?:has|have|had|was|were|is|are|been|being|be|will|would|can|could|may|might|must"
    r"|should|shall|did|does|do|not|never|cannot)\s+)+$",
    re.IGNORECASE,
)
PASSIVE: Final = re.compile(
    r"\b(?:was|were|is|are|been|being)\s+(?:\w+ly\s+)?$|^(?:was|were|been)\b|\bwas expressed$"
    r"|\b(?:было|была|были)\b|\w(?:лено|нуто|мечено|жено|жена|жены|ласие|дено|тено)\b|ется$|ются$"
    r"|\b(?:a été|ont été)\b|^(?:تم|وتم|جرى)\b",
    re.IGNORECASE,
)
_AND = re.compile(
    r"(?:(,?\s+(?:and|und|et|и|y|e)\s+|\s*[和与與同]\s*|\s+و)|,\s+)(?:[^\s,;]+\s+){0,4}"
)
_ADDS = re.compile(r"\b(?:and|but|or|und|aber|et|mais|и|а|но|y|e|pero)\b|[和与與同]|\bو", re.I)
_ONLY_AND = re.compile(r"\s*,?\s*(?:and|und|et|и|y|e)\s+", re.IGNORECASE)
_AND_ALONE = re.compile(r"\b(?:and|und|et|и|y|e)\s+(?:\w+ly\s+|also\s+|then\s+)*$", re.IGNORECASE)
_LONGEST_LINK = 60
_UNDER = re.compile(r"\b(?:that|what|how|whether|что|що|que|dass|daß|che)\b|\bqu[’']|\bأن", re.I)
_ADDED = re.compile(
    r"(?:[,;，、；]|\b(?:and|but|or|und|aber|et|mais|и|а|но|y|e|pero))\s*$", re.IGNORECASE
)
_ADVERB = re.compile(r"(?:\s+(?:also|then|too|\w+ly))*\s*$")
_INTRODUCES = re.compile(
    r"according to|selon|d[’']après|laut|según|segundo|secondo|по словам|за словами", re.IGNORECASE
)
_AGENT = re.compile(
    r".*\b(?:by|in|at|from|between|par|entre|от|между|со стороны|بين|من قبل)\s+(?:the\s+)?",
    re.IGNORECASE | re.DOTALL,
)
_BEING = re.compile(r"\b(?:was|were|is|are|been|being|be)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_WAS = re.compile(r"\b(?:was|were)\b", re.IGNORECASE)
_NEAR = 20
_PARTICIPLE = re.compile(r"\w+(?:ing|ant)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"(?:\b(?:he|she|they|il|elle|ils|elles|он|она|они|er|sie|él|ella|ellos)\s+|[他她们們]+)$",
    re.IGNORECASE,
)
_BEHIND_A_TAG = re.compile(
    r"\s*(?:[^\w\s]|$|(?:in|at|on|after|during|while|when|before|à|au|dans|lors|devant|en)\b)"
)
_QUOTES = "”“»«’‘\"'"
_STRICT = frozenset({"en", "fr"})
"""Languages in which a verb stands before whoever says it in a tag only: “…, said Arda.”"""
_NEVER = frozenset({"zh", "ja"})
"""Languages in which no verb stands before whoever says it."""
_NO_TAG = TO_SOMEBODY | {"express_support", "discuss"}
_NOT_IN_A_TITLE = frozenset({"to", "for", "at"})
_FEW_WORDS = 6
_OWN, _FAR, _LAST = range(3)
"""How well a cue goes with a name: in one clause, in one that is added, or spoken to by it."""


def cue_of(
    text: str,
    bounds: Range,
    language: str,
    cues: Sequence[CueFound],
    own: Sequence[Mention],
    mentions: Sequence[Mention],
) -> CueFound | None:
    """Return the cue that a source goes with by the place of its names, None where none does.

    The first that is its own is taken, else the nearest behind its names that nobody else has, or
    only somebody in one breath with it. One before all names is taken only where the language puts
    it there. Without a name it is the first behind a pronoun or an office, or else the first that
    nobody else has.
    """
    code = language.partition("-")[0] or "en"
    ranks = {
        (mention, cue): rank
        for mention in mentions
        for cue in cues
        if (rank := _rank(text, bounds, code, mention, cue, cues)) is not None
    }
    owners: dict[CueFound, Mention] = {}
    for (mention, cue), rank in sorted(ranks.items(), key=lambda one: one[1]):
        if rank[0] == _OWN:
            owners.setdefault(cue, mention)
    if not own:
        free = [cue for cue in cues if cue not in owners]
        meant = (cue for cue in free if _has_a_subject(text, bounds, cue))
        return next(meant, next(iter([*free, *cues]), None))
    nearest = next((cue for cue in cues if owners.get(cue) in own), None)
    if nearest is not None:
        return nearest

    def is_free(mention: Mention, cue: CueFound) -> bool:
        owner = owners.get(cue)
        return owner is None or owner in in_one_breath(text, mention, mentions, cues)

    behind = {
        cue: rank
        for (mention, cue), rank in sorted(ranks.items(), key=lambda one: one[1], reverse=True)
        if mention in own and (rank[0] == _OWN or is_free(mention, cue))
    }
    return min(behind, key=behind.__getitem__, default=None)


def name_for(
    text: str, bounds: Range, language: str, cue: CueFound | None, own: Sequence[Mention]
) -> Mention | None:
    """Return the name of a source that goes best with its cue; the first where there is none."""
    if cue is None:
        return own[0] if own else None
    code = language.partition("-")[0] or "en"

    def fits(mention: Mention) -> tuple[int, int]:
        apart = max(cue.start - mention.end, mention.start - cue.end)
        return _rank(text, bounds, code, mention, cue, ()) or (_LAST + 1, apart)

    return min(own, key=fits, default=None)


def quoted_by(
    text: str, cue: CueFound, cues: Sequence[CueFound], quoted: Sequence[Range]
) -> list[Range]:
    """Return which quotations are a cue's own, of all `cues` around it.

    A quotation is of the cue that stands right before it or is a tag behind it, else of the last
    one before it, else of the first behind it. Cues within a quotation are part of what it says.
    """
    every = {(one.start, one.end): one for one in (*cues, cue)}
    around = [every[place] for place in sorted(every)]
    return [quote for quote in quoted if _quoting(text, quote, around) == (cue.start, cue.end)]


def _quoting(text: str, quote: Range, cues: Sequence[CueFound]) -> Range | None:
    before = next((c for c in reversed(cues) if c.end <= quote[0]), None)
    behind = next((c for c in cues if c.start >= quote[1]), None)
    if before is not None and behind is not None:
        lead, tag = text[before.end : quote[0]], text[quote[1] : behind.start]
        parted = words.clause_ends(tag, 0, len(tag)) or _ADDS.search(tag)
        participle = _PARTICIPLE.match(text, behind.start, behind.end)
        if not words.words(lead, 0, len(lead)) or parted or participle:
            behind = None
        else:
            before = None
    owner = before or behind
    return (owner.start, owner.end) if owner else None


def _rank(
    text: str, bounds: Range, code: str, mention: Mention, cue: CueFound, cues: Sequence[CueFound]
) -> tuple[int, int] | None:
    """Return how well a cue goes with a name, and how far from it it stands; None where not."""
    if mention.end <= cue.start:
        between = text[mention.end : cue.start]
        between = AUXILIARIES.sub("", between)
        if _is_aside(between):
            between = ""
        added = _ADDED.search(between) is not None or text[cue.start] == "و"
        under = _UNDER.search(between) is not None
        if under and not added:
            return None
        how = _FAR if under or words.clause_ends(between, 0, len(between)) else _OWN
        if _suffers(text, bounds, cue) or _is_object(text, bounds, code, mention, cue, cues):
            how = _LAST
        return how, cue.start - mention.end
    if cue.end <= mention.start:
        stands = _stands_before(text, bounds, code, cue, mention)
        return (_OWN, mention.start - cue.end) if stands else None
    return _OWN, 0


def _is_aside(between: str) -> bool:
    """Tell whether what stands between a name and its verb is put in between: “, who came,”."""
    body = _ADVERB.sub("", between).strip()
    ends = words.clause_ends(body, 0, len(body))
    return len(ends) > 1 and ends[0] == 0 and ends[-1] == len(body) - 1


def _suffers(text: str, bounds: Range, cue: CueFound) -> bool:
    """Tell whether whoever stands before a cue is spoken to by it: “was asked”."""
    active = _PARTICIPLE.match(text, cue.start, cue.end)
    return active is None and _BEING.search(_lead(text, bounds, cue)) is not None


def _lead(text: str, bounds: Range, cue: CueFound) -> str:
    return text[max(bounds[0], cue.start - _NEAR) : cue.start]


def _is_object(
    text: str, bounds: Range, code: str, mention: Mention, cue: CueFound, cues: Sequence[CueFound]
) -> bool:
    """Tell whether a name is only whom another act before it is about: “thanked Arda and said”."""
    if not _ONLY_AND.fullmatch(AUXILIARIES.sub("", text[mention.end : cue.start])):
        return False
    return any(
        other.end <= mention.start
        and not text[other.end : mention.start].strip()
        and not _stands_before(text, bounds, code, other, mention)
        for other in cues
    )


def is_joined(text: str, start: int, at: int) -> bool:
    """Tell whether a verb is joined by “and” to the one before, whose subject is its own too."""
    return _AND_ALONE.search(AUXILIARIES.sub("", text[start:at])) is not None


def _stands_before(text: str, bounds: Range, code: str, cue: CueFound, mention: Mention) -> bool:
    """Tell whether the language puts a cue there before whoever says it."""
    between = text[cue.end : mention.start]
    if words.clause_ends(between, 0, len(between)) or _UNDER.search(between):
        return False
    found = words.words(between, 0, len(between))
    if len(found) > _FEW_WORDS:
        return False
    said = text[cue.start : cue.end]
    if _INTRODUCES.fullmatch(said) or (
        _is_passive(text, bounds, cue) and _AGENT.fullmatch(between)
    ):
        return True
    if code in _NEVER or not titles_only(between):
        return False
    if code == "ar":
        return True
    return _is_tag(text, bounds, cue, mention) or (
        code not in _STRICT and cue.choice not in TO_SOMEBODY
    )


def _is_passive(text: str, bounds: Range, cue: CueFound) -> bool:
    said = text[cue.start : cue.end]
    by_itself = _WAS.search(said) or PASSIVE.search(said)
    return by_itself is not None or PASSIVE.search(_lead(text, bounds, cue)) is not None


def titles_only(between: str) -> bool:
    """Tell whether words are no more than the titles of whoever is named behind them."""
    return all(_of_a_title(between[a:b]) for a, b in words.words(between, 0, len(between)))


def _of_a_title(word: str) -> bool:
    plain = word.casefold()
    known = (places.OFFICES, places.BEFORE_OFFICE, places.LINKS, places.BEHIND_OFFICE)
    named = word[0].isupper() or plain.startswith("ال") or any(plain in some for some in known)
    return named and plain not in _NOT_IN_A_TITLE


def _is_tag(text: str, bounds: Range, cue: CueFound, mention: Mention) -> bool:
    """Tell whether a cue and the name behind it are put to what is said: “…”, said Arda."""
    if _PARTICIPLE.match(text, cue.start, cue.end):
        return False
    lead = text[bounds[0] : cue.start].rstrip()
    if not lead or lead.rstrip(",.")[-1:] in _QUOTES:
        return True
    put = lead[-1] in ",–—" and _BEHIND_A_TAG.match(text, mention.end, bounds[1]) is not None
    return put and cue.choice not in _NO_TAG


def _has_a_subject(text: str, bounds: Range, cue: CueFound) -> bool:
    """Tell whether a pronoun or an office stands before a cue, as one that is not named does."""
    lead = AUXILIARIES.sub("", text[bounds[0] : cue.start])
    last = words.words(lead, 0, len(lead))[-1:]
    office = any(lead[a:b].casefold() in places.OFFICES and not lead[b:].strip() for a, b in last)
    return office or _PRONOUN.search(lead) is not None


def in_one_breath(
    text: str, mention: Mention, others: Sequence[Mention], cues: Sequence[CueFound]
) -> list[Mention]:
    """Return the mentions in a row with one that ends in an “and”: “A, B and C agreed”."""
    row = [mention]
    place = others.index(mention)
    anded = False
    for one, other in pairwise(others[place:]):
        link = _link(text, one, other, cues)
        if link is None:
            break
        row.append(other)
        anded = link
    if len(row) > 1 and not anded:
        return [mention]
    for other, one in pairwise(reversed(others[: place + 1])):
        link = _link(text, one, other, cues)
        if link is None or not (link or anded):
            break
        row.insert(0, one)
        anded = True
    return row


def _link(text: str, one: Mention, other: Mention, cues: Sequence[CueFound]) -> bool | None:
    """Tell whether two mentions are linked by “and” or by a comma; None where by neither."""
    if any(one.end <= cue.start < other.start for cue in cues):
        return None
    between = text[one.end : other.start]
    found = _AND.fullmatch(between) if len(between) <= _LONGEST_LINK else None
    return None if found is None else found[1] is not None
