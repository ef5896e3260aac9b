"""What is wrong with the bytes of a journal, and what can be mended without guessing.

Every mending is proved by the checksums that the lines carry, but for one: a file that another
program wrote anew has none that hold, and is taken over where it reads as a coding throughout.
`salvage` is for what is left: it drops what is not as it was written, and says what that may cost.
"""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, Literal

import orjson

from annotator.errors import DamagedFile
from annotator.files import printable
from annotator.model.edit import Change, Document, Edit, begun
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.store import format as form
from annotator.store import rules
from annotator.store.base import Header
from annotator.store.flips import Piece, Sound, pieces, read, sound
from annotator.store.history import Replay, fold
from annotator.store.lines import CLOSING, GO_ON, RESTORE, Lines, damaged, journal, parse, render
from annotator.store.migrations import line_of, migrated_head

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_BLANKS: Final = b" \t\r\n"
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRINGS = re.compile(_STRING, re.DOTALL)
_STRING_OR_BLANKS = re.compile(rb"(%b)|[ \t\r\n]+" % _STRING, re.DOTALL)
_NO_BLANK_AFTER_COLON = re.compile(rb":(?![ \t\r\n])")
_SEAL = re.compile(rb',"crc":"[0-9a-f]{8}"\}\}(,"_default":\{)?')
_CRC = re.compile(r"[0-9a-f]{8}")
_KEY = re.compile(r"0|[1-9][0-9]{0,99}")
_MEMBER = re.compile(rb'"(0|[1-9][0-9]{0,99})":\{')
_MERGE_MARKER = re.compile(rb"(<{7}|\|{7}|={7}|>{7})( .*)?")

Kind = Literal["torn", "bit", "line ends", "closing", "rewritten"]


@dataclass(frozen=True)
class Mended:
    """A file made sound: `data` is the whole of it, `how` says in a clause what was done.

    `lost` says what could not be kept, and is empty where everything was.
    """

    data: bytes
    how: str
    kind: Kind
    lost: str = ""


def name_aside(name: str, raw: bytes) -> str:
    """Return the name under which a file's bytes are kept beside it before it is mended.

    It begins with a dot, so that no store lists it, and is the same for the same bytes.
    """
    return f".{name.removesuffix('.json')}.damaged-{zlib.crc32(raw):08x}.json"


def mend(raw: bytes, name: str, at: str, readout: Readout | None = None) -> Mended | None:
    """Make the bytes of a journal sound; return None where they are.

    `name` is what messages call the file; `at` is when a file that is taken over was written. The
    readout, where it is at hand, proves more: the words that sentences and marks have to quote.

    Raises DamagedFile where it would be guessing, NewerFormat as `parse` does.
    """
    lines = _parsed(raw, name)
    if lines is not None and not lines.torn:
        fold(lines.bodies, name)
        return None
    there = sound(_with_line_feeds(raw), readout)
    mended = (
        _restored(raw, there, name)
        or _laid_out_again(raw, name)
        or _taken_over(raw, name, at, readout)
    )
    if mended is None:
        raise _hopeless(raw, there, name, readout)
    fold(parse(mended.data, name).bodies, name)
    return mended


def _parsed(raw: bytes, name: str) -> Lines | None:
    try:
        return parse(raw, name)
    except DamagedFile:
        return None


def _with_line_feeds(raw: bytes) -> bytes:
    return raw.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n")


def _restored(raw: bytes, there: Sound, name: str) -> Mended | None:
    """Put back bits, line ends and closing bytes, and take a torn write back."""
    closing = _closing(there)
    lines = _parsed(there.start + (CLOSING if closing else there.rest), name)
    if lines is None:
        return None
    steps: list[tuple[Kind, str]] = []
    if lines.torn:
        steps.append(("torn", "a write that was cut short was taken back"))
    if there.turned:
        places = " and in line ".join(map(str, there.turned))
        steps.append(("bit", f"one flipped bit was turned back in line {places}"))
    if _with_line_feeds(raw) != raw:
        steps.append(("line ends", "its line ends, which another program changed, were put back"))
    if closing:
        steps.append(("closing", closing))
    return Mended(there.start + CLOSING, ", and ".join(how for _, how in steps), steps[0][0])


