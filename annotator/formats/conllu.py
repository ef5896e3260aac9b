"""A dataset as CoNLL-U: tokens a row, and what is said of a sentence in its comments.

Defined by Universal Dependencies; columns that nobody filled hold `_`. `# sent_id` is the id of our
row, `# layer = label|label` names the marks of a layer, and `# annotator` holds the row itself as
JSON. White space other than one space between tokens stands in MISC, as UDPipe writes it:
`SpaceAfter=No`, or `SpacesAfter` and, before the first token, `SpacesBefore`. Offsets count tokens:
`tokens.py` says what one is. A sentence without any has the token `_`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from annotator.formats.carried import KEY
from annotator.formats.jsonl_out import dumps
from annotator.formats.output import REFERENCE, About, Batch, Output, Written
from annotator.formats.tokens import tokens
from annotator.formats.told import Tag
from annotator.model.record import DocumentRow, SentenceRow

FILE: Final = "sentences.conllu"
DOCUMENT: Final = f"{KEY}_document"
"""The comment of the first sentence of a readout that holds its row."""

_OTHERS: Final = frozenset(
    (
        "sent_id",
        "text",
        "newdoc",
        "newdoc id",
        "newpar",
        "newpar id",
        "global.columns",
        KEY,
        DOCUMENT,
    )
)
_ESCAPES: Final = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n", "|": r"\p", "\\": r"\\"}
_SPACES: Final = {escape: char for char, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\u[0-9a-f]{4}|\\.")


def writer(output: Output, about: About) -> Conllu:
    """Return what writes a dataset as CoNLL-U."""
    return Conllu(output)


class Conllu:
    """Writes every sentence of every coder into one file."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._rows = 0

    def add(self, batch: Batch) -> None:
        """Write a readout, as a document for each coder."""
        for work, document in zip(batch.works, batch.documents, strict=True):
            rows = batch.rows_of(work.coder)
            head = [f"# newdoc id = {document.id}", f"# {DOCUMENT} = {_line(document)}"]
            for row in rows:
                lines = [*head, *comments(row), *columns(row.text), "", ""]
                self._output.write(FILE, "\n".join(lines).encode())
                head = []
            self._rows += len(rows)
        for mark in batch.lost_references:
            self._output.lost(REFERENCE, mark)

    def finish(self) -> Sequence[Written]:
        """Make the file also where it has no rows."""
        self._output.write(FILE, b"")
        return [Written(FILE, self._rows, "sentence and coder")]


def names_labels(comment: str) -> bool:
    """Tell whether a comment of that key gives labels, and is none of the format itself."""
    return comment not in _OTHERS and not comment.startswith("text_")


def tags(row: SentenceRow) -> Iterator[Tag]:
    """Yield the tags of the sentence as a whole that its comments are read as."""
    for mark in row.marks:
        if not mark.rejected and names_labels(mark.layer):
            yield Tag(mark.layer, mark.label, mark=mark.id)


def comments(row: SentenceRow) -> Iterator[str]:
    """Yield the comments of a sentence."""
    yield f"# sent_id = {row.id}"
    yield f"# text = {_plain(row.text)}"
    labels: dict[str, list[str]] = {}
    for tag in tags(row):
        labels.setdefault(tag.field, []).append(tag.label)
    for layer, given in labels.items():
        yield f"# {layer} = {'|'.join(given)}"
    yield f"# {KEY} = {_line(row)}"


def _line(row: SentenceRow | DocumentRow) -> str:
    return dumps(row).decode().removesuffix("\n")


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip() or "_"


def columns(text: str) -> Iterator[str]:
    """Yield the rows of tokens."""
    found = tokens(text)
    if not found:
        yield _row(1, "_", [f"SpacesBefore={escaped(text)}"])
    for place, (start, end) in enumerate(found):
        last = place + 1 == len(found)
        after = text[end : len(text) if last else found[place + 1][0]]
        misc = [f"SpacesBefore={escaped(text[:start])}"] if not place and start else []
        if not after and not last:
            misc.append("SpaceAfter=No")
        elif after != ("" if last else " "):
            misc.append(f"SpacesAfter={escaped(after)}")
        yield _row(place + 1, text[start:end], misc)


def _row(number: int, form: str, misc: Sequence[str]) -> str:
    return "\t".join((str(number), form, *"_______", "|".join(misc) or "_"))


def escaped(space: str) -> str:
    """Return white space as MISC holds it; what UDPipe has no sign for is `\\u` and four digits."""
    return "".join(_ESCAPES.get(char) or f"\\u{ord(char):04x}" for char in space)


def unescaped(value: str) -> str:
    """Return the white space that `escaped` or UDPipe wrote."""
    return _ESCAPED.sub(lambda found: _SPACES.get(found[0]) or _char(found[0]), value)


def _char(escape: str) -> str:
    return chr(int(escape[2:], 16)) if escape.startswith("\\u") else escape
