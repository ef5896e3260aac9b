"""Web pages: the text that a reader sees, and the title.

Nothing is fetched. White space is collapsed as browsers do, no-break spaces stay; a list's bullets
and numbers are part of what is seen and become text.

What stands around the article is left out, by what the page itself says of it: if it has one
`main`, or else one `article`, only that is taken; `nav` and what has the role of navigation or
search is left out everywhere, `aside`, `footer`, buttons and what has the role of a banner outside
of `main` and `article`. Where that would leave less than a quarter of the words, or an element of
these is not closed, nothing is left out. The page itself is not kept, but its name and sha256 are.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Self

from annotator.errors import InputError
from annotator.files import Decoded, decode, printable, read_bytes, sha256
from annotator.formats.incoming import Incoming, taken
from annotator.model.readout import Metadata


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PARAGRAPHS = _tags("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table")
_LINES = _tags(
    "address article aside body caption center dd details dialog div dt fieldset figcaption figure"
    " footer form header hgroup hr li legend main menu nav option search section summary tbody"
    " tfoot thead tr"
)
_CELLS = frozenset({"td", "th"})
_LISTS = frozenset({"ul", "ol", "menu"})
_UNSEEN = _tags("script style noscript template iframe svg select datalist")
_REGIONS = _tags("main article")
_AROUND_OUTSIDE = _tags("aside button footer")
_MAY_HAVE_ROLE = _tags("aside div footer form header nav section ul")
_ROLES = frozenset({"navigation", "search"})
_ROLES_OUTSIDE = frozenset({"banner", "complementary", "contentinfo"})
_LEAST = 0.25
"""Share of a page's words that is left at least where something is left out."""
_HEAD = _tags("head title meta link base script style noscript template")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_PRESCAN = 1024


def read(path: Path, encoding: str | None) -> Iterator[Incoming]:
    """Yield the one readout of a page; raises InputError where it is not text or shows none."""
    raw = read_bytes(path)
    source = _decoded(raw, encoding, str(path)).text
    whole = _Page.of(source)
    text = _article(source, whole)
    metadata = Metadata(source_file=printable(path.name), source_sha256=sha256(raw))
    left_out = len(whole.text) - len(text)
    note = f"{left_out:,} characters of menus and the like around the text were left out"
    yield Incoming(
        path.stem,
        taken(text, str(path)),
        metadata,
        whole.title or None,
        note=note if left_out else "",
    )


def _article(source: str, whole: _Page) -> str:
    """Return the text of a page without what stands around it, or all of it."""
    least = len(whole.text.split()) * _LEAST
    regions = [name for name in ("main", "article") if whole.regions[name] == 1]
    for region in (*regions, ""):
        page = _Page.of(source, region, around=False)
        words = len(page.text.split())
        if words and words >= least and not page.broken:
            return page.text
    return whole.text


def _decoded(raw: bytes, encoding: str | None, name: str) -> Decoded:
    """Decode a page; its own word on its encoding counts where it is not UTF-8."""
    try:
        return decode(raw, encoding=encoding, name=name)
    except InputError:
        declared = _CHARSET.search(raw[:_PRESCAN])
        if encoding or not declared or b"\0" in raw:
            raise
        said = declared[1].decode("ascii").lower()
        # The web's Latin-1 is Windows' in truth.
        return decode(raw, encoding="cp1252" if said == "iso-8859-1" else said, name=name)


