"""What the figures are, from an open coding and from an index alike."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.errors import MarkError
from annotator.model.edit import RENEWAL, Change, Edit
from annotator.model.revision import rename
from annotator.pipeline import figures, ledger
from annotator.pipeline.figures import Cost, Figures, advice, median, most_expensive, percentile
from annotator.pipeline.index import FILE, Index
from annotator.session.session import Session
from annotator.tui.deeds import DEEDS
from tests.coded import Made, Said
from tests.session.making import Coder, Ids, book

TOPIC = ("topics", "a")


class Work:
    """Coders who press keys in a project on disk, at times that a test sets."""

    def __init__(self, root: Path) -> None:
        self.made = Made(root)
        self.at = "2026-03-01T09:15:00Z"
        self.ids = Ids()
        self.index = Index(
            self.made.project,
            self.made.project.paths.cache / FILE,
            clock=lambda: time.time_ns() + 10**12,
        )
        for name in ("r1", "r2"):
            self.made.readout(name)

    def open(self, name: str = "r1", coder: str = "ada") -> Coder:
        project = self.made.project
        if not self.made.journal(coder, name).exists():
            self.made.code(coder, name, {})
        journal = project.journal(coder, name, self.at)
        readout = project.readout(name)
        return Coder.at(
            session=Session(readout, project.codebook, journal, now=lambda: self.at, ids=self.ids)
        )

    def press(self, *keys: str, seconds: float = 1.0, name: str = "r1", coder: str = "ada") -> None:
        at = self.open(name, coder)
        at.press(*keys, seconds=seconds)
        at.session.close()

    def figures(self, coder: str = "ada") -> Figures:
        assert self.index.refresh().complete
        return figures.of_project(self.index, coder, self.made.project.codebook, UTC)

    def cost(self, label: str = "a") -> Cost:
        return next(cost for cost in self.figures().labels if cost.label == label)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "project")


# Marks


def test_a_label_has_its_marks_their_share_and_what_they_took(work: Work) -> None:
    # Sentences 1 to 3 are coded: the first is opened at the top.
    work.press("t", "a", "b", "enter", "t", "a", "enter", "t", "right", "a", "enter")
    a, b = work.cost("a"), work.cost("b")
    assert (a.marks, a.share, a.counted, a.keys, a.seconds) == (3, 0.75, 3, 7, 4.0)
    assert (a.keys_median, a.keys_p90, a.seconds_median, a.seconds_p90) == (2, 3, 1.0, 2.0)
    assert (b.marks, b.keys, b.seconds) == (1, 1, 1.0)
    [layer] = work.figures().layers
    assert (layer.layer, layer.label, layer.marks, layer.share) == ("topics", "", 4, 1.0)
    assert (layer.keys, layer.seconds, layer.keys_median) == (8, 5.0, 2)


def test_marks_that_nobody_counted_are_marks_and_in_no_median(work: Work) -> None:
    work.made.code("ada", "r1", {2: Said(marks=(TOPIC,))})
    work.press("t", "a", "enter", name="r2")
    cost = work.cost()
    assert (cost.marks, cost.counted, cost.keys_median) == (2, 1, 2)
    work.made.journal("ada", "r2").unlink()
    cost = work.cost()
    assert (cost.marks, cost.counted, cost.keys_median, cost.seconds_p90) == (1, 0, None, None)


def test_rejected_labels_are_no_marks(work: Work) -> None:
    work.press("x", "a", "enter")
    assert work.figures().labels == ()


def test_labels_are_in_the_codebooks_order_and_others_behind(work: Work) -> None:
    work.made.code("ada", "r1", {2: Said(marks=(("tone", "warm"), ("topics", "b"), ("x", "y")))})
    assert [cost.label for cost in work.figures().labels] == ["b", "warm", "y"]


def test_samples_and_others_work_are_left_out(work: Work) -> None:
    work.press("t", "a", "enter", coder="bob")
    (work.made.project.paths.samples).mkdir(parents=True, exist_ok=True)
    work.made.journal("bob", "r1").parent.rename(work.made.project.paths.samples / "bob")
    assert work.figures("bob").labels == ()
    work.press("t", "a", "enter", coder="ada")
    assert work.figures("eve").labels == ()
    assert work.cost().marks == 1


# Corrections


@pytest.mark.parametrize(
    ("keys", "fixed"),
    [
        (("t", "a", "enter"), 0),
        (("t", "a", "a"), 1),
        (("t", "a", "escape", "backspace"), 1),
        (("t", "a", "escape", "u"), 1),
        (("t", "a", "escape", "u", "ctrl+r"), 1),
        (("t", "a", "a", "a", "a"), 2),
        # Before the sentence is decided, a form that is filled is no correction.
        (("t", "a", "escape", "e", "l", "h", "escape"), 0),
        (("t", "a", "enter", "k", "e", "l", "escape", "e", "h"), 1),
        (("t", "a", "enter", "k", "e", "l", "escape", "f", "e", "h"), 2),
        # A label that comes late is a mark more, and what was decided is none less.
        (("t", "b", "enter", "k", "t", "a"), 0),
        (("t", "a", "enter", "u"), 0),
    ],
)
def test_a_correction_takes_a_mark_away_or_changes_it_late(
    work: Work, keys: tuple[str, ...], fixed: int
) -> None:
    # A form of a topic has two rows: the first holds its kind, the second how certain it is.
    steps = [step for key in keys for step in (("tab", key) if key in ("l", "h") else (key,))]
    work.press(*steps)
    found = {cost.label: cost.fixed for cost in work.figures().labels}
    assert found.get("a", 0) == fixed


def test_to_follow_a_changed_codebook_corrects_nothing() -> None:
    mark: dict[str, Any] = {"id": "m1", "layer": "topics", "label": "a", "slots": {}}
    mark |= {"rejected": False, "certainty": None, "note": ""}
    sentence = {"start": 0, "end": 9, "state": "done", "keys": 0, "seconds": 0.0}
    before, after = ({**sentence, "marks": [mark | {"label": label}]} for label in "ab")
    for what, fixed in ((RENEWAL, 0), ("change", 1)):
        course = ledger.Course()
        course.act("edit", "2026-01-01T00:00:00Z", what, [(1, before, after)])
        assert sum(n for (kind, *_), n in course.ledger({}).items() if kind == "fixed") == fixed


def test_a_split_moves_marks_and_corrects_none(work: Work) -> None:
    work.press("3", "g", "t", "a", "escape", "S", "enter", "J")
    assert work.cost().fixed == 0


# Pace


def test_decisions_and_effort_count_in_the_hour_in_which_they_were_made(work: Work) -> None:
    work.press("t", "a", "enter", "enter")
    work.at = "2026-03-02T23:59:59Z"
    work.press("t", "b", "enter", seconds=2.0)
    found = work.figures()
    assert [(p.when, p.decided, p.keys, p.seconds) for p in found.days] == [
        ("2026-03-01", 2, 4, 4.0),
        ("2026-03-02", 1, 3, 6.0),
    ]
    assert [(p.when, p.decided) for p in found.hours] == [("09", 2), ("23", 1)]
    first, second = found.days
    assert (first.keys_per_sentence, first.seconds_per_sentence, first.per_hour) == (2, 2, 1800)
    assert second.per_hour == 600


def test_days_and_hours_are_those_where_the_coder_is(work: Work) -> None:
    work.at = "2026-03-01T23:15:00Z"
    work.press("enter")
    work.index.refresh()
    east = timezone(timedelta(hours=3))
    found = figures.of_project(work.index, "ada", work.made.project.codebook, east)
    assert [day.when for day in found.days] == ["2026-03-02"]
    assert [hour.when for hour in found.hours] == ["02"]


def test_a_decision_that_was_taken_back_is_none_but_its_time_is_gone(work: Work) -> None:
    work.press("t", "a", "enter")
    work.at = "2026-03-02T10:00:00Z"
    work.press("u")
    day, next_day = work.figures().days
    assert (day.decided, day.keys, next_day.keys) == (0, 3, 1)
    assert (day.keys_per_sentence, day.seconds_per_sentence) == (None, None)
    work.press("enter")
    found = work.figures()
    assert [(day.decided, day.keys) for day in found.days] == [(0, 3), (1, 2)]
    assert found.progress.keys_per_sentence == sum(day.keys for day in found.days) == 5


def test_what_was_decided_in_bulk_is_counted_apart_and_in_no_mean(work: Work) -> None:
    work.press("t", "a", "enter")
    journal = work.made.project.journal("ada", "r1", work.at)
    changes = tuple(
        Change(key=key, before=sentence, after=sentence.changed(state="done"))
        for key, sentence in journal.coding.sentences()
        if sentence.state == "new"
    )
    journal.put(Edit(act="edit", at=work.at, what="bulk abcdef: formula", changes=changes))
    journal.close()
    found = work.figures()
    [day] = found.days
    assert (day.decided, day.bulk, day.keys_per_sentence) == (1, len(changes), 3.0)
    assert (found.progress.decided, found.progress.keyed) == (1 + len(changes), 1)
    assert found.progress.keys_per_sentence == 3.0
    assert (found.sentence.marks, found.sentence.counted) == (1 + len(changes), 1)
    assert (found.sentence.keys_median, found.sentence.seconds_median) == (3.0, 3.0)
    work.press("u")
    assert [(day.decided, day.bulk) for day in work.figures().days] == [(1, 0)]


def test_a_decision_that_is_confirmed_again_counts_once(work: Work) -> None:
    work.press("t", "a", "enter", "k", "f", "enter")
    [day] = work.figures().days
    assert (day.decided, day.keys) == (1, 5)


def test_what_was_imported_or_bears_no_time_is_no_pace(work: Work) -> None:
    work.made.code("ada", "r1", {})
    assert work.figures().days == ()
    for at in ("", "yesterday", "2026-99-99T99:99:99Z"):
        work.at = at
        work.press("n", "f", "enter")
    assert work.figures().days == ()


# Progress


def test_progress_is_told_by_language_by_side_by_readout_and_by_coder(work: Work) -> None:
    work.made.about("r1").write_text('language = "fr"\nissuing_side = "FR"\n')
    work.made.about("r2").write_text('language = "en"\n')
    work.press("t", "a", "enter")
    work.press("t", "a", "enter", "enter", name="r1", coder="bob")
    parts = work.figures().parts
    assert [
        (p.name, p.readouts, p.begun, p.finished, p.total, p.decided) for p in parts["language"]
    ] == [
        ("en", 1, 0, 0, 0, 0),
        ("fr", 1, 1, 0, 4, 1),
    ]
    assert [(p.name, p.begun) for p in parts["side"]] == [("", 0), ("FR", 1)]
    assert [(p.name, p.decided) for p in parts["readout"]] == [("r1", 1)]
    every = figures.of_everybody(work.index)
    assert [(p.name, p.decided) for p in every.parts["coder"]] == [("ada", 1), ("bob", 2)]
    assert (every.progress.decided, every.labels, every.days) == (3, (), ())


def test_a_finished_readout_is_not_listed_as_begun(work: Work) -> None:
    work.press("enter", "enter", "enter", "enter")
    assert work.figures().parts["readout"] == ()


# The most expensive label


def cost(label: str, *, counted: int, seconds: float, typical: float, keys: int = 2) -> Cost:
    return Cost(
        "topics", label, counted, 0.5, counted, keys * counted, seconds, keys, keys, typical
    )


def test_the_dearest_label_is_the_one_that_took_most_and_the_one_whose_mark_takes_longest() -> None:
    often = cost("often", counted=50, seconds=100.0, typical=2.0)
    slow = cost("slow", counted=5, seconds=45.0, typical=9.0)
    rare = cost("rare", counted=4, seconds=80.0, typical=20.0)
    never = cost("never", counted=0, seconds=0.0, typical=0.0)
    found = most_expensive([never, often, slow, rare])
    assert found is not None
    assert (found.in_all, found.typical) == (often, slow)
    assert most_expensive([never]) is None
    few = most_expensive([rare])
    assert few is not None
    assert (few.in_all, few.typical) == (rare, None)


def test_advice_names_the_keys_and_tells_long_keys_from_long_thought() -> None:
    trade = replace(cost("eco.trade", counted=9, seconds=90, typical=14.0))
    assert advice(book(), trade) == (
        "Its keys are t g; a mark takes 2 keys and 14 s (medians of 9)."
        " Read its definition again, or ask for a clearer one."
    )
    speaker = replace(trade, layer="speakers", label="indirect", keys_median=7)
    assert advice(book(), speaker) == (
        "Its key is s; a mark takes 7 keys and 14 s (medians of 9)."
        " Repeat a marking like it, or look which slots could stay as proposed."
    )
    gone = replace(trade, label="gone")
    assert advice(book(), gone).startswith("A mark takes 2 keys")
    assert advice(book(), replace(trade, layer="gone")).startswith("A mark takes 2 keys")


# Medians

AMOUNTS = st.dictionaries(st.integers(0, 50), st.integers(1, 5), max_size=6)


@given(AMOUNTS)
def test_medians_and_percentiles_are_those_of_the_numbers_one_by_one(
    amounts: dict[int, int],
) -> None:
    numbers = sorted(Counter(amounts).elements())
    if not numbers:
        assert (median(amounts), percentile(amounts, 90)) == (None, None)
        return
    half = len(numbers) // 2
    middle = numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
    assert median(amounts) == middle
    ninth = percentile(amounts, 90)
    assert ninth in numbers
    assert sum(n <= ninth for n in numbers) >= 0.9 * len(numbers)
    assert sum(n < ninth for n in numbers) < 0.9 * len(numbers)


# The index and an open coding say the same

KEYS = st.lists(
    st.sampled_from(
        [*"tab", *"oxwc", "enter", "enter", "escape", "u", "ctrl+r", "k", "j", "S", "J", "."]
    ),
    max_size=25,
)
VISITS = st.lists(
    st.tuples(st.sampled_from(["r1", "r2"]), st.integers(1, 28), KEYS, st.booleans()), max_size=4
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VISITS)
def test_whatever_is_keyed_an_index_sums_up_what_the_codings_say(
    tmp_path_factory: pytest.TempPathFactory,
    visits: list[tuple[str, int, list[str], bool]],
) -> None:
    work = Work(tmp_path_factory.mktemp("figures") / "project")
    said: dict[str, ledger.Ledger] = {}
    for number, (name, day, keys, gone) in zip(count(), visits, strict=False):
        work.at = f"2026-02-{day:02}T{number:02}:00:00Z"
        if gone:
            work.made.journal("ada", name).unlink(missing_ok=True)
            said.pop(name, None)
        else:
            coder = work.open(name)
            for key in keys:
                with suppress(MarkError):
                    press(coder, key)
            coder.session.save_all()
            said[name] = ledger.of_history(coder.session.history, coder.session.coding)
            coder.session.close()
        assert work.index.refresh().complete
        rows = work.index.query("SELECT kind, one, two, value, amount FROM effort")
        sums: ledger.Ledger = Counter()
        for one in said.values():
            sums.update(one)
        assert {(kind, one, two, value): n for kind, one, two, value, n in rows} == dict(+sums)
        if len(said) == 1:
            [(only, _)] = said.items()
            snapshot = work.made.project.store().read("ada", only)
            assert snapshot is not None
            codebook = work.made.project.codebook
            here = figures.of_coding(snapshot.history, snapshot.coding, codebook, UTC)
            there = figures.of_work(work.index, "ada", codebook, UTC)
            assert (here.labels, here.layers, here.days) == (there.labels, there.layers, there.days)
            assert (here.sentence, here.progress.keyed) == (there.sentence, there.progress.keyed)
    work.index.close()


def press(coder: Coder, key: str) -> None:
    bench = coder.bench
    coder.clock.now += 0.7
    bench.tick()
    command = bench.keymap.command("annotate", key)
    if not bench.press(key) and command is not None and command.id in DEEDS:
        bench.open(None)
        DEEDS[command.id](bench, bench.take_count())


@pytest.mark.parametrize("spoiled", [b"", b"x", zlib.compress(b"[1]"), zlib.compress(b"{")])
def test_a_ledger_that_was_spoiled_is_made_anew(work: Work, spoiled: bytes) -> None:
    work.press("t", "a", "enter")
    before = work.figures()
    work.index.close()
    with sqlite3.connect(work.made.project.paths.cache / FILE) as db:
        db.execute("UPDATE ledger SET entries = ?", (spoiled,))
    db.close()
    work.index = Index(
        work.made.project,
        work.made.project.paths.cache / FILE,
        clock=lambda: time.time_ns() + 10**12,
    )
    work.press("t", "b", "enter")
    after = work.figures()
    assert before.days[0].decided + 1 == after.days[0].decided == 2
    assert {cost.label: cost.counted for cost in after.labels} == {"a": 1, "b": 1}


def test_figures_are_plain_values() -> None:
    row = cost("a", counted=3, seconds=1 / 3, typical=1.5).as_dict()
    assert json.loads(json.dumps(row, allow_nan=False))["seconds"] == 0.333
    pace = figures.Pace("2026-03-01", 3, 10, 20.0).as_dict()
    assert json.loads(json.dumps(pace, allow_nan=False))["keys_per_sentence"] == 3.333


def test_corrections_under_a_former_id_are_those_of_the_label_that_it_is_now() -> None:
    sums: Counter[tuple[str, str, str, int]] = Counter(
        {("fixed", "topics", "rel.contacts", 0): 4, ("day", "topics", "x", 0): 1}
    )
    now = rename(book(), "topics", "rel.contacts", "rel.channels")
    found = figures._costs(figures._now(sums, now), Counter(), now)
    assert [(one.label, one.fixed) for one in found] == [("rel.channels", 4)]
