"""A file that a newer version wrote: never written to, and shown as far as it is understood."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from annotator.errors import AnnotatorError, NewerFormat
from annotator.model.edit import CAST, Coding, Edit
from annotator.model.entity import Cast, Entity
from annotator.model.mark import (
    ChoiceValue,
    DateValue,
    EntityValue,
    LabelValue,
    NoneStated,
    RefValue,
    SlotValue,
    SpanValue,
    TextValue,
)
from annotator.model.text import Span
from annotator.store import FORMAT
from tests.store.test_migrations import Fields, file_of, members_of, put

if TYPE_CHECKING:
    from tests.store.conftest import Work

KINDS = ("span", "entity", "choice", "label", "date", "text", "ref", "none")


def values(work: Work) -> dict[str, SlotValue]:
    """A value of every kind that a slot can have."""
    span = Span.of(work.readout.text, 0, 3)
    made: tuple[SlotValue, ...] = (
        SpanValue(span=span),
        EntityValue(entity="un", mention=span),
        ChoiceValue(choice="2"),
        LabelValue(label="eco.trade"),
        DateValue(date="2017-01"),
        TextValue(text="words"),
        RefValue(mark="m1"),
        NoneStated(),
    )
    return dict(zip(KINDS, made, strict=True))


def marked(work: Work) -> list[Edit]:
    """An import, and a mark on the first sentence that holds a value of every kind."""
    first = work.first()
    coding = first.apply(Coding())
    plain = work.mark(coding, 1)
    sentence = plain.apply(coding).sentence(1)
    slots = {kind: (value,) for kind, value in values(work).items()}
    mark = sentence.marks[0].model_copy(update={"slots": slots})
    cast = Cast(entities=(Entity(id="un", type="organisation", name="ООН"),))
    after = sentence.model_copy(update={"marks": (mark,)})
    return [first, work.edit(coding, {1: after, CAST: cast})]


def newer(work: Work, spoil: Callable[[Fields, list[Fields]], object]) -> bytes:
    """Put a file of the next format there, in whose head and lines something is otherwise."""
    head = {**work.header.model_dump(mode="json"), "format": FORMAT + 1}
    written = members_of(marked(work))
    spoil(head, written)
    raw = file_of(head, written)
    put(work, raw)
    return raw


def nothing(head: Fields, written: list[Fields]) -> None:
    """Only the number of the format is new."""


def looked(work: Work) -> Coding:
    snapshot = work.tiny().watch("ada", "call-1").look()
    assert snapshot is not None
    assert (snapshot.header.by, snapshot.header.readout) == ("ada", "call-1")
    assert snapshot.header.format == FORMAT + 1
    return snapshot.coding


def coding_of(work: Work) -> Coding:
    coding = Coding()
    for edit in marked(work):
        coding = edit.apply(coding)
    return coding


def test_a_newer_file_is_neither_opened_nor_read_and_one_is_told_what_to_do(work: Work) -> None:
    raw = newer(work, nothing)
    before = work.path.stat()
    store = work.tiny()
    for look in (
        lambda: store.open(work.header, work.readout, work.first),
        lambda: store.read("ada", "call-1"),
    ):
        with pytest.raises(NewerFormat) as caught:
            look()
        assert caught.value.message == (
            f"{work.path} is a coding of format {FORMAT + 1}; this version of Annotator knows"
            f" format {FORMAT}."
        )
        assert caught.value.hint == "Use a version of Annotator that is as new as the file."
    looked(work)
    [finding] = store.check(lambda name: work.readout)
    assert (finding.severity, finding.what) == ("warning", caught.value.message)
    after = work.path.stat()
    assert work.path.read_bytes() == raw
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert os.listdir(work.path.parent) == ["call-1.json"]  # noqa: PTH208


def test_a_newer_file_is_let_go_when_it_was_refused(work: Work) -> None:
    newer(work, nothing)
    for _ in range(3):
        with pytest.raises(NewerFormat):
            work.tiny().open(work.header, work.readout, work.first)
    assert work.tiny().watch("ada", "call-1").holder() == ""


def test_a_newer_file_in_which_nothing_else_is_new_is_shown_whole(work: Work) -> None:
    newer(work, nothing)
    assert looked(work) == coding_of(work)


def head_field(head: Fields, written: list[Fields]) -> None:
    head["mood"] = {"of": ["the", "day"]}


def sentence_field(head: Fields, written: list[Fields]) -> None:
    for member in written[0].values():
        member["mood"] = "calm"


def cast_field(head: Fields, written: list[Fields]) -> None:
    written[1]["0"]["mood"] = None


def entity_field(head: Fields, written: list[Fields]) -> None:
    written[1]["0"]["entities"][0]["mood"] = [1, {"a": 2}]


def mark_field(head: Fields, written: list[Fields]) -> None:
    written[1]["1"]["marks"][0]["mood"] = 1.5


def provenance_field(head: Fields, written: list[Fields]) -> None:
    written[1]["1"]["marks"][0]["provenance"]["mood"] = True


def about_field(head: Fields, written: list[Fields]) -> None:
    for members in written:
        for member in members.values():
            member["_"]["mood"] = {"rev": "x"}


def mention_field(head: Fields, written: list[Fields]) -> None:
    written[1]["1"]["marks"][0]["slots"]["entity"][0]["mention"]["mood"] = 1


def unknown_act(head: Fields, written: list[Fields]) -> None:
    written[1]["0"]["_"]["act"] = "dream"
    written[1]["0"]["_"]["who"] = "somebody"


def everything(head: Fields, written: list[Fields]) -> None:
    for spoil in PARTS:
        spoil(head, written)
    for kind in ("ref", "none"):
        written[1]["1"]["marks"][0]["slots"][kind][0]["mood"] = 1


PARTS = (
    head_field,
    sentence_field,
    cast_field,
    entity_field,
    mark_field,
    provenance_field,
    about_field,
    mention_field,
    unknown_act,
)


@pytest.mark.parametrize("spoil", [*PARTS, everything])
def test_what_is_not_known_is_left_out_and_the_rest_is_shown(
    work: Work, spoil: Callable[[Fields, list[Fields]], object]
) -> None:
    newer(work, spoil)
    assert looked(work) == coding_of(work)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_not_known_in_a_value_of_a_slot_is_left_out(work: Work, kind: str) -> None:
    def spoil(head: Fields, written: list[Fields]) -> None:
        written[1]["1"]["marks"][0]["slots"][kind][0]["mood"] = "calm"

    newer(work, spoil)
    assert looked(work) == coding_of(work)


def test_a_field_that_is_not_known_in_the_words_of_a_span_is_left_out(work: Work) -> None:
    def spoil(head: Fields, written: list[Fields]) -> None:
        value = written[1]["1"]["marks"][0]["slots"]["span"][0]
        value["span"]["mood"] = "calm"

    newer(work, spoil)
    assert looked(work) == coding_of(work)


def test_a_sentence_that_is_gone_is_not_shown_whatever_else_is_said_of_it(work: Work) -> None:
    def spoil(head: Fields, written: list[Fields]) -> None:
        written[1] = {"1": {"_": {"rev": 2, "gone": True, "mood": 1, **written[1]["0"]["_"]}}}

    newer(work, spoil)
    assert looked(work).order == (2, 3, 4)


def test_the_history_of_a_newer_file_is_not_shown(work: Work) -> None:
    newer(work, unknown_act)
    snapshot = work.tiny().watch("ada", "call-1").look()
    assert snapshot is not None
    assert list(snapshot.history) == []


# What cannot be understood


def unknown_state(head: Fields, written: list[Fields]) -> None:
    written[1]["1"]["state"] = "dreamt"


def unknown_role(head: Fields, written: list[Fields]) -> None:
    written[0]["2"]["role"] = "verse"


def unknown_kind_of_value(head: Fields, written: list[Fields]) -> None:
    written[1]["1"]["marks"][0]["slots"]["text"][0]["type"] = "place"


def another_type(head: Fields, written: list[Fields]) -> None:
    written[0]["2"]["start"] = "0"


def less(head: Fields, written: list[Fields]) -> None:
    del written[0]["2"]["text"]


def no_coder(head: Fields, written: list[Fields]) -> None:
    del head["by"]


def no_about(head: Fields, written: list[Fields]) -> None:
    del written[0]["2"]["_"]


def no_key(head: Fields, written: list[Fields]) -> None:
    written[0]["two"] = written[0].pop("2")
    written[0]["4"] = written[0].pop("4")


def no_document(head: Fields, written: list[Fields]) -> None:
    written[0]["2"] = [written[0]["2"]]
    written[0]["4"] = written[0].pop("4")


NOT_UNDERSTOOD = (
    unknown_state,
    unknown_role,
    unknown_kind_of_value,
    another_type,
    less,
    no_coder,
    no_about,
    no_key,
    no_document,
)


@pytest.mark.parametrize("spoil", NOT_UNDERSTOOD)
def test_what_has_no_meaning_here_is_not_shown_at_all(
    work: Work, spoil: Callable[[Fields, list[Fields]], object]
) -> None:
    raw = newer(work, spoil)
    with pytest.raises(NewerFormat, match=f"format {FORMAT + 1}"):
        work.tiny().watch("ada", "call-1").look()
    assert work.path.read_bytes() == raw


def test_a_line_in_a_form_that_is_not_known_is_not_passed_over(work: Work) -> None:
    """Without it, what is shown would be an older state than that of the file."""

    def three(head: Fields, written: list[Fields]) -> None:
        note = copy.deepcopy(written[0]["2"])
        about = {"rev": 2, "act": "edit", "at": "2025", "what": "x"}
        written.append({"2": {**note, "note": "later", "_": about}})

    raw = newer(work, three)
    rows = raw.split(b"\n")
    for place in (2, 3):
        spoiled = [*rows]
        spoiled[place] = b',"z":"eJxTqo5RKlOyUlCqBQAgowQ5","_":{}'
        put(work, b"\n".join(spoiled))
        with pytest.raises(NewerFormat):
            work.tiny().watch("ada", "call-1").look()


def test_a_newer_file_whose_last_write_is_under_way_is_shown_as_it_was_before(work: Work) -> None:
    raw = newer(work, everything)
    cut = raw.rindex(b"\n,") + 60
    put(work, raw[:cut])
    assert looked(work) == work.first().apply(Coding())


def test_what_could_not_be_understood_is_told_at_every_look(work: Work) -> None:
    newer(work, unknown_state)
    watch = work.tiny().watch("ada", "call-1")
    for _ in range(3):
        with pytest.raises(NewerFormat):
            watch.look()


def test_what_an_older_line_says_that_has_no_meaning_here_does_not_matter(work: Work) -> None:
    def spoil(head: Fields, written: list[Fields]) -> None:
        written[0]["1"]["state"] = "dreamt"

    newer(work, spoil)
    assert looked(work) == coding_of(work)


# While it is followed


def test_a_newer_file_is_followed_as_it_grows(work: Work) -> None:
    newer(work, everything)
    watch = work.tiny().watch("ada", "call-1")
    assert watch.look() is not None
    assert watch.look() is None

    def longer(head: Fields, written: list[Fields]) -> None:
        note = copy.deepcopy(written[1]["1"])
        note |= {"note": "later", "_": {"rev": 3, "act": "dream", "at": "2025", "what": "x"}}
        written.append({"1": note})
        everything(head, written)

    newer(work, longer)
    seen = watch.look()
    assert seen is not None
    assert seen.coding.sentence(1).note == "later"


def test_a_file_that_a_newer_version_takes_over_is_shown_as_far_as_it_is_understood(
    work: Work,
) -> None:
    """What was added to a file that the watch knows must not be read as if it were of this one."""
    store = work.tiny()
    edits = marked(work)
    journal = store.open(work.header, work.readout, work.first)
    journal.put(edits[1])
    watch = store.watch("ada", "call-1")
    assert watch.look() is not None
    head = {**work.header.model_dump(mode="json"), "format": FORMAT + 1}
    written = members_of(edits)
    for number, act in enumerate(("edit", "edit", "dream")):
        note: dict[str, Any] = {**copy.deepcopy(written[1]["1"]), "note": f"{number}"}
        if act == "dream":
            note["mood"] = "calm"
        note["_"] = {"rev": 3 + number, "act": act, "at": "2025", "what": "x"}
        written.append({"1": note})
        raw = file_of(head, written)
        if number == 0:  # A whole new file, as for every new format; then it grows by its lines.
            other = work.path.with_name("other")
            other.write_bytes(raw)
            other.replace(work.path)
        else:
            put(work, raw)
        seen = watch.look()
        assert seen is not None
        assert seen.coding.sentence(1).note == f"{number}"
        assert (seen.header.format, len(seen.history)) == (FORMAT + 1, 0)
    with pytest.raises(AnnotatorError, match="another program"):
        journal.put(work.note(journal.coding, 1, "mine"))
    assert work.path.read_bytes() == raw
