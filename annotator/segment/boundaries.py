"""Where sentences end within a block.

Every rule looks at a bounded stretch around the mark it judges, and what is known of the sentence
so far is carried along, so the work is linear in the length of the block.
"""

from __future__ import annotations

import re
from typing import Final

from annotator.segment.lexicon import (
    AFTER_CLOCK,
    MONTH_WORDS,
    ORDINAL_LEADS,
    REPORTING,
    Kind,
    Lexicon,
)
from annotator.segment.marks import (
    ALNUM,
    CANDIDATE,
    INK,
    QUOTES,
    STRONG,
    WORD,
    is_caseless,
    is_cjk,
)

_WINDOW: Final = 32
_LONGEST_ASIDE: Final = 300
_TOKEN: Final = re.compile(r"[^\s\"'“”«»‹›„‘’‚()\[\]{}/—–\-‑,:;，、：；。]+|[:;：；]")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_ROMAN: Final = re.compile(r"[IVXLC]{2,}|[VXLC]")
_MARKER: Final = re.compile(r"\W{0,2}(?:\d{1,3}|[^\W\d_]|[IVXivx]{1,5})")
_REST_OF_DATE: Final = re.compile(r"\d{1,2}\.|\d{4}\b")
_PARENTHESES: Final = re.compile(r"[()（）\[\]]")
_NAME_AND_VERB: Final = re.compile(
    rf"(?:(?:[^\W\d_a-z][a-z]{{0,3}}\.|[\w’'\-]{{1,30}})\s){{1,6}}(?:{REPORTING})\b"
)
_CHINESE_SPEAKER: Final = re.compile(rf"\w{{1,10}}?(?:{REPORTING})道?[，。]")
_GOES_ON: Final = frozenset(",;:，、；：،؛")


def sentence_ends(text: str, start: int, end: int, words: Lexicon) -> list[int]:
    """Return the offsets after the sentences of a block, the last one's left out.

    `start` and `end` are code points, half-open. Each sentence holds a letter or a digit; signs
    between two sentences belong to the later one.
    """
    return _Reader(text, start, end, words).ends()


