"""What is mended is what was written; where that cannot be proved, nothing is mended."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from tinydb import TinyDB

from annotator.errors import AnnotatorError, DamagedFile, NewerFormat
from annotator.model.edit import CAST, Coding, Edit
from annotator.store import format as form
from annotator.store.base import FORMAT
from annotator.store.flips import SURE_BYTES
from annotator.store.history import Replay, fold
from annotator.store.lines import CLOSING, Lines, journal, parse, render
from annotator.store.mend import Mended, Salvaged, mend, name_aside, salvage
from annotator.store.tiny import TinyStore
from tests.store.conftest import Work, readout_of

AT = "2024-05-06T07:08:09Z"
MARK = b"\xef\xbb\xbf"


def history(work: Work, count: int = 4) -> list[Edit]:
    """Up to five acts: an import, a mark with a cast, a split, a join and a note."""
    edits = [work.first()]
    coding = edits[0].apply(Coding())
    for make in (
        lambda: work.mark(coding, 1),
        lambda: work.split(coding, 2),
        lambda: work.join(coding, 3),
        lambda: work.note(coding, 1, "Jazz * 1*2 J"),
    ):
        edits.append(make())
        coding = edits[-1].apply(coding)
    return edits[:count]


def written(work: Work, count: int = 3) -> bytes:
    return journal(work.header, history(work, count))


def state(raw: bytes) -> dict[int, Any]:
    return fold(parse(raw, "x").bodies, "x").docs


def mended(raw: bytes) -> Mended:
    found = mend(raw, "x.json", AT)
    assert found is not None
    assert mend(found.data, "x.json", AT) is None
    return found


def refused(raw: bytes) -> DamagedFile:
    with pytest.raises(DamagedFile) as refusal:
        mend(raw, "x.json", AT)
    return refusal.value


def with_bits(raw: bytes, *bits: int) -> bytes:
    turned = bytearray(raw)
    for bit in bits:
        turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)


def lines_of(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True)


def outcome(raw: bytes) -> bytes | None:
    """What a file becomes: itself where it is sound, None where it is refused."""
    try:
        found = mend(raw, "x.json", AT)
    except DamagedFile:
        return None
    return raw if found is None else found.data


def test_a_sound_file_is_left_as_it_is(work: Work) -> None:
    for count in range(1, 6):
        assert mend(written(work, count), "x", AT) is None
    assert mend(journal(work.header, []), "x", AT) is None


def in_first_format(raw: bytes) -> bytes:
    head, rest = raw.split(b"\n", 1)
    fields = form.read_head(head)
    del fields["earlier"]
    start = b'{"about":{"1":' + form.canonical(fields | {"format": 1})[:-1]
    return form._sealed(start, b'}},"_default":{') + b"\n" + rest


def test_a_file_of_an_older_format_is_mended_in_its_own(work: Work) -> None:
    old = in_first_format(written(work))
    assert parse(old, "x").outdated
    assert mend(old, "x", AT) is None
    for bit in range(0, 8 * len(old), 101):
        assert outcome(with_bits(old, bit)) == old
    assert mended(old.removesuffix(CLOSING) + b',"1":{"sta').data == old


def test_a_file_of_a_newer_format_is_left_to_the_newer_version(work: Work) -> None:
    header = work.header.model_copy(update={"format": FORMAT + 1})
    newer = journal(header, history(work))
    for raw in (newer, newer[:-30], with_bits(newer, 900), json.dumps(json.loads(newer)).encode()):
        with pytest.raises(NewerFormat):
            mend(raw, "x", AT)
        with pytest.raises(NewerFormat):
            salvage(raw if raw.startswith(newer[:20]) else newer, "x")


def test_every_flipped_bit_of_a_file_is_turned_back(work: Work) -> None:
    raw = written(work)
    kinds = set()
    for bit in range(8 * len(raw)):
        found = mend(with_bits(raw, bit), "x", AT)
        assert found is not None
        assert found.data == raw
        kinds.add(found.kind)
    assert kinds == {"bit", "closing"}