def _closing(there: Sound) -> str:
    """Say how closing bytes that are not as they were are put right; empty where they are not."""
    bare = there.rest.strip(_BLANKS)
    if there.rest == CLOSING:
        return ""
    if bare == CLOSING.strip():
        return "the blanks at its end were put right"
    if _is_almost_closing(there.rest):
        return "one flipped bit was turned back at its end"
    # Where there is no line either, more than the closing bytes is missing.
    if bare in (b"", b"}") and there.start.count(b"\n") > 1:
        return "its end, which was missing, was put back"
    return ""


def _is_almost_closing(rest: bytes) -> bool:
    if len(rest) != len(CLOSING):
        return False
    return (int.from_bytes(rest) ^ int.from_bytes(CLOSING)).bit_count() == 1


def _laid_out_again(raw: bytes, name: str) -> Mended | None:
    """Take out the blanks that another program put between words, if that brings all lines back."""
    data = _as_lines(raw)
    lines = _parsed(data, name)
    if lines is None or lines.torn:
        return None
    return Mended(data, "the layout that another program gave it was taken out", "rewritten")


def _as_lines(raw: bytes) -> bytes:
    bare = _STRING_OR_BLANKS.sub(rb"\1", raw.removeprefix(_BYTE_ORDER_MARK))
    return _SEAL.sub(lambda seal: seal[0] + (b"\n " if seal[1] else b"\n"), bare) + b"\n"


def _taken_over(raw: bytes, name: str, at: str, readout: Readout | None) -> Mended | None:
    """Make a journal of the state in a file that another program wrote anew; None for no such file.

    Raises DamagedFile where what it wrote is no coding.
    """
    tables = _tables(raw.removeprefix(_BYTE_ORDER_MARK))
    if tables is None:
        return None
    header, version = _header(tables.pop("about"), name)
    docs = _documents(tables.pop("_default"), version, name)
    if not any(isinstance(doc, Sentence) for doc in docs.values()):
        raise _rewritten(name, "it holds no sentence any more")
    if readout is not None and rules.are_bytes(header, readout):
        key = rules.misquoted(docs.items(), readout.text)
        if key is not None:
            raise _rewritten(name, f"item {key} quotes words that the readout does not have there")
    changes = tuple(Change(key=key, before=None, after=doc) for key, doc in docs.items())
    edit = Edit(act="adopt", at=at, what="taken over from another program", changes=changes)
    others = "".join(f", and the table “{printable(table)}”" for table in tables)
    return Mended(
        journal(header, [edit]),
        "what another program wrote in its place was taken over",
        "rewritten",
        f"the history before it{others}",
    )


def _tables(raw: bytes) -> dict[str, Any] | None:
    """Return the tables of a file that another program wrote anew, None where it did not.

    Such a program writes each name once, and puts a blank after every colon or no blank anywhere.
    A journal has line feeds and no blank after a colon, so that no damage makes it look like that,
    and no line of it stands in such a file.
    """
    bare = _STRINGS.sub(b'""', raw).strip(_BLANKS)
    if _NO_BLANK_AFTER_COLON.search(bare) and bare.translate(None, _BLANKS) != bare:
        return None
    try:
        orjson.loads(raw)  # Which knows no other encoding than UTF-8, and no numbers beyond JSON.
        tables = json.loads(raw, object_pairs_hook=_each_name_once)
    except (ValueError, RecursionError):
        return None
    if not isinstance(tables, dict) or not {"about", "_default"} <= tables.keys():
        return None
    return tables


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands twice")
    return fields


