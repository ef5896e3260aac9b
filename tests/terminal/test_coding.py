from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp

from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

RETOLD = "2017-01-28-putin-trump-kremlin-retold"
SPEAKER, LABELS = "key attributes", "key (toggles|gives|rejects)"
Row = dict[str, Any]
Marks = tuple[str, set[str], list[tuple[str, str]], list[str], list[str]]
"""State, topics, sources with form, commitments, near misses."""


def at(number: int) -> str:
    return f"Sentence {number} of 15"


def code_everything(terminal: Terminal) -> None:
    """Code the fifteen sentences of the retelling by keys alone, from the headline on."""
    steps = terminal.steps
    # 1 and 2: the headline stands twice, so the second is the first one's marking repeated.
    steps(("1 g", at(1)), ("t", LABELS), ("e", "e ● event"), ("enter", at(3)))
    steps(("2 g", at(2)), (".", "repeated"), ("enter", at(3)))
    # 3: who tells, and the call itself.
    steps(("s", SPEAKER), ("4", "Holder +issuer"), ("escape", at(3)))
    steps(("t", LABELS), ("e", "e ● event"), ("enter", at(4)))
    # 4: a courtesy is a topic and a near miss.
    steps(("s", SPEAKER), ("1", "Holder +individual"), ("escape", at(4)))
    steps(("m", LABELS), ("c", "Kind +courtesy"), ("escape", at(4)))
    steps(("t", LABELS), ("c", "c ● courtesy"), ("enter", at(5)))
    # 5: a speaker inside another.
    steps(("s", SPEAKER), ("4", "Holder +issuer"), ("escape", at(5)))
    steps(("s", SPEAKER), (">", "indirect: who"), ("3", "Inside +Press office"), ("escape", at(5)))
    steps(("m", LABELS), ("d", "Kind +desire"), ("escape", at(5)))
    steps(("t", LABELS), ("r", "r ● relations"), ("enter", at(6)))
    # 6: words in quotation marks.
    steps(("s", SPEAKER), ("4", "Kind +direct"), ("escape", at(6)))
    steps(("t", LABELS), ("e", "e ● event"), ("enter", at(7)))
    # 7: a list, and doubt about it.
    steps(("t", LABELS), ("t", "t ● terror"), ("m", "m ● mena"), ("j", "j ● arab-israeli"))
    steps(("i", "i ● iran"), ("n", "n ● arms"), ("k", "k ● korea"), ("u", "u ● ukraine"))
    steps(("escape", at(7)), ("w", at(8)))
    # 8: a commitment with the whole frame, and a flag.
    steps(("s", SPEAKER), ("3", "Holder +joint"), ("escape", at(8)), ("c", LABELS))
    steps(("a", "Verifiability +0"), ("S 2", "Strength +2"), ("1", "Verifiability +1"))
    steps(("P backspace 1 2", "1 ● Vladimir(.|\n)*2 ● Donald"), ("M y", "Mutual +yes"))
    steps(("p", "Polarity +positive"), ("E j", "Side +joint"), ("T -", "Date +none stated"))
    steps(("n", "Class of time +none"), ("I -", "Condition +none stated"))
    steps(("n", "Conditional +no"), ("n", "Novelty +new"))
    steps(("W r", "Topics +relations|Topics +rel.general"), ("escape", at(8)))
    steps(("f", "✱ flag"), ("enter", at(9)))
    # 9: both see it so, and have promised nothing.
    steps(("s", SPEAKER), ("3", "Holder +joint"), ("escape", at(9)))
    steps(("m", LABELS), ("a", "Kind +assessment"), ("escape", at(9)))
    steps(("t", LABELS), ("t", "t ● terror"), ("enter", at(10)))
    # 10: nobody is named, and who is bound is inferred.
    steps(("s", SPEAKER), ("0", "Source +none stated"), ("escape", at(10)))
    steps(("c", LABELS), ("i", "Committers +to be"), ("C 5 6", "Committers +Russian Fed.*"))
    steps(("~", r"Committers +Russian Federation \(inf"), ("S 1", "Strength +1"))
    steps(("1", "Verifiability +1"), ("escape", at(10)))
    steps(("t", LABELS), ("t", "t ● terror"), ("s", "s ● syria"), ("enter", at(11)))
    # 11: a need in common, and a note in two scripts.
    steps(("s", SPEAKER), ("3", "Holder +joint"), ("escape", at(11)))
    steps(("m", LABELS), ("n", "Kind +need"), ("escape", at(11)))
    steps(("z", "Note on this sentence"))
    terminal.type("торговля: whose wish?")
    steps(("enter", "noted"), ("t", LABELS), ("g", "g ● trade"), ("r", "r ● relations"))
    steps(("enter", at(12)))
    # 12: a time that is chosen in the text, word by word, and a date that is typed.
    steps(("s", SPEAKER), ("3", "Holder +joint"), ("escape", at(12)))
    steps(("c", LABELS), ("a", "Strength +3"), ("S 2", "Strength +2"), ("1", "Verifiability +1"))
    steps(("backspace", "Time +·"), ("space", "take"))
    choose_words(terminal, "before long")
    steps(("enter", "Time +“before long”"), ("F s", "Class of time +near"))
    steps(("2", "⏎ take   esc leave"))
    terminal.type("017")
    steps(("enter", r"Date +2017\b"), ("escape", at(12)), ("t", LABELS), ("v", "v ● contacts"))
    steps(("enter", at(13)))
    # 13: split and joined, both taken back; then two halves are one sentence again.
    steps(("S", "split here"), ("enter", "Sentence 13 of 16"), ("u", at(13)))
    steps(("J", "Sentence 13 of 14"), ("u", "undone: join"), ("1 3 g", at(13)))
    steps(("s", SPEAKER), ("2", "Holder +individual"), ("escape", at(13)))
    steps(("m", LABELS), ("r", "Kind +request"), ("escape", at(13)))
    steps(("t", LABELS), ("c", "c ● courtesy"), ("p", "p ● peoples"), ("enter", at(14)))
    # 14: read, and nothing there.
    steps(("enter", at(15)))
    # 15: a label that was considered and is not given.
    steps(("s", SPEAKER), ("1", "Holder +individual"), ("escape", at(15)))
    steps(("x", "considered and rejected"), ("r", "✗ relations"))
    steps(
        ("t", LABELS), ("t", "t ● terror"), ("enter", "Every sentence of this readout is decided")
    )


