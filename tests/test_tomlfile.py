from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, model_validator

from annotator.errors import InputError
from annotator.files import MAX_BYTES
from annotator.model.base import Value
from annotator.model.codebook import Codebook
from annotator.model.readout import Metadata
from annotator.tomlfile import KeyPath, key_lines, parse_toml, read_toml

CODEBOOK = """\
name = "small"
version = "1.0.0"

[[layers]]
id = "topics"
name = "Topics"
key = "t"

    [[layers.labels]]
    id = "war"
    name = "War"

    [[layers.labels]]
    id = "peace"
    name = "Peace"
    key = "p"

[[layers]]
id = "tone"
name = "Tone"
key = "o"
labels = [
    { id = "warm", name = "Warm" },   # a comment, with a [bracket]
    { id = "cold", name = "Cold", colour = "blue" },
]
"""


class Inner(Value):
    colour: Literal["red", "blue"] = "red"
    size: int = 0


class Outer(Value):
    title: str = ""
    inner: Inner = Inner()
    named: dict[str, Inner] = Field(default={})
    many: tuple[Inner, ...] = ()

    @model_validator(mode="after")
    def _is_titled(self) -> Outer:
        if self.title == "bad":
            raise ValueError("the title is bad")
        return self


def message_of(source: str, model: type[Value]) -> str:
    with pytest.raises(InputError) as caught:
        parse_toml(source.encode(), model, name="a.toml")
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_file_becomes_a_value(tmp_path: Path) -> None:
    path = tmp_path / "codebook.toml"
    path.write_text(CODEBOOK.replace(', colour = "blue"', ""))
    book = read_toml(path, Codebook)
    assert [label.id for layer in book.layers for label in layer.labels] == [
        "war",
        "peace",
        "warm",
        "cold",
    ]


def test_dates_need_no_quotation_marks() -> None:
    source = b"publication_date = 2017-01-28\n[event]\ndate = 2017-01-28\n"
    metadata = parse_toml(source, Metadata, name="a.toml")
    assert metadata.publication_date == metadata.event.date == "2017-01-28"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    raw = b'\xef\xbb\xbftitle = "A"\r\n[inner]\r\nsize = 3\r\n'
    assert parse_toml(raw, Outer, name="a.toml") == Outer(title="A", inner=Inner(size=3))