class _Reader:
    """Reads one block from left to right."""

    def __init__(self, text: str, start: int, end: int, words: Lexicon) -> None:
        self.text, self.end, self.words = text, end, words
        self.sentence = start
        first = ALNUM.search(text, start, end)
        self.said = first.start() if first else end
        self.ahead = self.said
        self.asides = _asides(text, start, end)
        self.aside = 0
        self.aside_end = start

    def ends(self) -> list[int]:
        found = []
        for candidate in CANDIDATE.finditer(self.text, self.sentence, self.end):
            marks, cut = candidate.start(), candidate.end()
            if marks <= self.said:
                continue
            if not self._look_ahead(cut):
                break
            self._enter_asides(marks)
            if cut <= self.aside_end or not self._is_end(marks, candidate.end(1), cut):
                continue
            found.append(cut)
            self.said = self.ahead
            self.sentence = INK.search(self.text, cut).start()  # type: ignore[union-attr]
        return found

    def _look_ahead(self, cut: int) -> bool:
        """Move `ahead` to the first letter or digit after a cut; tell whether there is one."""
        if self.ahead < cut:
            found = ALNUM.search(self.text, cut, self.end)
            self.ahead = found.start() if found else self.end
        return self.ahead < self.end

    def _enter_asides(self, place: int) -> None:
        """Note the parentheses that opened before a place, after the sentence's first word."""
        while self.aside < len(self.asides) and self.asides[self.aside][0] < place:
            opening, closing = self.asides[self.aside]
            if opening > self.said:
                self.aside_end = max(self.aside_end, closing)
            self.aside += 1

    def _is_end(self, marks: int, tail: int, cut: int) -> bool:
        text = self.text
        follows = text[cut]
        if follows in _GOES_ON:
            return False
        run = text[marks:tail]
        if self._is_strong(run, marks, cut):
            return not (self._closes_quote(tail, cut) and _CHINESE_SPEAKER.match(text, cut))
        if not follows.isspace():
            return self._is_glued(run, marks, tail, cut)
        if text[self.ahead].islower() or text[marks - 1] in "([":
            return False
        if "!" in run or "?" in run:
            return not self._asked_by_somebody(marks, tail, cut)
        if len(run) > 1 or run != ".":
            return not text[marks - 1].isspace()
        return self._is_full_stop(marks, tail, cut)

    def _is_strong(self, run: str, marks: int, cut: int) -> bool:
        if any(mark in STRONG for mark in run):
            return True
        before, after = is_cjk(self.text[marks - 1]), is_cjk(self.text[cut])
        # Chinese typed with Western marks.
        if run.strip("…‥") == "":
            return False
        return (before and after) or ((before or after) and run in ("!", "?"))

    def _closes_quote(self, tail: int, cut: int) -> bool:
        return any(sign in QUOTES for sign in self.text[tail:cut])

    def _asked_by_somebody(self, marks: int, tail: int, cut: int) -> bool:
        """Tell whether a question or a cry ends within the sentence: “Why?” Mr. Orsk asked."""
        if marks < self.aside_end < cut:
            return True
        return self._closes_quote(tail, cut) and bool(_NAME_AND_VERB.match(self.text, self.ahead))

    def _is_glued(self, run: str, marks: int, tail: int, cut: int) -> bool:
        """Tell whether a space is missing after a full stop, as in “agreed.The”."""
        text = self.text
        before, after = text[marks - 1], text[cut]
        if len(run) > 1 or not after.isalpha() or any(c not in QUOTES for c in text[tail:cut]):
            return False
        capital = before.islower() and after.isupper()
        if not capital and not (is_caseless(before) and is_caseless(after)):
            return False
        around = text[max(self.sentence, marks - 64) : marks].rsplit(None, 1)
        rest = text[cut : cut + 64].split(None, 1)[0]
        if any(sign in around[-1] or sign in rest for sign in ("@", "://", "www.", "_", "=")):
            return False
        last = self._tokens(marks)[-1:]
        word = WORD.match(text, cut)
        if not last or not last[0].isalpha() or len(last[0]) < 3 or word is None:
            return False
        if self.words.kind(last[0]) or (word[0].isupper() and len(word[0]) > 1):
            return False
        return len(word[0]) > 3 or self.words.starts(word[0])

    def _tokens(self, marks: int) -> list[str]:
        return _TOKEN.findall(self.text, max(self.sentence, marks - _WINDOW), marks)

    def _is_full_stop(self, marks: int, tail: int, cut: int) -> bool:
        tokens = self._tokens(marks)
        if not tokens or not self.text.startswith(tokens[-1], marks - len(tokens[-1])):
            return True
        last, before = tokens[-1], tokens[-2] if len(tokens) > 1 else ""
        if marks - self.sentence <= 6 and _MARKER.fullmatch(self.text, self.sentence, marks):
            return False
        if last.isdecimal():
            return self._ends_after_number(last, before)
        kind = self.words.kind(last)
        initials = len(last) == 1 or _INITIALS.fullmatch(last) is not None
        if kind is None and not initials:
            return True
        if ")" in self.text[tail:cut]:
            return False
        # Without an hour before it “P.M.” is the Prime Minister, or somebody's initials.
        if kind is None or (kind is Kind.CLOCK and last.isupper() and not before[-1:].isdecimal()):
            return self._ends_after_initials(last, before)
        return self._ends_after_abbreviation(kind, before, cut)

    def _ends_after_number(self, number: str, before: str) -> bool:
        if len(number) > 2:
            return True
        following = self._next_word()
        if before in (":", ";", "：", "；") or following.lower() in MONTH_WORDS:
            return False
        if _REST_OF_DATE.match(self.text, self.ahead):
            return False
        return before not in ORDINAL_LEADS or self.words.starts(following)

    def _ends_after_initials(self, last: str, before: str) -> bool:
        if len(last) == 1 and not last.isupper():
            if before[-1:].isdecimal():
                return True
            if is_caseless(last):
                return False
        return self._starter_follows(after_initial=True)

    def _ends_after_abbreviation(self, kind: Kind, before: str, cut: int) -> bool:
        if kind is Kind.TITLE:
            return False
        if kind is Kind.BEFORE_NUMBER:
            following = self._next_word()
            return not (following[:1].isdecimal() or _ROMAN.fullmatch(following))
        if kind is Kind.UNIT:
            return before[-1:].isdecimal() or _ROMAN.fullmatch(before) is not None
        if kind is Kind.CLOCK:
            opened = "(" in self.text[cut : self.ahead]
            return not opened and self._next_word().lower() not in AFTER_CLOCK
        return self._starter_follows()

    def _next_word(self) -> str:
        found = WORD.match(self.text, self.ahead, min(self.end, self.ahead + _WINDOW))
        return found[0] if found else ""

    def _starter_follows(self, *, after_initial: bool = False) -> bool:
        word = self._next_word()
        after = self.ahead + len(word)
        # “J. A. Smith”: a letter with a full stop is a further initial.
        if len(word) == 1 and self.text[after : after + 1] == ".":
            return False
        return self.words.starts(word, after_initial=after_initial)


def _asides(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pairs of parentheses of a block that are near each other, by their openings."""
    pairs, open_at = [], []
    for found in _PARENTHESES.finditer(text, start, end):
        if found[0] in "(（[":
            open_at.append(found.start())
        elif open_at:
            opening = open_at.pop()
            if found.start() - opening <= _LONGEST_ASIDE:
                pairs.append((opening, found.start()))
    return sorted(pairs)