def choose_words(terminal: Terminal, words: str) -> None:
    """Walk the span to the first of some words, and let its right edge take in the others."""
    first, *others = words.split()
    walk(terminal, "left", "The")
    walk(terminal, "right", first)
    for count in range(len(others)):
        terminal.press("shift+right")
        grown = " ".join(words.split()[: count + 2])
        terminal.wait_for(f"“{grown}”")


def walk(terminal: Terminal, key: str, word: str) -> None:
    """Press a key until that word is the chosen one."""
    for _ in range(60):
        chosen = chosen_words(terminal)
        if chosen == word:
            return
        terminal.press(key)
        terminal.wait_for(partial(others_than, terminal, chosen))
    raise AssertionError(f"“{word}” cannot be reached:\n{terminal.text}")


def others_than(terminal: Terminal, before: str, _: str) -> bool:
    return chosen_words(terminal) != before


def chosen_words(terminal: Terminal) -> str:
    """Return the words between the quotation marks of the open span panel."""
    return " ".join(terminal.panel.split()).partition("“")[2].partition("”")[0]


KEYED: dict[int, Marks] = {
    1: ("done", {"prot.event"}, [], [], []),
    2: ("done", {"prot.event"}, [], [], []),
    3: ("done", {"prot.event"}, [("kremlin_press", "narrated_act")], [], []),
    4: ("done", {"prot.courtesy"}, [("putin", "narrated_act")], [], ["courtesy"]),
    5: (
        "done",
        {"rel.general"},
        [("kremlin_press", "indirect"), ("two_leaders", "indirect")],
        [],
        ["expressed_desire"],
    ),
    6: ("done", {"prot.event"}, [("kremlin_press", "direct")], [], []),
    7: (
        "unsure",
        {
            *("sec.terror", "conf.mena", "conf.arab_israeli", "conf.iran"),
            *("sec.arms", "conf.korea", "conf.ukraine"),
        },
        [],
        [],
        [],
    ),
    8: ("done", set(), [("two_leaders", "indirect")], ["agreement"], []),
    9: ("done", {"sec.terror"}, [("two_leaders", "indirect")], [], ["shared_assessment"]),
    10: ("done", {"sec.terror", "conf.syria"}, [("", "indirect")], ["intention"], []),
    11: (
        "done",
        {"eco.trade", "rel.general"},
        [("two_leaders", "narrated_act")],
        [],
        ["discussion_or_need"],
    ),
    12: ("done", {"rel.contacts"}, [("two_leaders", "indirect")], ["agreement"], []),
    13: ("done", {"prot.courtesy", "rel.people"}, [("trump", "indirect")], [], ["request"]),
    14: ("done", set(), [], [], []),
    15: ("done", {"sec.terror"}, [("putin", "indirect")], [], []),
}