def _header(about: Any, name: str) -> tuple[Header, int]:
    try:
        [(key, fields)] = about.items()
        fields.pop("crc", None)
        version = fields["format"]
        if key != "1" or not isinstance(version, int):
            raise ValueError("a head says its format")
        return form.header(migrated_head(fields)), version
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise _rewritten(name, "it does not say whose coding it is") from error


def _documents(table: Any, version: int, name: str) -> dict[int, Document]:
    docs = {}
    try:
        members = {key: _member(key, member) for key, member in table.items()}
        change = line_of(version)
        members = members if change is None else change(members)
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise _rewritten(name, "it holds what is no item") from error
    for key, fields in members.items():
        gone = fields.pop("_").get("gone", False)
        try:
            document = form.document(int(key), None if gone is True else fields)
        except ValueError as error:
            what = f"item {printable(key)} cannot be understood"
            raise _rewritten(name, what) from error
        if document is not None:
            docs[int(key)] = document
    return docs


def _member(key: str, member: dict[str, Any]) -> dict[str, Any]:
    """Return a member with what is no field of the document, which other programs leave out."""
    about = {"rev": 1} | member.get("_", {})
    crc = about.get("crc", "00000000")
    if not _KEY.fullmatch(key) or about["rev"] < 1 or not _CRC.fullmatch(crc):
        raise ValueError("this is not how a document was written")
    return {**member, "_": about}


def _rewritten(name: str, what: str) -> DamagedFile:
    return DamagedFile(f"{name} was rewritten by another program, and {what}.", RESTORE)


def _hopeless(raw: bytes, there: Sound, name: str, readout: Readout | None) -> DamagedFile:
    """Return the error that names the first line that cannot be mended."""
    try:
        parse(there.start + there.rest, name)
    except DamagedFile as problem:
        try:
            salvage(raw, name, readout)
        except DamagedFile:
            return problem
        return DamagedFile(problem.message, f"{problem.hint} {GO_ON}")
    raise AssertionError("what can be parsed can be restored")


@dataclass(frozen=True)
class Salvaged:
    """A file without what was damaged: `data` is the whole of it.

    `kept` and `dropped` count lines; `broken` holds the numbers of the dropped ones, from 1.
    `doubtful` holds the keys of the items whose latest version may be lost, as far as they can be
    known; `unread` tells that something lost could not be read, so that others may be, too.
    """

    data: bytes
    kept: int
    dropped: int
    doubtful: frozenset[int]
    broken: tuple[int, ...]
    unread: bool


def salvage(raw: bytes, name: str, readout: Readout | None = None) -> Salvaged:
    """Keep every line that is proved, in order, and drop what is not.

    Only for a person who asks for it: what was dropped may have been acknowledged. Of equal lines
    one is kept, and a line with which git marks a conflict counts for nothing.

    Raises DamagedFile where the head is lost, or lines that held what stands nowhere else, and
    NewerFormat as `parse` does.
    """
    head, found = _with_head(raw, name, readout)
    version = form.read_head(head)["format"]
    sorted_out = [
        (piece, _body(piece, version)) for piece in found if not _is_nothing(piece.found, head)
    ]
    bodies = dict.fromkeys(body for _, body in sorted_out if body is not None)
    lines = parse(render(head, list(bodies)), name)
    edits = Replay(lines.bodies, name).all()
    current = dict(zip(bodies, lines.bodies, strict=True))
    losses = _Losses()
    for piece, body in sorted_out:
        if body is None:
            losses.drop(piece)
        elif body in current:
            losses.keep(form.read_body(current.pop(body)))
    if losses.of_beginning():
        number = losses.broken[0] if losses.broken else 2
        raise damaged(name, number, "a line is lost that held what stands nowhere else")
    data = journal(lines.header, edits)
    docs = fold(parse(data, name).bodies, name).docs
    doubtful = losses.keys | _displaced(edits, docs)
    broken = tuple(losses.broken)
    return Salvaged(data, len(edits), len(broken), frozenset(doubtful), broken, losses.unread)


