"""The verbs `history` and `compact`, called as a person calls them."""

from __future__ import annotations

import fcntl
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from annotator import cli
from annotator.pipeline.project import Project
from annotator.session import acts, boundaries
from annotator.session.session import Session
from annotator.store import Snapshot

TEXT = "The parties met on Monday. They agreed  to meet again.\n\nThey parted as \x1b[2Jfriends.\n"


class Said(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Typed(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


Call = Callable[..., Said]


@pytest.fixture
def call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Call:
    """Call the program in this process, from an empty folder, as somebody who types `typed`."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def call(*args: str | Path, typed: str | None = None) -> Said:
        monkeypatch.setattr(sys, "argv", ["annotator", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.StringIO() if typed is None else Typed(typed))
        code = cli.main()
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return call


@pytest.fixture
def home(call: Call, tmp_path: Path) -> Path:
    """A project whose one readout ada coded: seven acts, of which one was undone."""
    root = tmp_path / "home"
    assert call("init", root, "--no-samples").code == 0
    (tmp_path / "visit.txt").write_text(TEXT, encoding="utf-8")
    assert call("add", tmp_path / "visit.txt", "-p", root).code == 0
    project = Project.open(root)
    journal = project.journal("ada", "visit", "2026-01-02T03:00:00Z")
    times = (f"2026-01-02T03:04:{second:02}Z" for second in range(60))
    session = Session(
        project.readout("visit"), project.codebook, journal, now=lambda: next(times), ids=iter_ids()
    )
    met, agreed = session.coding.order[:2]
    for label in ("eco.trade", "eco.energy"):
        session.do(acts.toggle(session.pen, session.coding, met, "topics", label))
    session.undo()
    session.do(acts.decide(session.pen, session.coding, met, "done"))
    session.do(acts.write_note(session.pen, session.coding, agreed, "who \x1b]0;x\x07 met?"))
    at = session.sentence(agreed).text.index("to meet") + session.sentence(agreed).start
    session.do(boundaries.split(session.pen, session.coding, agreed, at))
    session.close()
    return root


def iter_ids() -> Callable[[], str]:
    ids = (f"m{number}" for number in range(100))
    return lambda: next(ids)


def stored(home: Path) -> Snapshot:
    snapshot = Project.open(home).store().read("ada", "visit")
    assert snapshot is not None
    return snapshot


def journal_file(home: Path) -> Path:
    return home / "tags" / "ada" / "visit.json"


def test_the_history_is_a_table_with_the_newest_act_last(call: Call, home: Path) -> None:
    said = call("history", "visit", "--coder", "ada", "-p", home)
    assert (said.code, said.err) == (0, "")
    begun, *_ = lines = said.out.splitlines()
    assert begun.split() == ["act", "when", "(UTC)", "what", "sentence", "words"]
    assert [line.split("  ", 1)[0].strip() or line.split()[0] for line in lines[1:]] == [
        str(number) for number in range(1, 8)
    ]
    cells = [line.split(maxsplit=3) for line in lines[1:]]
    assert cells[0][1:3] == ["2026-01-02", "03:00:00"]
    assert [" ".join(row[3].split()) for row in cells] == [
        "begun 1, 2, 3 The parties met on Monday.",
        "mark eco.trade 1 The parties met on Monday.",
        "mark eco.energy (taken back) 1 The parties met on Monday.",
        "undone: mark eco.energy 1 The parties met on Monday.",
        "done 1 The parties met on Monday.",
        "note 2 They agreed to meet again.",
        "split 2, 4 They agreed",
    ]


def test_an_act_as_json_says_all_that_is_known_of_it(call: Call, home: Path) -> None:
    rows = call("history", "visit", "--coder", "ada", "--json", "-p", home).rows
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert rows[2] == {
        "number": 3,
        "act": "edit",
        "at": stored(home).history[2].at,
        "coder": "ada",
        "what": "mark eco.energy",
        "sentences": [1],
        "text": "The parties met on Monday.",
        "changes": ["+ topics eco.energy"],
        "taken_back": True,
    }
    assert (rows[3]["act"], rows[3]["changes"]) == ("undo", ["− topics eco.energy"])
    assert rows[5]["changes"] == ["note “who \x1b]0;x\x07 met?”"]


def test_the_last_acts_and_those_on_one_sentence_can_be_asked_for(call: Call, home: Path) -> None:
    def numbers(*args: str) -> list[int]:
        said = call("history", "visit", "--coder", "ada", "--json", "-p", home, *args)
        return [row["number"] for row in said.rows]

    assert numbers("--limit", "2") == [6, 7]
    assert numbers("--limit", "99") == [1, 2, 3, 4, 5, 6, 7]
    assert numbers("--sentence", "2") == [1, 6, 7]
    assert numbers("--sentence", "4") == [7]
    assert numbers("--sentence", "2", "--limit", "1") == [7]


def test_a_readout_is_shown_as_it_was_after_an_act(call: Call, home: Path) -> None:
    then = call("history", "visit", "--coder", "ada", "--at", "3", "-p", home)
    assert (then.code, then.err) == (0, "")
    assert then.out.splitlines() == [
        "After act 3 of 7, 2026-01-02 03:04:03 UTC, by ada: mark eco.energy",
        "  + topics eco.energy",
        "",
        "1  new      body       The parties met on Monday.",
        "            · topics eco.trade",
        "            · topics eco.energy",
        "2  new      body       They agreed to meet again.",
        "3  new      body       They parted as ␛[2Jfriends.",
    ]
    now = call("history", "visit", "--coder", "ada", "--at", "7", "-p", home).out
    assert "1     done     body       The parties met on Monday." in now
    assert "eco.energy" not in now
    assert "2     new      body       They agreed\n               · note “who ␛]0;x␇ met?”" in now
    # Counted as on the screen; the number by which exports name it stands beside it.
    assert "3 #4  new      body       to meet again." in now
    assert "4 #3  new      body       They parted as" in now
    assert "\x1b" not in now + then.out


def test_a_readout_as_it_was_is_given_as_it_is_stored(call: Call, home: Path) -> None:
    args = ("history", "visit", "--coder", "ada", "--json", "-p", home)
    rows = call(*args, "--at", "7").rows
    docs = stored(home).coding
    assert [row.pop("key") for row in rows] == list(docs.order)
    assert rows == [json.loads(orjson.dumps(docs.sentence(k).model_dump())) for k in docs.order]
    (one,) = call(*args, "--at", "2", "--sentence", "1").rows
    assert [(one["state"], mark["label"]) for mark in one["marks"]] == [("new", "eco.trade")]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (
            ("visit", "--coder", "bob"),
            1,
            "bob has not coded visit. ada did; name one with --coder.",
        ),
        (("none", "--coder", "ada"), 2, "There is no readout “none” in the project."),
        (("../x", "--coder", "ada"), 2, "cannot be the name"),
        (("visit", "--coder", "ada", "--at", "8"), 2, "There is no act 8 in this history."),
        (("visit", "--coder", "ada", "--at", "0"), 2, "Name one from 1 to 7."),
        (("visit", "--coder", "ada", "--sentence", "9"), 2, "There never was a sentence 9"),
        (("visit", "--coder", "ada", "--at", "2", "--limit", "1"), 2, "Leave one of them out."),
        (("visit", "--coder", "ada", "--limit", "0"), 2, "annotator history --help"),
        (("visit", "--coder", "a b"), 2, "cannot be a coder's name"),
        ((), 2, "READOUT"),
    ],
)
def test_what_cannot_be_shown_is_told_in_one_line(
    call: Call, home: Path, args: tuple[str, ...], code: int, words: str
) -> None:
    said = call("history", *args, "-p", home)
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)
    assert words in said.err


def test_a_readout_that_nobody_coded_has_no_history(call: Call, home: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("They left.", encoding="utf-8")
    call("add", tmp_path / "other.txt", "-p", home)
    said = call("history", "other", "--coder", "ada", "-p", home)
    assert (said.code, said.err) == (
        1,
        "annotator: ada has not coded other. Nobody has.\n",
    )


def test_the_history_outlives_the_readouts_text(call: Call, home: Path) -> None:
    (home / "seeds" / "visit.txt").unlink()
    said = call("history", "visit", "--coder", "ada", "--at", "2", "-p", home)
    assert said.code == 0
    assert "The parties met on Monday." in said.out


def test_the_samples_have_a_history_under_the_name_of_their_coder(
    call: Call, tmp_path: Path
) -> None:
    root = tmp_path / "samples"
    assert call("init", root).code == 0
    readout = Project.open(root).samples().coded("sample")[0]
    said = call("history", readout, "--coder", "sample", "--limit", "1", "-p", root)
    assert said.code == 0
    assert len(said.out.splitlines()) == 2
    assert "sample did" in call("history", readout, "--coder", "ada", "-p", root).err
    assert call("compact", readout, "--coder", "sample", "--yes", "-p", root).code == 2


def test_nothing_is_dropped_before_somebody_says_so(call: Call, home: Path) -> None:
    before = journal_file(home).read_bytes()
    unasked = call("compact", "visit", "--coder", "ada", "-p", home)
    assert unasked.code == 2
    assert "add --yes" in unasked.err
    declined = call("compact", "visit", "--coder", "ada", "-p", home, typed="n\n")
    assert declined.code == 1
    assert "Nothing was dropped." in declined.err
    assert call("compact", "visit", "--coder", "ada", "-p", home, typed="\n").code == 1
    ended = call("compact", "visit", "--coder", "ada", "-p", home, typed="")
    assert ended.code == 130
    assert journal_file(home).read_bytes() == before
    for said in (unasked, declined, ended):
        assert said.out.splitlines()[0] == (
            "This drops 6 acts from the history of visit by ada,"
            " made from 2026-01-02 03:04:01 to 2026-01-02 03:04:07 UTC."
        )


@pytest.mark.parametrize(("flags", "typed"), [(("--yes",), None), ((), "y\n")])
def test_the_history_is_dropped_and_the_coding_stays(
    call: Call, home: Path, flags: tuple[str, ...], typed: str | None
) -> None:
    before, size = stored(home).coding, journal_file(home).stat().st_size
    said = call("compact", "visit", "--coder", "ada", "-p", home, *flags, typed=typed)
    after = journal_file(home).stat().st_size
    assert said.code == 0
    assert after < size
    assert f"tags/ada/visit.json has {size:,} bytes and would have {after:,}." in said.out
    assert said.out.endswith(f"6 acts dropped; tags/ada/visit.json has {after:,} bytes now.\n")
    assert stored(home).coding.docs == before.docs
    rows = call("history", "visit", "--coder", "ada", "--json", "-p", home).rows
    assert [row["what"] for row in rows] == ["begun", "6 acts gathered"]
    assert call("check", "-p", home).code == 0


def test_a_history_of_nothing_has_nothing_to_drop(call: Call, home: Path) -> None:
    assert call("compact", "visit", "--coder", "ada", "--yes", "-p", home).code == 0
    before = journal_file(home).read_bytes()
    again = call("compact", "visit", "--coder", "ada", "--yes", "-p", home)
    assert (again.code, again.out) == (1, "")
    assert "nothing that can be dropped" in again.err
    assert journal_file(home).read_bytes() == before


def test_to_compact_begins_no_coding(call: Call, home: Path) -> None:
    said = call("compact", "visit", "--coder", "bob", "--yes", "-p", home)
    assert (said.code, said.out) == (1, "")
    assert "ada did" in said.err
    assert [path.name for path in (home / "tags").iterdir()] == ["ada"]
    assert call("compact", "none", "--coder", "ada", "--yes", "-p", home).code == 2


def test_the_file_with_its_history_is_kept_where_it_was_asked_for(
    call: Call, home: Path, tmp_path: Path
) -> None:
    before = journal_file(home).read_bytes()
    place = tmp_path / "kept.json"
    args = ("compact", "visit", "--coder", "ada", "--yes", "--keep", place, "-p", home)
    said = call(*args)
    assert said.code == 0
    assert f"kept as {place}" in said.out
    assert place.read_bytes() == before
    assert len(stored(home).history) == 2


def test_nothing_is_dropped_where_the_file_cannot_be_kept(
    call: Call, home: Path, tmp_path: Path
) -> None:
    before = journal_file(home).read_bytes()
    place = tmp_path / "kept.json"
    place.write_text("precious", encoding="utf-8")
    said = call("compact", "visit", "--coder", "ada", "--yes", "--keep", place, "-p", home)
    assert said.code == 3
    assert "Choose another name" in said.err
    assert place.read_text(encoding="utf-8") == "precious"
    assert journal_file(home).read_bytes() == before


def test_a_readout_that_is_being_coded_is_not_compacted(call: Call, home: Path) -> None:
    before = journal_file(home).read_bytes()
    with journal_file(home).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = call("compact", "visit", "--coder", "ada", "--yes", "-p", home)
        assert (said.code, said.out) == (4, "")
        assert call("history", "visit", "--coder", "ada", "-p", home).code == 0
    assert journal_file(home).read_bytes() == before


def test_nobody_can_write_while_it_is_asked(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(*_: object, **__: object) -> bool:
        with (
            journal_file(home).open("rb") as other,
            pytest.raises(BlockingIOError),
        ):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True

    monkeypatch.setattr("click.confirm", answer)
    assert call("compact", "visit", "--coder", "ada", "-p", home, typed="").code == 0
