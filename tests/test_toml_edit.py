"""The codebook's file is changed in place: what was not meant stays as it was, to the byte."""

from __future__ import annotations

import difflib
import json
import tomllib
from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.formats.codebook import read_codebook, rewritten
from annotator.formats.toml_edit import edited
from annotator.model import revision
from annotator.model.codebook import Codebook
from annotator.model.revision import Entry
from annotator.pipeline.revise import Make

SHIPPED = Path(__file__).parents[1] / "schemas" / "readouts.toml"
HOSTILE = "a\x1b]52;c;x\x07 \u202e \"quoted\" \\ 'single' [/] \U000e0001 \x7f 🤝 \u2028 {x} #"


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came; each line keeps its end."""
    old, new = (raw.decode().splitlines(keepends=True) for raw in (before, after))
    lines = [line for line in difflib.ndiff(old, new) if line[0] in "+-"]
    return [line[2:] for line in lines if line[0] == "-"], [
        line[2:] for line in lines if line[0] == "+"
    ]


def made(raw: bytes, after: Codebook) -> bytes:
    found = rewritten(raw, after, name="the file")
    tomllib.loads(found.decode("utf-8-sig"))
    return found


@pytest.fixture(scope="module")
def shipped() -> tuple[bytes, Codebook]:
    return SHIPPED.read_bytes(), read_codebook(SHIPPED)


def test_a_file_that_says_the_same_is_the_same(shipped: tuple[bytes, Codebook]) -> None:
    raw, book = shipped
    assert made(raw, book) == raw


def test_of_a_retired_label_only_its_version_its_end_and_the_record_are_written(
    shipped: tuple[bytes, Codebook],
) -> None:
    raw, book = shipped
    went, came = changed(raw, made(raw, revision.retire(book, "topics", "sec.terror", date="d")))
    assert went == ['version = "1.0.0"\n']
    assert came == [
        'version = "2.0.0"\n',
        '    retired = "2.0.0"\n',
        "\n",
        "[[changes]]\n",
        'version = "2.0.0"\n',
        'kind = "retire"\n',
        'layer = "topics"\n',
        'label = "sec.terror"\n',
        "review = true\n",
        'date = "d"\n',
    ]


def test_a_new_label_stands_behind_its_family_and_before_the_comment_of_the_next_part(
    shipped: tuple[bytes, Codebook],
) -> None:
    raw, book = shipped
    entry: Entry = {"id": "law.new", "name": "New", "family": "law", "include": ["x" * 70]}
    text = made(raw, revision.add(book, "topics", entry)).decode()
    assert (
        '\n\n    [[layers.labels]]\n    id = "law.new"\n    family = "law"\n    name = "New"\n'
        f'    include = [\n        "{"x" * 70}",\n    ]\n\n    [[layers.slots]]'
    ) in text
    assert text.startswith(raw.decode()[:200])


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_stay(
    shipped: tuple[bytes, Codebook], ending: str, mark: bytes
) -> None:
    raw, book = shipped
    raw = mark + raw.replace(b"\n", ending.encode())
    entry: Entry = {"id": "law.new", "name": "New", "family": "law"}
    found = made(raw, revision.add(book, "topics", entry))
    assert found.startswith(mark)
    assert found.count(b"\n") - found.count(b"\r\n") == (
        0 if ending == "\r\n" else found.count(b"\n")
    )
    went, came = changed(raw.removeprefix(mark), found.removeprefix(mark))
    assert went == [f'version = "1.0.0"{ending}']
    assert f'    id = "law.new"{ending}' in came


def test_every_change_one_after_the_other_can_be_written(
    shipped: tuple[bytes, Codebook],
) -> None:
    raw, book = shipped
    parts = [{"id": "rel.a", "name": "A"}, {"id": "rel.b", "name": HOSTILE, "definition": HOSTILE}]
    changes: list[Make] = [
        lambda b: revision.add(b, "topics", {"id": "rel.new", "name": HOSTILE, "family": "rel"}),
        lambda b: revision.rename(b, "topics", "prot.courtesy", "prot.kindness"),
        lambda b: revision.split(b, "topics", "rel.contacts", parts),
        lambda b: revision.merge(b, "topics", "eco.tech", "eco.trade", note=HOSTILE),
        lambda b: revision.reword(
            b,
            "topics",
            "eco.trade",
            {"definition": HOSTILE, "include": ["a", HOSTILE], "short": "s"},
        ),
        lambda b: revision.rename(b, "topics", "eco.trade", "eco.goods"),
        lambda b: revision.retire(b, "commitments", "promise"),
    ]
    for change in changes:
        book = change(book)
        raw = made(raw, book)
    comments = [line for line in SHIPPED.read_text("utf-8").split("\n") if line.startswith("#")]
    assert [c for c in comments if c not in raw.decode()] == []
    assert raw.count(b"[[changes]]") == 7
    assert b"\x1b" not in raw
    assert "\u202e".encode() not in raw


INLINE = """\
name = "b" # a name
version = '1.0.0'
[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [{ id = "a", name = "A" }, { id = "b", name = "B" }] # labels
[[layers]]
id = "tone"
name = "Tone"
key = "o"
labels = [
    { id = "warm", name = "Warm" }, # warm
    { id = "cold", name = "Cold" },
]
"""


def of(text: str) -> tuple[bytes, Codebook]:
    raw = text.encode()
    return raw, Codebook.model_validate_json(json.dumps(tomllib.loads(text)))


def test_labels_in_braces_are_changed_and_added_in_braces() -> None:
    raw, book = of(INLINE)
    changes: list[Make] = [
        lambda b: revision.rename(b, "topics", "a", "c"),
        lambda b: revision.add(b, "topics", {"id": "d", "name": "D"}),
        lambda b: revision.add(b, "tone", {"id": "mild", "name": "Mild"}),
    ]
    for change in changes:
        book = change(book)
        raw = made(raw, book)
    text = raw.decode()
    assert text.startswith('name = "b" # a name\nversion = "1.3.0"\n[[layers]]')
    assert (
        'labels = [{ id = "c", name = "A", was = ["a"] }, { id = "b", name = "B" },'
        ' { id = "d", name = "D" }] # labels\n'
    ) in text
    assert '{ id = "cold", name = "Cold" },\n    { id = "mild", name = "Mild" },\n]' in text
    assert "# warm\n" in text


def test_a_record_that_stands_somewhere_in_the_file_is_gone_on_with_there() -> None:
    head = '[[changes]]\nversion = "1.0.0"\nkind = "add"\nlayer = "topics"\nlabel = "a"\n# after\n'
    raw, book = of(INLINE.replace("[[layers]]", f"{head}[[layers]]", 1))
    text = made(raw, revision.retire(book, "topics", "a")).decode()
    assert text.index('kind = "retire"') < text.index("# after") < text.index("[[layers]]")


def test_a_file_without_a_line_end_at_its_end_gets_one() -> None:
    raw, book = of(INLINE.rstrip("\n"))
    assert b"]\n\n[[changes]]\n" in made(raw, revision.retire(book, "topics", "a"))


def test_nothing_is_taken_out() -> None:
    for after in ({"a": 1}, {"a": 1, "b": []}):
        with pytest.raises(InputError, match="cannot be changed in place"):
            edited("a = 1\nb = [{x = 1}]\n", {"a": 1, "b": [{"x": 1}]}, after)


def test_what_cannot_be_placed_is_refused_with_what_to_do() -> None:
    raw, book = of(INLINE)
    odd = book.model_copy(update={"licence": "new"})
    with pytest.raises(InputError, match="Change it in an editor"):
        rewritten(raw, odd, name="the file")
