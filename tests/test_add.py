from __future__ import annotations

import codecs
import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import Busy, InputError, PartUnread, StorageError
from annotator.files import sha256
from annotator.formats.dialects import dialect
from annotator.formats.metadata import metadata_toml
from annotator.model.entity import Entity
from annotator.model.readout import Event, Metadata
from annotator.pipeline.add import AddReport, add
from annotator.pipeline.project import Project
from annotator.tomlfile import parse_toml
from tests.opened import opened_below


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    return Project.open(root)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ids(report: AddReport) -> list[str]:
    return [one.id for one in report.added]


def reason(report: AddReport) -> str:
    ((_, why),) = report.refused
    assert "\n" not in why
    return why


@pytest.mark.parametrize(
    "raw",
    [
        "“Переговоры” — 会谈 🤝".encode(),
        codecs.BOM_UTF8 + b"marked",
        codecs.BOM_UTF16_LE + "встреча".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "встреча".encode("utf-16-be"),
        codecs.BOM_UTF32_LE + "встреча".encode("utf-32-le"),
        b"one\r\ntwo\rthree\n\n  no line feed at the end",
    ],
)
@pytest.mark.parametrize("ending", ["txt", "md", "TXT"])
def test_the_bytes_of_a_text_are_kept_as_they_are(
    project: Project, inbox: Path, raw: bytes, ending: str
) -> None:
    report = add(project, [write(inbox, f"call.{ending}", raw)])
    assert ids(report) == project.readout_ids() == ["call"]
    assert names(project.paths.seeds) == ["call.txt"]
    assert (project.paths.seeds / "call.txt").read_bytes() == raw
    assert project.readout("call").sha256 == sha256(raw)


def test_offsets_are_those_of_the_text_that_was_given(project: Project, inbox: Path) -> None:
    add(project, [write(inbox, "call.txt", "🤝\r\nDie Parteien – sagten sie\r\n")])
    assert project.readout("call").text[2:13] == "Die Parteie"
    assert project.readout("call").text == "🤝\nDie Parteien – sagten sie\n"


def test_an_encoding_that_the_bytes_do_not_show_is_remembered(
    project: Project, inbox: Path
) -> None:
    raw = "Переговоры".encode("cp1251")
    path = write(inbox, "call.txt", raw)
    why = reason(add(project, [path]))
    assert "line 1: the byte at offset 0 is not UTF-8" in why
    assert "--encoding" in why
    assert names(project.paths.seeds) == []
    add(project, [path], encoding="windows-1251")
    assert project.readout("call").text == "Переговоры"
    assert (project.paths.seeds / "call.txt").read_bytes() == raw
    assert project.metadata("call").encoding == "cp1251"


def test_an_encoding_that_is_none_is_said_once_and_before_anything(
    project: Project, inbox: Path
) -> None:
    with pytest.raises(InputError, match="There is no text encoding “latin-99”"):
        add(project, [write(inbox, "call.txt", "text")], encoding="latin-99")
    assert names(project.paths.seeds) == []


def test_a_web_page_is_kept_as_its_text_with_where_it_is_from(
    project: Project, inbox: Path
) -> None:
    source = "<title>A call</title><h1>Call</h1><p>They spoke.</p>"
    add(project, [write(inbox, "page.html", source), write(inbox, "other.HTM", "<p>Other")])
    assert project.readout("page").text == "Call\n\nThey spoke."
    assert project.readout("other").text == "Other"
    assert project.metadata("page") == Metadata(
        title="A call", source_file="page.html", source_sha256=sha256(source.encode())
    )


