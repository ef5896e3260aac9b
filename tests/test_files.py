from __future__ import annotations

import codecs
import errno
import os
import re
import socket
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator import files
from annotator.errors import InputError, StorageError
from annotator.files import (
    MAX_BYTES,
    decode,
    hidden_characters,
    marked,
    printable,
    read_bytes,
    safe_name,
    sha256,
    write_atomic,
)
from annotator.model.readout import READOUT_ID

TEXT = "“Переговоры” — 会谈 🤝\nsecond line"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00\ufeff"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("mark", "codec", "called"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    ],
)
def test_a_byte_order_mark_names_the_encoding_and_is_no_text(
    mark: bytes, codec: str, called: str
) -> None:
    raw = mark + TEXT.encode(codec)
    for encoding in (None, "cp1252"):
        found = decode(raw, encoding=encoding, name="a.txt")
        assert (found.text, found.encoding) == (TEXT, called)
    assert marked(raw) == called


def test_without_a_mark_a_text_is_utf_8() -> None:
    assert decode(TEXT.encode(), name="a.txt") == files.Decoded(TEXT, "utf-8")
    assert marked(TEXT.encode()) is None


@pytest.mark.parametrize(
    ("raw", "line", "offset"),
    [
        (b"caf\xe9", 1, 3),
        (b"one\r\ntwo\rthree\n\xff", 4, 15),
        (codecs.BOM_UTF8 + b"a\n\x80", 2, 5),
        (b"cut short \xe2\x82", 1, 10),
        (b"surrogate \xed\xa0\x80", 1, 10),
        (b"overlong \xc0\xaf", 1, 9),
    ],
)
def test_bytes_that_are_not_utf_8_are_placed_and_the_option_is_named(
    raw: bytes, line: int, offset: int
) -> None:
    with pytest.raises(InputError) as caught:
        decode(raw, name="a.txt")
    assert caught.value.message == (
        f"a.txt, line {line}: the byte at offset {offset} is not UTF-8."
    )
    # A byte-order mark is stronger than what is named, so the option would be a dead end.
    marked = raw.startswith(codecs.BOM_UTF8)
    assert ("--encoding" in caught.value.hint) != marked


@pytest.mark.parametrize("encoding", ["cp1251", "KOI8-R", "shift_jis", "utf-16-le", "utf-16"])
def test_an_encoding_that_is_named_is_used(encoding: str) -> None:
    text = "Переговоры прошли"
    codec = "utf-16-le" if encoding == "utf-16" else encoding
    found = decode(text.encode(codec), encoding=encoding, name="a.txt")
    assert found.text == text
    assert text.encode(codec).decode(found.encoding) == text


@pytest.mark.parametrize(
    "encoding",
    ["latin-99", "rot13", "base64", "hex", "idna", "punycode", "unicode_escape", "\x1b[m"],
)
def test_what_is_no_encoding_of_text_is_refused(encoding: str) -> None:
    with pytest.raises(InputError, match="There is no text encoding") as caught:
        decode(b"abc", encoding=encoding, name="a.txt")
    assert "\x1b" not in str(caught.value)


def test_bytes_that_do_not_fit_the_named_encoding_are_placed() -> None:
    with pytest.raises(InputError, match="line 2: the byte at offset 3 is not CP1252"):
        decode(b"ab\n\x81", encoding="cp1252", name="a.txt")


