"""Moving codings to the changed text of their readout: what is shown is what is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.errors import AnnotatorError, Busy, Conflict, DamagedFile, InputError
from annotator.formats.losses import UNPLACED
from annotator.model.anchoring import Counts
from annotator.model.edit import Change, Coding, Edit, Timeline
from annotator.model.mark import Mark, Provenance, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.text import Span
from annotator.pipeline.check import check
from annotator.pipeline.export import export
from annotator.pipeline.moving import Behind, Moving, behind, move, moving, told
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.session import acts, boundaries
from annotator.session.acts import Pen
from annotator.store import Journal, Snapshot
from tests.session.making import Ids

AT = "2026-01-02T03:04:05Z"
LATER = "2026-02-03T04:05:06Z"
LAST = "2026-03-04T05:06:07Z"
CODEBOOK = """
name = "small"
version = "1.2.3"
[[layers]]
id = "topics"
name = "Topics"
key = "t"
labels = [{ id = "trade", name = "Trade" }, { id = "peace", name = "Peace" }]
[[layers.slots]]
id = "cue"
name = "Cue"
key = "c"
type = "span"
[[layers]]
id = "tone"
name = "Tone"
key = "o"
labels = [{ id = "warm", name = "Warm" }]
"""
TEXT = "The ministers met in May.\nThey agreed to open the border.\nTrade was discussed.\n"
REWORDED = "The ministers met in June.\nThey agreed to open the border.\nTrade was discussed.\n"
ONE, TWO, THREE = 1, 2, 3
Act = Callable[[Pen, Coding], Edit | None]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("seeds", "schemas"):
        (tmp_path / name).mkdir()
    (tmp_path / "schemas/readouts.toml").write_text(CODEBOOK)
    write(tmp_path, TEXT)
    return Project.open(tmp_path)


def write(root: Path, text: str, name: str = "call") -> None:
    (root / f"seeds/{name}.txt").write_bytes(text.encode())


def code(project: Project, coder: str, *made: Act, at: str = AT) -> Path:
    """Let a coder do something to the readout; return where the journal lies."""
    journal = project.journal(coder, "call", at)
    put(project, journal, *made)
    journal.close()
    return project.paths.tags / coder / "call.json"


def put(project: Project, journal: Journal, *made: Act) -> None:
    pen = Pen(journal.header.by, project.codebook, lambda: AT, Ids())
    for act in made:
        edit = act(pen, journal.coding)
        assert edit is not None
        journal.put(edit)


def topic(key: int, label: str = "trade") -> Act:
    return lambda pen, coding: acts.toggle(pen, coding, key, "topics", label)


def cue(key: int, words: str) -> Act:
    """Give a sentence a mark that quotes some of its words."""

    def made(pen: Pen, coding: Coding) -> Edit | None:
        sentence = coding.sentence(key)
        start = sentence.start + sentence.text.index(words)
        span = Span(start=start, end=start + len(words), exact=words)
        mark = Mark(
            id="quoted",
            layer="topics",
            label="peace",
            start=sentence.start,
            end=sentence.end,
            slots={"cue": (SpanValue(span=span),)},
            provenance=Provenance(coder=pen.coder, at=AT, codebook="small 1.2.3"),
        )
        return acts.add_mark(pen, coding, key, mark)

    return made


def done(key: int) -> Act:
    return lambda pen, coding: acts.decide(pen, coding, key, "done")


def join(text: str = TEXT) -> Act:
    return lambda pen, coding: boundaries.join(pen, coding, ONE, text)


def split(at: int) -> Act:
    return lambda pen, coding: boundaries.split(pen, coding, ONE, at)


def seen(project: Project, coder: str = "ada") -> Moving:
    found = moving(project, coder, "call")
    assert found is not None
    return found


def stored(project: Project, coder: str = "ada") -> Snapshot:
    snapshot = project.store().read(coder, "call")
    assert snapshot is not None
    return snapshot


def texts(coding: Coding) -> list[str]:
    return [sentence.text for _, sentence in coding.sentences()]


def damage(project: Project) -> list[str]:
    return [found.what for found in check(project) if found.severity == "damage"]


# What would happen


def test_a_coding_of_the_bytes_that_are_there_is_not_to_be_moved(project: Project) -> None:
    code(project, "ada", topic(ONE))
    assert moving(project, "ada", "call") is None


def test_a_coder_who_did_not_begin_has_nothing_to_move(project: Project) -> None:
    code(project, "ada")
    write(project.root, REWORDED)
    assert moving(project, "bob", "call") is None


def test_to_look_at_what_would_happen_changes_nothing(project: Project) -> None:
    path = code(project, "ada", topic(ONE), done(ONE))
    before = path.read_bytes()
    write(project.root, REWORDED)
    found = seen(project)
    assert (found.coder, found.same_text) == ("ada", False)
    assert found.anchoring.counts == Counts(kept=2, reworded=1)
    assert path.read_bytes() == before


def test_a_text_without_words_and_an_unreadable_journal_say_what_is_wrong(
    project: Project,
) -> None:
    path = code(project, "ada")
    write(project.root, "\n")
    with pytest.raises(InputError, match="no words any more"):
        moving(project, "ada", "call")
    write(project.root, REWORDED)
    path.write_bytes(b"damaged")
    with pytest.raises(DamagedFile):
        moving(project, "ada", "call")
    with pytest.raises(InputError, match="no readout “none”"):
        moving(project, "ada", "none")


# Doing it


def test_what_was_shown_is_what_is_done(project: Project) -> None:
    code(project, "ada", topic(ONE), done(ONE), cue(TWO, "open"), topic(THREE))
    old = stored(project).header
    write(project.root, REWORDED.replace("open the border", "close the border"))
    found = seen(project)
    move(project, found, LATER)
    after = stored(project)
    assert after.coding == found.anchoring.coding
    assert after.coding != found.snapshot.coding
    assert (after.header.source, after.header.text) == (
        found.readout.sha256,
        found.readout.text_sha256,
    )
    assert after.header.earlier == (old.source,)
    assert [(edit.act, edit.at) for edit in after.history][-1] == ("reanchor", LATER)
    assert len(after.history) == len(found.snapshot.history) + 1
    assert damage(project) == []
    assert moving(project, "ada", "call") is None
    project.journal("ada", "call", LAST).close()


def test_no_mark_is_lost_though_its_words_are(project: Project) -> None:
    code(project, "ada", cue(TWO, "open"), topic(THREE))
    quoted = stored(project).coding.sentence(TWO).marks
    write(project.root, TEXT.replace("open the border", "close it").replace("Trade", "It"))
    move(project, seen(project), LATER)
    coding = stored(project).coding
    assert coding.sentence(TWO).unplaced == quoted
    marks = [mark for _, s in coding.sentences() for mark in (*s.marks, *s.unplaced)]
    assert {mark.label for mark in marks} == {"peace", "trade"}


def test_what_was_done_on_the_old_text_is_not_undone_on_the_new_one(project: Project) -> None:
    code(project, "ada", topic(ONE))
    assert len(Timeline.of(stored(project).history).done) == 1
    write(project.root, REWORDED)
    move(project, seen(project), LATER)
    assert Timeline.of(stored(project).history) == Timeline()


def test_only_the_work_of_the_coder_who_was_named_is_moved(project: Project) -> None:
    code(project, "ada", topic(ONE))
    before = code(project, "bob", topic(TWO)).read_bytes()
    write(project.root, REWORDED)
    move(project, seen(project, "ada"), LATER)
    assert (project.paths.tags / "bob/call.json").read_bytes() == before
    assert seen(project, "bob").coder == "bob"


def test_a_name_that_a_sentence_ever_had_is_not_given_to_another(project: Project) -> None:
    code(project, "ada", topic(ONE), split(14), join())
    used = {change.key for edit in stored(project).history for change in edit.changes}
    assert max(used) > max(stored(project).coding.docs)
    write(project.root, TEXT + "A new day has come.\n")
    move(project, seen(project), LATER)
    assert set(stored(project).coding.order) - used == {max(used) + 1}


def test_other_bytes_of_the_same_text_are_taken_over_and_can_still_be_undone(
    project: Project,
) -> None:
    code(project, "ada", topic(ONE))
    (project.root / "seeds/call.txt").write_bytes(TEXT.encode("utf-16"))
    found = seen(project)
    assert found.same_text
    assert (found.anchoring.changes, found.anchoring.moves) == ((), ())
    move(project, found, LATER)
    after = stored(project)
    assert after.header.source == found.readout.sha256
    assert after.coding == found.snapshot.coding
    assert len(after.history) == len(found.snapshot.history)
    assert len(Timeline.of(after.history).done) == 1


def test_where_only_bytes_changed_no_sentence_is_made_of_words_that_none_holds(
    project: Project,
) -> None:
    readout = project.readout("call")
    one = Change(key=ONE, before=None, after=project.segment(readout)[0])
    first = Edit(act="import", at=AT, what="import", changes=(one,))
    project.store().open(project.header("ada", readout), readout, lambda: first).close()
    (project.root / "seeds/call.txt").write_bytes(TEXT.encode("utf-16"))
    found = seen(project)
    assert (found.anchoring.changes, found.anchoring.moves) == ((), ())
    move(project, found, LATER)
    assert stored(project).coding.order == (ONE,)


def test_a_text_that_no_sentence_noticed_is_still_a_new_beginning(project: Project) -> None:
    # What was joined over a blank that is another one now could not be undone any more.
    code(project, "ada", join(), split(25))
    write(project.root, TEXT.replace("May.\nThey", "May. They"))
    found = seen(project)
    assert (found.anchoring.changes, found.same_text) == ((), False)
    move(project, found, LATER)
    assert stored(project).coding == found.snapshot.coding
    assert stored(project).history[-1].act == "reanchor"
    assert Timeline.of(stored(project).history) == Timeline()
    assert damage(project) == []


# Where it is not what was shown


def test_work_done_since_it_was_shown_stops_it(project: Project) -> None:
    code(project, "ada", topic(ONE))
    write(project.root, REWORDED)
    found = seen(project)
    write(project.root, TEXT)
    path = code(project, "ada", topic(TWO))
    write(project.root, REWORDED)
    before = path.read_bytes()
    with pytest.raises(Conflict, match="by ada was changed meanwhile"):
        move(project, found, LATER)
    assert path.read_bytes() == before


def test_a_text_that_changed_once_more_stops_it(project: Project) -> None:
    path = code(project, "ada", topic(ONE))
    write(project.root, REWORDED)
    found = seen(project)
    write(project.root, REWORDED.replace("June", "July"))
    before = path.read_bytes()
    with pytest.raises(Conflict, match="call has changed once more"):
        move(project, found, LATER)
    assert path.read_bytes() == before


def test_what_is_moved_already_or_gone_is_told(project: Project) -> None:
    path = code(project, "ada", topic(ONE))
    write(project.root, REWORDED)
    found = seen(project)
    move(project, found, LATER)
    before = path.read_bytes()
    with pytest.raises(Conflict, match="was moved meanwhile"):
        move(project, found, LATER)
    assert path.read_bytes() == before
    path.unlink()
    with pytest.raises(Conflict, match="is gone"):
        move(project, found, LATER)
    assert not path.exists()


def test_nothing_is_moved_while_another_writes(project: Project) -> None:
    path = code(project, "ada", topic(ONE))
    held = project.journal("ada", "call", AT)
    write(project.root, REWORDED)
    found, before = seen(project), path.read_bytes()
    with pytest.raises(Busy):
        move(project, found, LATER)
    assert path.read_bytes() == before
    held.close()
    move(project, found, LATER)


# Who codes the readout after that


def test_whoever_begins_on_the_new_text_has_the_units_of_the_one_who_was_moved(
    project: Project,
) -> None:
    code(project, "ada", join(), topic(ONE), done(THREE))
    write(project.root, REWORDED)
    move(project, seen(project), LATER)
    code(project, "bob", at=LAST)
    ours, theirs = stored(project, "ada").coding, stored(project, "bob").coding
    assert texts(theirs) == texts(ours)
    assert texts(theirs)[0] == REWORDED.split("\nTrade")[0]
    assert all(s == bare(s) for _, s in theirs.sentences())
    assert stored(project, "bob").header.segmenter == stored(project, "ada").header.segmenter


def test_what_was_done_since_the_move_is_no_part_of_the_units(project: Project) -> None:
    code(project, "ada", topic(ONE))
    write(project.root, REWORDED)
    move(project, seen(project), LATER)
    code(project, "ada", join(REWORDED))
    code(project, "bob", at=LAST)
    assert len(texts(stored(project, "ada").coding)) == 2
    assert texts(stored(project, "bob").coding) == REWORDED.splitlines()


def test_who_began_on_the_new_text_before_another_was_moved_to_it_comes_first(
    project: Project,
) -> None:
    code(project, "ada", join(), at=AT)
    write(project.root, REWORDED)
    code(project, "bob", at=LATER)
    move(project, seen(project), LAST)
    code(project, "cy", at=LAST)
    assert len(texts(stored(project, "ada").coding)) == 2
    assert texts(stored(project, "cy").coding) == texts(stored(project, "bob").coding)
    assert len(texts(stored(project, "cy").coding)) == 3


def test_units_are_those_of_the_first_text_while_only_its_bytes_changed(
    project: Project,
) -> None:
    code(project, "ada", join())
    (project.root / "seeds/call.txt").write_bytes(TEXT.encode("utf-16"))
    move(project, seen(project), LATER)
    code(project, "bob", at=LAST)
    assert texts(stored(project, "bob").coding) == TEXT.splitlines()


def bare(sentence: Sentence) -> Sentence:
    return Sentence(start=sentence.start, end=sentence.end, role=sentence.role, text=sentence.text)


# The whole project


def test_every_coding_of_another_text_is_listed_and_what_cannot_be_told_says_why(
    project: Project,
) -> None:
    code(project, "bob", topic(ONE))
    code(project, "ada", topic(ONE))
    write(project.root, "A second readout.\n", "visit")
    project.journal("ada", "visit", AT).close()
    assert list(behind(project)) == []
    write(project.root, REWORDED)
    assert list(behind(project)) == [Behind("ada", "call"), Behind("bob", "call")]
    (project.root / "seeds/visit.txt").unlink()
    *known, unknown = behind(project)
    assert known == [Behind("ada", "call"), Behind("bob", "call")]
    assert (unknown.coder, unknown.readout) == ("ada", "visit")
    assert "no readout “visit”" in unknown.problem


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (Counts(), ""),
        (Counts(kept=1), "1 sentence kept"),
        (
            Counts(kept=12, reworded=2, marks_unplaced=1),
            "12 sentences kept, 2 reworded, 1 mark waits for a place",
        ),
        (
            Counts(reworded=1_200, new=3, gone=1, marks_moved=1, marks_unplaced=2),
            "1,200 sentences reworded, 3 new, 1 gone, 1 mark moved, 2 marks wait for a place",
        ),
        (Counts(marks_moved=2), "2 marks moved"),
    ],
)
def test_the_counts_are_said_in_a_few_words(counts: Counts, said: str) -> None:
    assert told(counts) == said


# What an export says


def test_an_export_tells_how_many_marks_wait_for_a_place(project: Project) -> None:
    code(project, "ada", cue(TWO, "open"), topic(THREE), done(TWO), done(THREE))
    assert export(project, Selection()).losses.get(UNPLACED, 0) == 0
    write(project.root, TEXT.replace("open the border", "close the border"))
    with pytest.raises(AnnotatorError, match="annotator reanchor call"):
        export(project, Selection())
    move(project, seen(project), LATER)
    for layers, count in ((None, 1), (("topics",), 1), (("tone",), 0)):
        report = export(project, Selection(layers=layers), name=layers[0] if layers else "all")
        assert report.losses.get(UNPLACED, 0) == count