def test_a_line_of_json_is_a_readout(project: Project, inbox: Path) -> None:
    lines = [
        {"text": "One.\r\nTwo.", "id": "first", "metadata": {"issuing_side": "ru"}},
        {"text": "Three 🤝.", "title": "Flat", "event": {"id": "call", "date": "2017-01-28"}},
    ]
    source = "\ufeff" + "\n\n".join(json.dumps(line) for line in lines)
    report = add(project, [write(inbox, "calls.jsonl", source)])
    assert ids(report) == ["first", "calls-00003"]
    assert project.readout("first").text == "One.\nTwo."
    origin = {"source_file": "calls.jsonl", "source_sha256": sha256(source.encode())}
    assert project.metadata("first") == Metadata.model_validate({"issuing_side": "ru", **origin})
    flat = project.metadata("calls-00003")
    assert (flat.title, flat.event) == ("Flat", Event(id="call", date="2017-01-28"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"text": "a"', "line 2 is not JSON"),
        ('["text"]', "line 2 is no object"),
        ('{"id": "a"}', "line 2 has no “text”"),
        ('{"text": 1}', "line 2 has no “text”"),
        ('{"text": " "}', "line 2 holds no text"),
        ('{"text": "a", "id": 7}', "line 2: the “id” is no string"),
        ('{"text": "a", "metadata": []}', "line 2: the “metadata” is no object"),
        ('{"text": "a", "titel": "b"}', "line 2: there is no key “titel”. Did you mean “title”?"),
        ('{"text": "a", "text": "b"}', "line 2: “text” stands twice"),
        ('{"text": "a", "title": "b", "metadata": {"title": "c"}}', "“title” stands twice"),
        ('{"text": "a", "sample": 1}', "line 2: sample should be a valid boolean"),
        ('{"text": "a", "event": {"duration_minutes": NaN}}', "NaN is no number"),
        ('{"text": "a", "x": ' + "[" * 100_000, "line 2 is nested too deeply"),
        ('{"text": "a", "x": ' + "9" * 5000 + "}", "line 2 is not JSON"),
        ('{"text": "a\\u0000b"}', "line 2 is binary"),
        ('{"text": "a\\ud800b"}', "line 2: character 1 is half a surrogate pair"),
        ('{"text": "a", "title": "\\ud800"}', "line 2: "),
        ('{"text": "a\x1b[31m"}', "line 2 is not JSON"),
        ('{"text": "a", "\\u001b[2J": 1}', "there is no key “␛[2J”"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_added(
    project: Project, inbox: Path, line: str, why: str
) -> None:
    source = '{"text": "First."}\n' + line + '\n{"text": "Third."}\n'
    report = add(project, [write(inbox, "calls.jsonl", source)])
    assert ids(report) == ["calls-00001", "calls-00003"]
    assert why in reason(report)
    assert "\x1b" not in reason(report)


def test_bytes_of_a_line_that_are_not_utf_8_are_placed(project: Project, inbox: Path) -> None:
    path = write(inbox, "calls.jsonl", b'{"text": "First."}\n{"text": "caf\xe9"}\n')
    report = add(project, [path])
    assert "line 2: the byte at offset 13 of the line is not UTF-8" in reason(report)
    assert ids(add(project, [path], encoding="latin-1")) == ["calls-00002"]
    assert project.readout("calls-00002").text == "café"
    assert project.metadata("calls-00002").encoding is None


def test_json_lines_in_utf_16_are_read(project: Project, inbox: Path) -> None:
    add(project, [write(inbox, "calls.jsonl", '{"text": "Да."}\n'.encode("utf-16"))])
    assert project.readout("calls-00001").text == "Да."


def test_json_lines_may_be_many_but_each_must_fit(project: Project, inbox: Path) -> None:
    lines = [json.dumps({"text": char * 3_000_000}) for char in "abc"]
    report = add(project, [write(inbox, "calls.jsonl", "\n".join(lines))])
    assert len(report.added) == 3
    lines[1] = json.dumps({"text": "d" * 6_000_000})
    report = add(project, [write(inbox, "more.jsonl", "\n".join(lines))])
    assert len(report.known) == 1
    assert "A line of" in reason(report)
    assert "is larger than 5 MB" in reason(report)


def test_what_is_no_json_lines_at_all_is_given_up(project: Project, inbox: Path) -> None:
    report = add(project, [write(inbox, "calls.jsonl", "not JSON\n" * 100_000)])
    assert len(report.refused) == 101
    assert "the rest was not read" in report.refused[-1][1]


def test_metadata_beside_a_file_come_along_byte_for_byte(project: Project, inbox: Path) -> None:
    source = '# where it is from\ntitle = "A call"   # so they say\n[event]\nid = "call"\n'
    write(inbox, "call.toml", source)
    add(project, [write(inbox, "call.txt", "Text.")])
    assert (project.paths.seeds / "call.toml").read_text() == source
    assert project.readout("call").metadata.event.id == "call"


def test_metadata_beside_a_file_are_joined_with_what_the_file_says(
    project: Project, inbox: Path
) -> None:
    write(inbox, "page.toml", 'title = "Better"\nencoding = "cp1251"\nlanguage = "ru"')
    page = write(inbox, "page.html", "<title>Guess</title><p>Переговоры".encode("cp1251"))
    write(inbox, "calls.toml", 'language = "en"\nlicence = "CC0"')
    calls = write(inbox, "calls.jsonl", '{"text": "A.", "id": "a", "language": "de"}\n')
    add(project, [page, calls])
    found = project.readout("page")
    assert found.text == "Переговоры"
    assert (found.metadata.title, found.metadata.language) == ("Better", "ru")
    assert found.metadata.encoding is None  # It was that of the page, not of the text kept.
    assert found.metadata.source_file == "page.html"
    line = project.metadata("a")
    assert (line.language, line.licence) == ("de", "CC0")


def test_bad_metadata_keep_the_file_out_and_are_placed(project: Project, inbox: Path) -> None:
    write(inbox, "call.toml", 'title = "A"\nissuing_sid = "ru"\n')
    report = add(project, [write(inbox, "call.txt", "Text.")])
    assert "call.toml, line 2: there is no key “issuing_sid”" in reason(report)
    assert names(project.paths.seeds) == []


def test_the_same_file_twice_is_said_and_skipped(project: Project, inbox: Path) -> None:
    first = write(inbox, "a/call.txt", "Text.")
    again = write(inbox, "b/again.txt", "Text.")
    page = write(inbox, "page.html", "<p>Page.")
    report = add(project, [first, again, page])
    assert ids(report) == ["call", "page"]
    assert report.known == ((str(again), "call"),)
    before = names(project.paths.seeds)
    report = add(Project.open(project.root), [first, again, page])
    assert report.known == ((str(first), "call"), (str(again), "call"), (str(page), "page"))
    assert names(project.paths.seeds) == before
    assert any("is there already, as “call”" in line for line in report.summary())


def test_two_texts_of_one_name_are_both_added(project: Project, inbox: Path) -> None:
    write(inbox, "a/call.txt", "One.")
    write(inbox, "b/call.txt", "Two.")
    write(inbox, "c/CALL.txt", "Three.")
    report = add(project, [inbox])
    other = f"call-{sha256(b'Two.')[:8]}"
    third = f"CALL-{sha256(b'Three.')[:8]}"  # On some file systems it would be the same file.
    assert ids(report) == ["call", other, third]
    assert [one.other_name for one in report.added] == [False, True, True]
    assert project.readout(other).text == "Two."
    assert project.metadata(other).source_file == "call"
    assert ids(add(project, [inbox])) == []


def test_metadata_that_are_there_without_a_text_are_not_replaced(
    project: Project, inbox: Path
) -> None:
    write(project.paths.seeds, "call.toml", 'title = "Mine"')
    report = add(project, [write(inbox, "call.txt", "Text.")])
    assert ids(report) == [f"call-{sha256(b'Text.')[:8]}"]
    assert (project.paths.seeds / "call.toml").read_text() == 'title = "Mine"'


@pytest.mark.parametrize(
    "name",
    [
        "Пресс-релиз",
        "con",
        "a b",
        "x" * 150,
        "-rf",
        "\x1b]0;title\x07",
        "a\nb",
        b"\xff\xfe".decode("latin-1"),
    ],
)
def test_a_name_that_cannot_be_an_id_is_made_one_and_remembered(
    project: Project, inbox: Path, name: str
) -> None:
    report = add(project, [write(inbox, f"{name}.txt", "Text.")])
    (added,) = report.added
    assert added.other_name
    assert project.readout_ids() == [added.id]
    assert project.metadata(added.id).source_file is not None
    shown = "".join(report.summary())
    assert not {"\x1b", "\x07", "\n"} & set(shown)


def test_a_name_that_is_no_text_does_no_harm(project: Project, inbox: Path) -> None:
    for name, content in ((b"\xff.txt", "One."), (b"\xfe.html", "<p>Two.")):
        (inbox / os.fsdecode(name)).write_text(content)
    report = add(project, [inbox])
    assert sorted(project.readout(one).text for one in ids(report)) == ["One.", "Two."]
    "".join(report.summary()).encode()


@pytest.mark.parametrize("wished", ["../../escape", "/etc/passwd", "..", ".", "a/b", "a\\b", ""])
def test_an_id_from_outside_is_no_path(project: Project, inbox: Path, wished: str) -> None:
    line = json.dumps({"text": "Text.", "id": wished})
    report = add(project, [write(inbox, "calls.jsonl", line)])
    (added,) = report.added
    assert names(project.paths.seeds) == [f"{added.id}.toml", f"{added.id}.txt"]
    assert names(project.root) == ["schemas", "seeds"]


def test_a_folder_is_read_whole_and_what_is_bad_is_named(project: Project, inbox: Path) -> None:
    write(inbox, "good.txt", "Good.")
    write(inbox, "deep/er/also.md", "Also good.")
    write(inbox, ".hidden.txt", "Hidden.")
    write(inbox, ".git/config.txt", "Hidden.")
    write(inbox, "report.pdf", b"%PDF-1.7")
    write(inbox, "note.docx", b"PK\x03\x04")
    write(inbox, "bare", "No ending.")
    write(inbox, "alone.toml", "title = 1")
    write(inbox, "folder.txt/inner.txt", "Inner.")
    (inbox / "deep" / "loop").symlink_to(inbox)
    (inbox / "here").symlink_to(".")
    bad = {
        "binary.txt": (b"\x7fELF\0\0", "is binary"),
        "empty.txt": (b"", "holds no text"),
        "latin.txt": (b"caf\xe9", "line 1: the byte at offset 3 is not UTF-8"),
        "pdf.txt": (b"%PDF-1.7", "is a PDF, not text"),
        "space.txt": (b" \n\t\n", "holds no text"),
    }
    for name, (content, _) in bad.items():
        write(inbox, name, content)
    os.mkfifo(inbox / "pipe.txt")
    (inbox / "itself.txt").symlink_to("itself.txt")
    (inbox / "memory.txt").symlink_to("/proc/self/mem")
    (inbox / "nowhere.txt").symlink_to("nowhere")
    with (inbox / "huge.txt").open("wb") as file:
        file.truncate(10**10)
    report = add(project, [inbox, inbox / "none.txt", inbox / "report.pdf"])
    assert project.readout_ids() == sorted(ids(report)) == ["also", "good", "inner"]
    assert report.ignored == {".pdf": 1, ".docx": 1, "": 1}
    reasons = {Path(path).name: why for path, why in report.refused}
    assert reasons.keys() == {
        *bad,
        "pipe.txt",
        "itself.txt",
        "memory.txt",
        "nowhere.txt",
        "huge.txt",
        "none.txt",
        "report.pdf",
    }
    for name, (_, why) in bad.items():
        assert why in reasons[name]
    assert "is not a file" in reasons["pipe.txt"]
    assert "could not be read" in reasons["memory.txt"]
    assert "There is no file" in reasons["none.txt"]
    assert "none of the endings .txt, .md" in reasons["report.pdf"]
    assert all(str(inbox) in why for why in reasons.values())
    assert names(project.paths.seeds) == ["also.txt", "good.txt", "inner.txt"]


CLOSED = """
import os, sys
from pathlib import Path
from annotator.formats import plain
from annotator.pipeline.add import add
from annotator.pipeline.project import Project

if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
for line in add(Project.open(Path(sys.argv[1])), [Path(sys.argv[2])]).summary():
    print(line)
"""


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    # The folders of pytest are closed to the other user that root becomes here.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_files_and_folders_that_may_not_be_read_are_named(open_to_all: Path) -> None:
    root, inbox = open_to_all / "project", open_to_all / "inbox"
    write(root, "annotator.toml", "")
    (root / "seeds").mkdir()
    (root / "seeds").chmod(0o777)
    write(inbox, "good.txt", "Good.")
    write(inbox, "closed.txt", "Closed.").chmod(0)
    write(inbox, "shut/inner.txt", "Inner.")
    (inbox / "shut").chmod(0)
    ran = subprocess.run(
        [sys.executable, "-c", CLOSED, str(root), str(inbox)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    (inbox / "shut").chmod(0o700)
    assert ran.stdout.splitlines() == [
        "1 readout was added.",
        "2 could not be added:",
        f"  {inbox / 'shut'} could not be read: Permission denied."
        " Check who may read and write there.",
        f"  {inbox / 'closed.txt'} could not be read: Permission denied."
        " Check who may read and write there.",
    ]


def test_the_projects_own_folders_are_not_read_again(project: Project, inbox: Path) -> None:
    write(project.root, "exports/data/sentences.jsonl", '{"text": "A sentence."}')
    write(project.root, "tags/ada/call.txt", "No readout.")
    write(project.root, "new/call.txt", "New.")
    (inbox / "link").symlink_to(project.paths.exports)
    assert ids(add(project, [project.root, inbox])) == ["call"]
    assert "is a part of the project itself" in reason(add(project, [project.paths.seeds]))


def test_progress_is_told_file_by_file(project: Project, inbox: Path) -> None:
    for number in range(300):
        write(inbox, f"call-{number:03}.txt", f"Call {number}.")
    told: list[tuple[int, int, str]] = []
    report = add(project, [inbox], progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, 301))
    assert {total for _, total, _ in told} == {300}
    assert told[41][2] == str(inbox / "call-041.txt")
    assert len(report.added) == 300
    assert report.summary() == ["300 readouts were added."]


def test_the_summary_is_cut_where_it_would_be_endless_but_names_each_that_was_refused() -> None:
    report = AddReport(
        refused=tuple((f"{n}.txt", f"{n}.txt is bad.") for n in range(1000)),
        known=tuple((f"k{n}.txt", f"k{n}") for n in range(5)),
    )
    assert report.summary(most=1) == [
        "0 readouts were added.",
        "5 were skipped:",
        "  k0.txt is there already, as “k0”.",
        "  … and 4 more.",
        "1,000 could not be added:",
        *(f"  {n}.txt is bad." for n in range(1000)),
    ]


def test_only_one_process_adds_at_a_time(project: Project, inbox: Path) -> None:
    path = write(inbox, "call.txt", "Text.")
    holder = os.open(project.paths.seeds, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        with pytest.raises(Busy, match="Another process is adding"):
            add(project, [path])
    finally:
        os.close(holder)
    assert ids(add(project, [path])) == ["call"]


FULL = """
import resource, signal, sys
from pathlib import Path
from annotator.errors import StorageError
from annotator.pipeline.add import add
from annotator.pipeline.project import Project

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    add(Project.open(Path(sys.argv[1])), [Path(sys.argv[2])])
except StorageError as error:
    print(error)
"""


def test_a_disk_that_takes_no_more_stops_it_and_leaves_only_whole_readouts(
    project: Project, inbox: Path
) -> None:
    for number in range(200):
        write(inbox, f"{number:03}.html", f"<title>Call</title><p>Call {number}.")
    write(inbox, "150b.txt", "Too long. " * 1000)
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(project.root), str(inbox)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "seeds could not be written: File too large" in ran.stdout
    whole = project.readout_ids()
    assert 0 < len(whole) < 200
    assert names(project.paths.seeds) == sorted(
        f"{one}.{ending}" for one in whole for ending in ("toml", "txt")
    )
    assert ids(add(project, [inbox])) != []
    assert len(project.readout_ids()) == 201


ADD = """
import signal
import sys
import time
from pathlib import Path
from annotator.pipeline.add import add
from annotator.pipeline.project import Project

# Whoever starts a program in the background may have told it to take no notice.
signal.signal(signal.SIGINT, signal.default_int_handler)

def progress(done, *rest):
    print(done)
    if done >= 300:
        time.sleep(0.1)  # Whoever ends this process may come late.

add(Project.open(Path(sys.argv[1])), [Path(sys.argv[2])], progress=progress)
"""


@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_process_that_is_killed_leaves_only_whole_readouts_and_the_next_one_goes_on(
    project: Project, inbox: Path, kill: signal.Signals
) -> None:
    for number in range(600):
        write(inbox, f"{number:03}.html", f"<title>Call</title><p>Call {number}.")
    with subprocess.Popen(
        [sys.executable, "-uc", ADD, str(project.root), str(inbox)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == 300:
                process.send_signal(kill)
                break
        process.stdout.read()
    whole = project.readout_ids()
    assert 0 < len(whole) < 600
    for readout_id in whole:
        readout = project.readout(readout_id)
        assert readout.text == f"Call {int(readout_id)}."
        assert readout.metadata.source_file == f"{readout_id}.html"
    report = add(project, [inbox])
    assert len(report.added) == 600 - len(whole)
    assert not any(one.other_name for one in report.added)
    assert len(report.known) == len(whole)
    assert names(project.paths.seeds) == sorted(
        f"{number:03}.{ending}" for number in range(600) for ending in ("toml", "txt")
    )


def test_metadata_that_a_killed_process_put_in_place_are_taken_up(
    project: Project, inbox: Path
) -> None:
    path = write(inbox, "page.html", "<title>A</title><p>Page.")
    add(project, [path])
    (project.paths.seeds / "page.txt").unlink()
    assert ids(add(project, [path])) == ["page"]


def test_a_project_that_may_not_be_written_says_so(project: Project, inbox: Path) -> None:
    (project.paths.seeds).rmdir()
    (project.paths.seeds).symlink_to("/proc/self")
    with pytest.raises(StorageError, match="seeds could not be"):
        add(project, [write(inbox, "call.txt", "Text.")])


def test_adding_to_a_large_project_reads_only_what_may_be_the_same(
    project: Project, inbox: Path
) -> None:
    for number in range(300):
        write(project.paths.seeds, f"{number:03}.txt", f"Readout {number:03}. " * 500)
    write(project.paths.seeds, "same-size.txt", "Test.")
    path = write(inbox, "call.txt", "Text.")
    add(project, [write(inbox, "warm.txt", "Warm text.")])
    with opened_below(project.paths.seeds) as opened:
        assert ids(add(project, [path])) == ["call"]
    assert {name for name in opened if name.endswith(".txt")} == {"same-size.txt"}


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
entities = st.builds(
    Entity,
    id=st.from_regex(r"[a-z0-9][a-z0-9_]{0,9}", fullmatch=True),
    type=st.sampled_from(["person", "state", "collective"]),
    name=texts.filter(bool),
    role=st.none() | texts,
    aliases=st.lists(texts, max_size=2).map(tuple),
)


@given(
    st.builds(
        Metadata,
        title=st.none() | texts | st.sampled_from(["a\nb", '"""', "'''", "\\", "\x1b[m", "\x7f"]),
        sample=st.booleans(),
        is_translation=st.none() | st.booleans(),
        event=st.builds(
            Event, id=st.none() | texts, duration_minutes=st.none() | st.integers(0, 9)
        ),
        entities=st.lists(entities, max_size=3).map(tuple),
    )
)
def test_metadata_that_are_written_are_read_back(metadata: Metadata) -> None:
    assert parse_toml(metadata_toml(metadata), Metadata, name="a.toml") == metadata


@pytest.mark.parametrize(
    ("form", "row"),
    [
        ("prodigy", {"spans": [{"start": 12, "end": 900, "label": "A"}], "answer": "accept"}),
        ("prodigy", {"accept": [None, "A"], "answer": "accept"}),
        ("prodigy", {"accept": ["A"], "answer": "perhaps"}),
        ("doccano", {"label": [[12, 900, "A"]]}),
        ("doccano", {"entities": [{"start_offset": 0, "end_offset": 900, "label": "A"}]}),
        ("doccano", {"label": [None], "cats": ["A"]}),
    ],
)
def test_a_text_is_taken_whatever_is_wrong_with_its_labels(
    project: Project, inbox: Path, form: str, row: dict[str, object]
) -> None:
    path = write(inbox, "theirs.jsonl", json.dumps({"text": "They met in May.", **row}))
    report = add(project, [path], form=dialect(form))
    assert (ids(report), report.refused) == (["theirs-00001"], ())
    told = [one for one in dialect(form).read(path) if isinstance(one, PartUnread)]
    assert len(told) == 1
    assert "line 1" in str(told[0])
    assert "That label is left out." in str(told[0])


def test_a_name_that_is_taken_is_said_with_the_line_and_an_id_is_no_file(
    project: Project, inbox: Path
) -> None:
    rows = [{"id": 1, "text": f"They met on day {day}.", "label": ["A"]} for day in (1, 2)]
    path = write(inbox, "theirs.jsonl", "".join(f"{json.dumps(row)}\n" for row in rows))
    report = add(project, [path], form=dialect("doccano"))
    (renamed,) = [one for one in report.added if one.other_name]
    assert f"  {path}, line 2 is “{renamed.id}” here." in report.summary()
    assert not list(project.paths.seeds.glob("*.toml"))


def test_what_ends_too_early_is_wrong_at_its_end(project: Project, inbox: Path) -> None:
    path = write(inbox, "cut.jsonl", '{"text": "a"}\n{"text": "b"\n')
    assert "line 2 is not JSON: Expecting ',' delimiter at column 13." in reason(
        add(project, [path])
    )