def rows(folder: Path, name: str) -> list[Row]:
    """Read a file of an export."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").split("\n") if line]


def keyed(folder: Path) -> dict[int, Marks]:
    """Say of each sentence of an export what a person keyed, in the form of `KEYED`."""
    said: dict[str, list[tuple[str, str]]] = {}
    for row in rows(folder, "attributions.jsonl"):
        source = ",".join([*row["source"], *row["source_inferred"]])
        said.setdefault(row["sentence_id"], []).append((source, row["form"]))
    return {
        row["sentence"]: (
            row["state"],
            set(row["topics"]),
            said.get(row["id"], []),
            row["commitment_kinds"],
            row["near_misses"],
        )
        for row in rows(folder, "sentences.jsonl")
    }


def export(place: Place, name: str) -> Path:
    done = place.call("export", name, "--state", "done", "--state", "unsure", "--samples")
    assert done.returncode == 0, done.stderr
    return place.root / "exports" / name


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Path]:
    """A readout coded by keys, left, opened again, undone and done again, and exported."""
    place = Place(tmp_path_factory.mktemp("coding"), RETOLD)
    with place.coding(RETOLD, 150, 66) as terminal:
        code_everything(terminal)
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    return place, export(place, "first")


def test_what_was_keyed_in_a_terminal_is_what_the_export_says(coded: tuple[Place, Path]) -> None:
    _, folder = coded

    assert keyed(folder) == KEYED
    sentences = {row["sentence"]: row for row in rows(folder, "sentences.jsonl")}
    text = rows(folder, "documents.jsonl")[0]["text"]
    assert all(text[row["start"] : row["end"]] == row["text"] for row in sentences.values())
    assert [n for n, row in sentences.items() if row["flagged"]] == [8]
    assert {n: row["note"] for n, row in sentences.items() if row["note"]} == {
        11: "торговля: whose wish?"
    }
    assert {n: row["rejected"] for n, row in sentences.items() if row["rejected"]} == {
        15: [{"layer": "topics", "label": "rel.general"}]
    }
    assert all(row["keys"] > 0 for row in sentences.values())
    assert all(row["coder"] == "ada" for row in sentences.values())


def test_a_nested_speaker_names_the_one_it_stands_in(coded: tuple[Place, Path]) -> None:
    outer, inner = (
        row for row in rows(coded[1], "attributions.jsonl") if row["sentence_id"].endswith("#5@ada")
    )

    assert (outer["source"], outer["parent"], outer["depth"]) == (["kremlin_press"], None, 1)
    assert (inner["source"], inner["parent"], inner["depth"]) == (["two_leaders"], outer["id"], 2)


def test_every_slot_of_a_commitment_is_as_it_was_keyed(coded: tuple[Place, Path]) -> None:
    frames = {
        row["sentence_id"].rpartition("#")[2]: row
        for row in rows(coded[1], "commitments.jsonl")
        if row["label"] == "commitment"
    }

    build, bring_about, arrange = frames["8@ada"], frames["10@ada"], frames["12@ada"]
    assert [span["exact"] for span in build["action"]] == [
        "build a partnership for dealing with these matters and with others"
    ]
    expected = {
        "kind": "agreement", "committers": ["putin", "trump"], "counterparties": ["putin", "trump"],
        "beneficiaries": [], "mutual": True, "side": "joint", "strength": 2, "verifiability": 1,
        "timeframe": [], "timeframe_class": "none", "timeframe_date": None, "conditional": False,
        "condition": [], "novelty": "new", "polarity": "positive", "topics": ["rel.general"],
        "none_stated": ["timeframe", "timeframe_date", "condition"],
        "not_coded": ["beneficiaries"],
    }  # fmt: skip
    assert {name: build[name] for name in expected} == expected
    assert bring_about["committers"] == ["ru", "us"]
    assert bring_about["committers_inferred"] is True
    assert (bring_about["strength"], bring_about["verifiability"]) == (1, 1)
    assert [span["exact"] for span in arrange["timeframe"]] == ["before long"]
    assert (arrange["timeframe_class"], arrange["timeframe_date"]) == ("near_term", "2017")


def test_yesterdays_work_is_undone_and_done_again(coded: tuple[Place, Path]) -> None:
    place, first = coded
    with place.coding(RETOLD, 150, 66) as terminal:
        terminal.wait_for("15/15")
        for undo in ("undone: done", "undone: .*terror", "undone: .*relations"):
            terminal.steps(("u", undo))
        terminal.wait_for("14/15")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
    half = keyed(export(place, "half"))
    assert 15 not in half
    assert {n: half[n] for n in half} == {n: KEYED[n] for n in KEYED if n != 15}
    with place.coding(RETOLD, 150, 66) as terminal:
        terminal.steps(("ctrl+r", "again: .*relations"), ("ctrl+r", "again: .*terror"))
        terminal.steps(("ctrl+r", "15/15"), ("ctrl+r", "nothing to redo"))
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0

    again = export(place, "again")
    for name in ("sentences.jsonl", "attributions.jsonl", "commitments.jsonl", "documents.jsonl"):
        assert but_effort(again / name) == but_effort(first / name)


def but_effort(file: Path) -> list[dict[str, object]]:
    """Return the rows of a file without what they took: the keys that undid it stay spent."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    return [{**row, "keys": None, "seconds": None} for row in rows]