def test_an_unknown_key_is_named_with_its_place_and_the_nearest_one(tmp_path: Path) -> None:
    path = tmp_path / "codebook.toml"
    path.write_text(CODEBOOK)
    with pytest.raises(InputError) as caught:
        read_toml(path, Codebook)
    assert str(caught.value) == (
        f"{path}, line 24: there is no key “layers[1].labels[1].colour”. There are: id, family,"
        " name, short, key, definition, include, exclude, examples, cap, plover, was, retired,"
        " into."
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('titel = "x"', "a.toml, line 1: there is no key “titel”. Did you mean “title”?"),
        (
            '[inner]\n"colr" = 1',
            "a.toml, line 2: there is no key “inner.colr”. Did you mean “colour”?",
        ),
        (
            "# c\n[named.x]\nsizes=1",
            "a.toml, line 3: there is no key “named.x.sizes”. Did you mean “size”?",
        ),
        (
            "[[many]]\n[[many]]\n'si ze' = 1",
            "a.toml, line 3: there is no key “many[1].si ze”. Did you mean “size”?",
        ),
        (
            '[inner]\n\ncolour = "green"',
            "a.toml, line 3: inner.colour must be one of 'red' or 'blue'.",
        ),
        ('inner.size = "1"', "a.toml, line 1: inner.size should be a valid integer."),
        ('title = "x"\n[inner]\nsize = 1.0', "a.toml, line 3: inner.size should be a valid"),
        ("[inner]\nsize = nan", "a.toml, line 2: inner.size is no number."),
        ("many = [{},\n {size = inf}]", "a.toml, line 2: many[1].size is no number."),
        ('title = "bad"', "a.toml, line 1: the title is bad."),
        ('a = 1\ntitle = "x"', "there is no key “a”. There are: title, inner, named, many."),
        ("a = 1\nb = 2", "(And 1 more.)"),
        ("title = ", "a.toml, line 1: this is not TOML: Invalid value."),
        ('title = "x"\ntitle = "y"', "a.toml, line 2: this is not TOML: Cannot overwrite a value."),
        ('x = "a\x1b[31mb"', "this is not TOML: Illegal character"),
        ("title = '''\n\n", "a.toml, line 3: this is not TOML: "),
        ('"\\u001b[2J" = 1', "a.toml, line 1: there is no key “␛[2J”"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(source: str, expected: str) -> None:
    message = message_of(source, Outer)
    assert expected in message
    assert "\x1b" not in message


def test_what_a_codebook_says_of_itself_is_checked_and_placed() -> None:
    message = message_of(CODEBOOK.replace('key = "o"', 'key = "t"'), Codebook)
    assert "there is no key" in message  # the unknown key is said before anything else
    sound = CODEBOOK.replace(', colour = "blue"', "")
    assert "two panels have the key “t”" in message_of(sound.replace('"o"', '"t"'), Codebook)
    missing = message_of(sound.replace('id = "peace"\n', ""), Codebook)
    assert missing == "a.toml, line 13: layers[0].labels[1].id is missing."


def test_bytes_that_are_not_utf_8_are_placed() -> None:
    with pytest.raises(InputError, match=r"a\.toml, line 2: the byte at offset 12 is not UTF-8"):
        parse_toml(b'title = ""\n#\xff', Outer, name="a.toml")


@pytest.mark.parametrize(
    "source", ["x = " + "[" * 5000, "x = " + "[" * 400 + "]" * 400, "x = " + "{a=" * 3000]
)
def test_deep_nesting_is_refused(source: str) -> None:
    assert message_of(source, Outer).startswith("a.toml")


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    assert "a.toml" in message_of("x = " + "1" * 5000, Outer)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 5 MB"):
        read_toml(path, Outer)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file .*none\.toml"):
        read_toml(tmp_path / "none.toml", Outer)


def test_the_name_of_a_file_is_no_escape_sequence() -> None:
    with pytest.raises(InputError) as caught:
        parse_toml(b"x = 1", Outer, name="\x1b]0;a\x07\n.toml")
    assert not {"\x1b", "\x07", "\n"} & set(str(caught.value))


ODD_PLACES = '''\
# [not.a.table]
a.b . "c d" = 1
text = """
[not_a_table]
key = "value" ""
\\""" still text"""
more = \'\'\'
[[neither]]\'\'\'
"quoted\\u0041" = [ # comment ]
  "x]", [1,
  2], { y = { z = "}" } },
]
[tables."with.dot".in]
when = 1979-05-27 07:32:00 # a date
[[rows]]
[rows.sub]
deep = 1
[[rows.list]]
one = 1
[[rows.list]]
two = 2
[[rows]]
[[rows.list]]
three = 3
'''


def test_every_key_of_an_odd_file_is_found_on_its_line() -> None:
    tomllib.loads(ODD_PLACES)
    lines = key_lines(ODD_PLACES)
    places: dict[KeyPath, int] = {
        ("a", "b", "c d"): 2,
        ("text",): 3,
        ("more",): 7,
        ("quotedA",): 9,
        ("quotedA", 0): 10,
        ("quotedA", 1, 1): 11,
        ("quotedA", 2, "y", "z"): 11,
        ("tables", "with.dot", "in", "when"): 14,
        ("rows", 0, "sub", "deep"): 17,
        ("rows", 0, "list", 0, "one"): 19,
        ("rows", 0, "list", 1, "two"): 21,
        ("rows", 1): 22,
        ("rows", 1, "list", 0, "three"): 24,
        ("rows", 1, "list", 0, "nowhere"): 23,
        ("nowhere",): 1,
    }
    assert {path: lines.line(path) for path in places} == places


leaves = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=("Cs", "Cc"))),
    st.sampled_from(['"', "'''", '"""', "]", "}", "\n[x]\n", "# no", "=\\", "\t"]),
)
keys = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=5)
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def paths_of(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(value, dict):
        items: list[tuple[str | int, Any]] = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return []
    return [found for key, item in items for found in ((*path, key), *paths_of(item, (*path, key)))]


@given(st.dictionaries(keys, trees, max_size=5))
def test_every_key_that_tomllib_reads_has_a_line(tree: dict[str, Any]) -> None:
    source = tomlkit.dumps(tree)
    places = key_lines(source).places
    read = paths_of(tomllib.loads(source))
    tables_without_a_line = {path[:size] for path in places for size in range(1, len(path))}
    assert set(read) <= set(places) | tables_without_a_line
    for path, line in places.items():
        if isinstance(path[-1], str) and path[-1].isascii() and path[-1].isalnum():
            assert path[-1] in source.split("\n")[line - 1]
