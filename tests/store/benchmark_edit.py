"""What a saved edit costs, against what the disk asks for the same bytes, and against plain TinyDB.

    python tests/store/benchmark_edit.py [FOLDER]

Rounds are interleaved: each times one edit of every journal and one bare append of the same length
with its fsync, so that a busy disk or processor weighs on all alike. The figure to trust is the
median of the ratios of pairs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from tinydb import TinyDB

from annotator.files import sha256
from annotator.model.edit import Change, Edit
from annotator.model.mark import Mark, Provenance
from annotator.model.readout import Readout
from annotator.model.sentence import Sentence
from annotator.store import Header, TinyStore

SENTENCE = "The two leaders agreed to continue contacts at all levels on this matter."
ROUNDS = 400
PLAIN_ROUNDS = 15
PLAIN_DOCUMENTS = 10_000


def keystroke(root: Path, sentences: int) -> Callable[[], None]:
    """Open a journal of so many sentences, and return what marks and unmarks one in turn."""
    text = "\n".join([SENTENCE] * sentences)
    digest = sha256(text.encode())
    readout = Readout(id=f"call-{sentences}", text=text, sha256=digest, text_sha256=digest)
    header = Header(
        readout=readout.id, by="ada", source=digest, text=digest, segmenter="s", codebook="c"
    )
    width = len(SENTENCE)
    starts = range(0, len(text), width + 1)
    documents = [
        Sentence(start=start, end=start + width, role="body", text=SENTENCE) for start in starts
    ]
    changes = tuple(
        Change(key=key, before=None, after=document)
        for key, document in enumerate(documents, start=1)
    )
    first = Edit(act="import", at="2024-01-01T00:00:00Z", what="import", changes=changes)
    journal = TinyStore(root).open(header, readout, lambda: first)
    key = sentences // 2
    plain = documents[key - 1]
    provenance = Provenance(coder="ada", at="2024-01-01T00:00:00Z", codebook="readouts 1.0.0")
    mark = Mark(
        id="0123456789ab",
        layer="topics",
        label="sec.terror",
        start=plain.start,
        end=plain.end,
        provenance=provenance,
    )
    marked = plain.model_copy(update={"marks": (mark,)})
    change = Change(key=key, before=plain, after=marked)
    edit = Edit(act="edit", at="2024-01-01T00:00:00Z", what="mark sec.terror", changes=(change,))
    turns = [edit, edit.invert("undo", "2024-01-01T00:00:00Z")]

    def press() -> None:
        journal.put(turns[0])
        turns.reverse()

    return press


def bare_append(path: Path, size: int) -> Callable[[], None]:
    """Return what appends so many bytes and brings them to disk."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    data = b"x" * size

    def append() -> None:
        os.write(file, data)
        os.fsync(file)

    return append


def plain_insert(path: Path) -> Callable[[], None]:
    """Return what inserts a document into a plain TinyDB table."""
    database = TinyDB(path)
    document = Sentence(start=0, end=len(SENTENCE), role="body", text=SENTENCE).model_dump()
    database.insert_multiple(document for _ in range(PLAIN_DOCUMENTS))

    def insert() -> None:
        database.insert(document)

    return insert


def milliseconds(act: Callable[[], None]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000


def main(folder: Path) -> None:
    acts = {
        "edit, readout of 20 sentences": keystroke(folder, 20),
        "edit, readout of 20,000 sentences": keystroke(folder, 20_000),
    }
    path = folder / "ada" / "call-20.json"
    before = path.stat().st_size
    for act in acts.values():
        act()
        act()
    size = (path.stat().st_size - before) // 2
    bare = bare_append(folder / "bare", size)
    insert = plain_insert(folder / "plain.json")

    times: dict[str, list[float]] = {name: [] for name in acts}
    ratios: dict[str, list[float]] = {name: [] for name in acts}
    bares: list[float] = []
    for _ in range(ROUNDS):
        bares.append(milliseconds(bare))
        for name, act in acts.items():
            times[name].append(milliseconds(act))
            ratios[name].append(times[name][-1] / bares[-1])
    small, large = acts
    pairs = zip(times[large], times[small], strict=True)
    plain = [milliseconds(insert) for _ in range(PLAIN_ROUNDS)]

    print(f"{'append and fsync of ' + str(size) + ' bytes':48} {median(bares):9.3f} ms")
    for name in acts:
        print(f"{name:48} {median(times[name]):9.3f} ms   {median(ratios[name]):7.2f} x append")
    print(f"{'20,000 sentences against 20':48} {median(a / b for a, b in pairs):9.2f} x")
    label = f"insert into plain TinyDB of {PLAIN_DOCUMENTS:,}"
    slower = median(plain) / median(times[small])
    print(f"{label:48} {median(plain):9.3f} ms   {slower:7.0f} x an edit")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