CHINESE = "2023-11-15-biden-xi-cn"
# For each sentence of the Chinese telling: the keys, and what they are to mean.
BY_KEYS: tuple[tuple[str, Marks], ...] = (
    ("1 g t e enter", ("done", {"prot.event"}, [], [], [])),
    ("t e enter", ("done", {"prot.event"}, [], [], [])),
    (
        "s 3 escape t r e enter",
        ("done", {"rel.general", "prot.event"}, [("two_leaders", "")], [], []),
    ),
    ("s 1 escape t r enter", ("done", {"rel.general"}, [("xi", "")], [], [])),
    (". t r escape m h escape enter", ("done", set(), [("xi", "")], [], ["other_side_hope"])),
    ("s 1 escape c o S 1 V 0 escape enter", ("done", set(), [("xi", "")], ["offer"], [])),
    ("c i C 5 S 1 V 0 escape t r enter", ("done", {"rel.general"}, [], ["intention"], [])),
    ("s 1 escape t a enter", ("done", {"conf.asia"}, [("xi", "")], [], [])),
    (
        "m t escape t a n d n enter",
        ("done", {"conf.asia", "sec.defence"}, [], [], ["third_party_duty"]),
    ),
    (
        "t x g escape s 1 escape m r escape enter",
        ("done", {"eco.sanctions", "eco.trade"}, [("xi", "")], [], ["request"]),
    ),
    (
        "s 2 escape t r escape c i S 1 V 0 enter enter",
        ("done", {"rel.general"}, [("biden", "")], ["intention"], []),
    ),
    (
        "s 2 escape c r S 3 V 1 escape t a r enter",
        ("done", {"conf.asia", "rel.general"}, [("biden", "")], ["refusal"], []),
    ),
    ("t g escape x x w", ("unsure", {"eco.trade"}, [], [], [])),
    (
        "s 3 escape c a 3 2 P 1 2 escape t q d p escape f enter",
        (
            "done",
            {"eco.tech", "sec.defence", "rel.people"},
            [("two_leaders", "")],
            ["agreement"],
            [],
        ),
    ),
    ("t j u w enter", ("done", {"conf.arab_israeli", "conf.ukraine", "glob.climate"}, [], [], [])),
    ("p", ("skipped", set(), [], [], [])),
    ("enter", ("done", set(), [], [], [])),
    (
        "s 4 escape c n C 1 2 S 2 V 1 escape enter",
        ("done", set(), [("two_sides", "")], ["instruction"], []),
    ),
)


async def test_a_readout_is_coded_by_keys_alone_on_eighty_columns(tmp_path: Path) -> None:
    place = Place(tmp_path, CHINESE)
    app = AnnotatorApp(Project.open(place.root), "ada", CHINESE)
    async with app.run_test(size=(80, 24)) as pilot:
        for keys, _ in BY_KEYS:
            await pilot.press(*keys.split())
        await pilot.press("ctrl+q")
    assert app.return_code == 0

    again = AnnotatorApp(Project.open(place.root), "ada", CHINESE)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("u", "u", "ctrl+r", "ctrl+r", "ctrl+q")

    done = place.call(
        "export", *(f"--state={s}" for s in ("done", "unsure", "skipped")), "--samples"
    )
    assert done.returncode == 0, done.stderr
    folder = next(path for path in (place.root / "exports").iterdir() if path.is_dir())
    said = {
        number: (state, topics, [(source, "") for source, _ in sources], kinds, near)
        for number, (state, topics, sources, kinds, near) in keyed(folder).items()
    }
    assert said == dict(enumerate((marks for _, marks in BY_KEYS), 1))