def _with_head(raw: bytes, name: str, readout: Readout | None) -> tuple[bytes, list[Piece]]:
    """Return a head and the pieces after it, in the layout in which most of them are lines."""
    layouts = (list(pieces(plain, readout)) for plain in (_with_line_feeds(raw), _as_lines(raw)))
    found = max(layouts, key=lambda found: sum(piece.line is not None for piece in found))
    head = found[0].line if found else None
    if head is None:
        raise damaged(name, 1, "this is not how a coding begins")
    parse(render(head, []), name)
    return head, found[1:]


def _is_nothing(found: bytes, head: bytes) -> bool:
    """Tell whether a piece is no line, and says nothing: closing bytes, or what a merge left."""
    is_closing = found.strip(_BLANKS) in (b"", b"}", b"}}") or _is_almost_closing(found + b"\n")
    return is_closing or found == head or _MERGE_MARKER.fullmatch(found) is not None


def _body(piece: Piece, version: int) -> bytes | None:
    if piece.line is not None:
        body = piece.line[1:]
    elif piece.found[:1] in (b" ", b",") and form.is_body(piece.found[1:]):
        body = piece.found[1:]
    else:
        return None
    return body if read(body, version) else None


@dataclass
class _Losses:
    """What is lost with the lines that were dropped, as the lines are gone through in order.

    `beginning` holds what was lost before the first line that was kept, None where that one begins
    a coding.
    """

    broken: list[int] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    unread: bool = False
    beginning: set[int] | None = None
    _dropped: set[int] = field(default_factory=set)
    _revisions: dict[int, int] = field(default_factory=dict)

    def drop(self, piece: Piece) -> None:
        names = [int(name) for name in _MEMBER.findall(piece.found)]
        self.broken.append(piece.number)
        self.keys.update(names)
        self._dropped.update(names)
        self.unread = self.unread or not _is_read(piece.found, len(names))

    def keep(self, line: form.Line) -> None:
        known = self._revisions
        missed = {key for key, rev in line.revisions.items() if rev > known.get(key, 0) + 1}
        self.unread = self.unread or not missed <= self._dropped
        if not known and line.act not in ("import", "adopt") and (missed or self.broken):
            self.beginning = set() if self.unread else set(self.keys)
        known.update((key, max(known.get(key, 0), rev)) for key, rev in line.revisions.items())
        # What a later line wrote stands as the coder saw it then.
        self.keys -= line.revisions.keys()

    def of_beginning(self) -> bool:
        """Tell whether items may have stood in dropped lines alone, with which the coding began."""
        if not self._revisions:
            return bool(self.broken)
        lost = self.beginning
        return lost is not None and (not lost or not lost.isdisjoint(self.keys))


def _is_read(found: bytes, count: int) -> bool:
    """Tell whether `count` is the number of all the documents that a broken line wrote."""
    try:
        return len(orjson.loads(b"{%b}" % found[1:])) == count
    except ValueError:
        return False


def _displaced(edits: Sequence[Edit], docs: dict[int, Document]) -> set[int]:
    """Return the keys of sentences that overlap, or whose words stand in none any more."""
    keys = {key for pair in rules.overlaps(docs) for key in pair}
    places = sorted((doc.start, doc.end) for doc in docs.values() if isinstance(doc, Sentence))
    ends = list(accumulate((end for _, end in places), max))
    _, start = begun(edits)
    return keys | {key for key, doc in start.sentences() if _has_left(doc, places, ends)}


def _has_left(sentence: Sentence, places: Sequence[tuple[int, int]], ends: Sequence[int]) -> bool:
    """Tell whether words stand between places; `ends` holds how far those up to each reach."""
    at = sentence.start
    for place in range(bisect_right(ends, at), len(places)):
        start = places[place][0]
        if start > at and sentence.text[at - sentence.start : start - sentence.start].strip():
            return True
        at = ends[place]
        if at >= sentence.end:
            return False
    return bool(sentence.text[at - sentence.start :].strip())