@pytest.mark.parametrize(
    "raw",
    [
        b"a\0b",
        b"\x7fELF\x02\x01\x01" + bytes(9),
        b"%PDF-1.7\n",
        b"PK\x03\x04rest of an archive",
        b"{\\rtf1 words}",
        b"\x01\x02\x03\x04 text",
        "words".encode("utf-16-le"),
        codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"),
    ],
)
def test_what_is_binary_is_refused(raw: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.bin is (binary|an? )"):
        decode(raw, name="a.bin")


@given(texts)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    controls = sum(unicodedata.category(char) == "Cc" and char not in "\n\t\f" for char in text)
    if controls * 10 <= len(text):
        assert decode(text.encode(), name="a.txt").text == text


def test_line_ends_are_read_as_line_feeds_and_nothing_else_changes() -> None:
    odd = " \x85\u2028\u2029\x0b\x0c\u00a0e\u0301  \ufeff\n"
    assert decode(("a\r\nb\rc\n" + odd).encode(), name="a.txt").text == "a\nb\nc\n" + odd


def test_offsets_count_code_points_of_what_was_read() -> None:
    text = decode("🤝\r\nDa capo".encode(), name="a.txt").text
    assert text[2:4] == "Da"


def test_a_text_that_is_too_large_is_refused() -> None:
    with pytest.raises(InputError, match="larger than 5 MB"):
        decode(b"a" * (MAX_BYTES + 1), name="a.txt")


@given(st.text())
def test_what_is_shown_has_as_many_code_points_and_nothing_that_a_terminal_obeys(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert printable(shown) == shown
    shown.encode()
    for char in shown:
        assert unicodedata.category(char) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(char) not in {"LRE", "RLE", "LRO", "RLO", "PDF"}
        assert unicodedata.bidirectional(char) not in {"LRI", "RLI", "FSI", "PDI"}


@pytest.mark.parametrize(
    "text",
    [
        "\x1b]52;c;UFdORUQ=\x07",
        "\x9b31m",
        "\x00",
        "\u202edrowssap",
        "\u200b",
        "\U000e0041",
        "\ud800",
    ],
)
def test_hidden_characters_are_counted(text: str) -> None:
    assert hidden_characters(f"plain\n\t{text}") >= 1
    assert hidden_characters("plain\n\ttext — 会谈 🤝") == 0


@given(st.text(max_size=200))
def test_a_safe_name_is_the_id_of_a_readout(text: str) -> None:
    name = safe_name(text)
    assert re.fullmatch(READOUT_ID, name)
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["2017-01-28-call", "a", "A.b_c-d", "x" * 100])
def test_a_name_that_is_safe_stays(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        ".hidden",
        "-rf",
        "con",
        "NUL.txt",
        "a/b",
        "a\0b",
        "",
        "x" * 101,
        "a.",
        "é",
    ],
)
def test_a_name_that_is_not_safe_is_made_so_and_stays_its_own(hostile: str) -> None:
    name = safe_name(hostile)
    assert name != hostile
    assert "/" not in name
    assert not name.startswith((".", "-"))
    assert name.lower().split(".")[0] not in ("con", "nul")
    assert safe_name(hostile + "!") != name


def test_a_file_is_written_whole_with_the_mode_it_had(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, b"one")
    path.chmod(0o640)
    write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["a.txt"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    write_atomic(link, b"one")
    assert link.is_symlink()
    assert target.read_bytes() == b"one"


def test_an_exclusive_write_replaces_nothing_not_even_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link"
    write_atomic(path, b"one", exclusive=True)
    link.symlink_to(tmp_path / "nowhere")
    for taken in (path, link):
        with pytest.raises(StorageError, match="File exists"):
            write_atomic(taken, b"two", exclusive=True)
    assert path.read_bytes() == b"one"
    assert names(tmp_path) == ["a.txt", "link"]


FULL = """
import resource, signal, sys
from pathlib import Path
from annotator.errors import StorageError
from annotator.files import write_atomic

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomic(Path(sys.argv[1]), b"x" * 5000)
except StorageError as error:
    print(error)
"""


def test_a_write_that_the_file_system_cuts_short_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"older")
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True
    )
    assert f"{path} could not be written: {os.strerror(errno.EFBIG)}." in ran.stdout
    assert path.read_bytes() == b"older"
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file or directory"):
        write_atomic(tmp_path / "none" / "a.txt", b"")


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    folder, pipe, wire = tmp_path / "folder", tmp_path / "pipe", tmp_path / "wire"
    folder.mkdir()
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(wire))
        for path in (folder, pipe, wire, Path("/dev/zero")):
            with pytest.raises(InputError, match="is not a file"):
                read_bytes(path)
    with pytest.raises(InputError, match="There is no file"):
        read_bytes(tmp_path / "none")


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    # The kernel lists this one as a regular file and refuses to read its first byte, even to root.
    path = tmp_path / "a.txt"
    path.symlink_to("/proc/self/mem")
    with pytest.raises(StorageError, match=r"a\.txt could not be read: Input/output error"):
        read_bytes(path)


def test_a_link_that_leads_to_itself_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(StorageError, match="could not be read"):
        read_bytes(loop)


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(InputError, match="larger than 5 MB"):
        read_bytes(path)


def test_the_checksum_is_that_of_other_tools() -> None:
    assert sha256(b"abc").startswith("ba7816bf8f01cfea")
