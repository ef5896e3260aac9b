"""Web pages: the text that a reader sees, and the title.

Nothing is fetched. White space is collapsed as browsers do, no-break spaces stay; a list's bullets
and numbers are part of what is seen and become text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

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
_HEAD = _tags("head title meta link base script style noscript template")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_PRESCAN = 1024


def read(path: Path, encoding: str | None) -> Iterator[Incoming]:
    """Yield the one readout of a page; raises InputError where it is not text or shows none."""
    raw = read_bytes(path)
    page = _Page()
    page.feed(_decoded(raw, encoding, str(path)).text)
    page.finish()
    metadata = Metadata(source_file=printable(path.name), source_sha256=sha256(raw))
    yield Incoming(path.stem, taken(page.text, str(path)), metadata, page.title or None)


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
    """Collects pieces of text; line breaks are owed until the next words come."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
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

    @property
    def text(self) -> str:
        return "".join(self._pieces)

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
        if tag in _UNSEEN:
            self._unseen, self._unseen_depth = tag, 1
        elif tag == "head":
            self._in_head = True
        elif tag == "title":
            self._in_title = True
        elif tag not in _HEAD:
            self._in_head = self._in_title = False
            self._open(tag, attrs)

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
        elif not self._in_head:
            self._words(data)

    def _open(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._owe(self._breaks + 1)
        elif tag in _PARAGRAPHS:
            self._owe(2 if not self._lists else 1)
        elif tag in _LINES:
            self._owe(1)
        elif tag in _CELLS and not self._fresh and not self._breaks:
            self._pieces.append("\t")
            self._space, self._fresh = False, True
        if tag in _LISTS:
            self._lists.append(_start(attrs) if tag == "ol" else None)
        elif tag == "li":
            self._bullet(attrs)
        elif tag == "pre":
            self._pre += 1

    def _close(self, tag: str) -> None:
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