class _Page(HTMLParser):
    """Collects pieces of text; line breaks are owed until the next words come.

    With a `region`, only what stands in it; without what stands `around` the article, where that is
    said.
    """

    def __init__(self, region: str = "", *, around: bool = True) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.regions = Counter[str]()
        self._region = region
        self._around = around
        self._open_regions: list[str] = []
        self._pieces: list[str] = []
        self._breaks = 0
        self._space = False
        self._fresh = True
        self._unseen = ""
        self._unseen_depth = 0
        self._in_head = False
        self._in_title = False
        self._titles: list[str] = []
        self._pre = 0
        self._lists: list[int | None] = []

    @classmethod
    def of(cls, source: str, region: str = "", *, around: bool = True) -> Self:
        page = cls(region, around=around)
        page.feed(source)
        page.finish()
        return page

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def broken(self) -> bool:
        """Whether something that is not shown is not closed."""
        return bool(self._unseen)

    def finish(self) -> None:
        """Take what the parser still holds back.

        Its own `close` would search the rest of a broken page once for every `<` in it.
        """
        rest = self.rawdata
        self.rawdata = ""
        if not self.cdata_elem and not rest.startswith("<"):
            self.handle_data(html.unescape(rest))

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        # A browser takes it for a comment; the parser's own way fails on names it does not know.
        return self.parse_bogus_comment(i, report)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._unseen_depth += tag == self._unseen
            return
        if tag in _UNSEEN or (not self._around and self._stands_around(tag, attrs)):
            self._unseen, self._unseen_depth = tag, 1
            if tag not in _UNSEEN:
                self._in_head = self._in_title = False
                self._owe(1)
        elif tag == "head":
            self._in_head = True
        elif tag == "title":
            self._in_title = True
        elif tag not in _HEAD:
            self._in_head = self._in_title = False
            self._open(tag, attrs)

    def _stands_around(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        role = (dict(attrs).get("role") or "").strip().lower() if tag in _MAY_HAVE_ROLE else ""
        if tag == "nav" or role in _ROLES:
            return True
        outside = not self._open_regions
        return outside and (tag in _AROUND_OUTSIDE or role in _ROLES_OUTSIDE)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A slash closes nothing in HTML but what stands in a drawing.
        if not (self._unseen or tag == "svg"):
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._unseen_depth -= tag == self._unseen
            if not self._unseen_depth:
                self._unseen = ""
        elif tag == "head":
            self._in_head = False
        elif tag == "title" and self._in_title:
            self._in_title = False
            self.title = self.title or _SPACE.sub(" ", "".join(self._titles)).strip()
        else:
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if self._in_title:
            if not self.title:
                self._titles.append(data)
        elif not self._in_head and self._is_wanted():
            self._words(data)

    def _is_wanted(self) -> bool:
        return not self._region or self._region in self._open_regions

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _REGIONS:
            self.regions[tag] += 1
            self._open_regions.append(tag)
        if tag == "br":
            self._owe(self._breaks + 1)
        elif tag in _PARAGRAPHS:
            self._owe(2 if not self._lists else 1)
        elif tag in _LINES:
            self._owe(1)
        elif tag in _CELLS and not self._fresh and not self._breaks and self._is_wanted():
            self._pieces.append("\t")
            self._space, self._fresh = False, True
        if tag in _LISTS:
            self._lists.append(_start(attrs) if tag == "ol" else None)
        elif tag == "li":
            self._bullet(attrs)
        elif tag == "pre":
            self._pre += 1

    def _close(self, tag: str) -> None:
        if tag in self._open_regions:
            del self._open_regions[self._open_regions.index(tag) :]
        if tag in _LISTS and self._lists:
            self._lists.pop()
        if tag == "pre":
            self._pre = max(0, self._pre - 1)
        if tag in _PARAGRAPHS:
            self._owe(2 if not self._lists else 1)
        elif tag in _LINES:
            self._owe(1)

    def _owe(self, breaks: int) -> None:
        self._breaks = max(self._breaks, breaks)
        self._space = False

    def _bullet(self, attrs: list[tuple[str, str | None]]) -> None:
        if not self._is_wanted():
            return
        number = self._lists[-1] if self._lists else None
        if number is None or not self._lists:
            self._words("• ")
            return
        self._words(f"{number}. ")
        self._lists[-1] = number + 1

    def _words(self, data: str) -> None:
        if self._pre:
            self._put(data)
            return
        for index, words in enumerate(_SPACE.split(data)):
            self._space = self._space or index > 0
            if words:
                self._put(words)

    def _put(self, words: str) -> None:
        if self._pieces and self._breaks:
            self._pieces.append("\n" * min(self._breaks, 2))
        elif self._space and not self._fresh:
            self._pieces.append(" ")
        self._pieces.append(words)
        self._breaks, self._space, self._fresh = 0, False, False


def _start(attrs: list[tuple[str, str | None]]) -> int:
    value = dict(attrs).get("start") or ""
    return int(value) if re.fullmatch(r"-?\d{1,6}", value, re.A) else 1
