"""The marks that open an item of a list."""

from __future__ import annotations

import re
from typing import Final

from annotator.segment.lexicon import MONTHS

_BULLET: Final = r"[•‣◦▪▫■□●○∙·*+➢➤►▶✓✔❖⁃※◆◇→]"
_MARKER: Final = re.compile(
    rf"""
    (?: (?P<bullet> {_BULLET} | o(?=[ \u00a0\t]{{2}}|\t) | [①-⑳])
      | (?P<dash> [-–—]{{1,2}})
      | (?P<number>
            \(\d{{1,3}}\) | \d{{1,3}}\) | \d{{1,3}}\.(?!\s+(?:{MONTHS})\b)
          | \d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[.)]?
          | \([a-z]\) | [a-z]\) | [a-z]\.
          | \([IVXivx]{{1,5}}\) | [IVXivx]{{1,5}}[.)]
          | \([а-я]\) | [а-я]\)
        )
    ) (?=\s)
    | (?P<cjk> [一二三四五六七八九十]{{1,3}}、 | [（(][一二三四五六七八九十]{{1,3}}[）)])
    """,
    re.VERBOSE,
)


def marker(text: str, start: int, end: int) -> re.Match[str] | None:
    """Match the marker of a list item at the start of a line, or return None."""
    return _MARKER.match(text, start, end)


def kind(found: re.Match[str] | None) -> str | None:
    """Name the kind of a marker: items of one list have the same."""
    return found.lastgroup if found else None
