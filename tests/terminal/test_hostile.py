from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Final

import pytest

from annotator.pipeline.project import Project

from . import hostile
from .harness import Place, Terminal
from .screen import ALTERNATE

pytestmark = pytest.mark.terminal

# What the library of the screens sends: the cursor's place, colours, modes, questions, and the
# shape of the pointer.
OWN: Final = re.compile(
    r"\x1b\[\d{1,3};\d{1,3}H"
    r"|\x1b\[[0-9;]{0,40}m"
    r"|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004)[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[(?:>\d{1,2}|<)u"
    r"|\x1b\]22;[a-z-]*\x07"
)
PILED: Final = 8
WIDE: Final = (140, 50)
NARROW: Final = (60, 16)
PASTED: Final = " ".join(
    attack for name, attack in hostile.ATTACKS.items() if name not in ("c0", "c1", "separators")
)
HIDDEN: Final = hostile.hidden_in(hostile.TEXT)
# A panel's rows begin with the key that chooses, a form's with the capital that goes to the row.
LABELS: Final = r"(?m)^(.*▏)? *[a-z0-9] [␛�·●✗] \[/\]"
SPEAKERS: Final = r"(?m)^(.*▏)? *1 [☉●] Ada"
FORM: Final = r"(?m)^(.*▏)? *[A-Z] (\[/\]|Kind|Certainty|Note)"
SPAN: Final = r"(?m)^(.*▏)? *Span( +row \d+ of \d+)?$"
ON_PAGE: Final = r"Sentence \d+ of 24"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return hostile.make(tmp_path)


def assert_harmless(terminal: Terminal, *, shown: bool = True) -> None:
    """Look at every byte that the terminal was sent; with `shown`, attacks were among them."""
    sent = bytes(terminal.raw).decode("utf-8")
    foreign = [
        s for s in terminal.screen.sequences if not OWN.fullmatch(s) or hostile.SENTINEL in s
    ]
    assert not foreign
    assert not terminal.screen.unknown
    plain = OWN.sub("", sent)
    assert {char for char in plain if hostile.forbidden(char)} <= {"\r", "\n"}
    assert longest_pile(plain) <= PILED
    assert not shown or "␛" in plain


def longest_pile(text: str) -> int:
    longest = pile = 0
    for char in text:
        pile = pile + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        longest = max(longest, pile)
    return longest


def leave(terminal: Terminal) -> None:
    """Quit, and look at what went by."""
    assert terminal.screen.has(ALTERNATE)
    terminal.press("ctrl+q")
    assert terminal.wait_exit() == 0
    assert_harmless(terminal)
    assert terminal.text.strip() == ""


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_the_library_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.start(columns=columns, rows=rows) as terminal:
        terminal.wait_for("1 readout ")
        terminal.wait_for("Title ")
        if (columns, rows) == WIDE:
            terminal.wait_for(f"{HIDDEN:,} hidden")
            terminal.wait_for("[inaudible]")
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_every_sentence_of_it_is_shown(place: Place, columns: int, rows: int) -> None:
    project = Project.open(place.root)
    count = len(project.segment(project.readout(hostile.READOUT)))
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        terminal.wait_for("[inaudible]")
        for number in range(2, count + 1):
            terminal.steps(("j", rf"▌ *{number} "))
        terminal.steps(("ctrl+d", ""), ("g", "▌ *1 "))
        leave(terminal)


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_the_status_says_how_much_of_it_is_hidden(place: Place, columns: int) -> None:
    with place.coding(hostile.READOUT, columns, 24) as terminal:
        assert f"{HIDDEN:,} hidden characters" in terminal.screen.lines[0]
        leave(terminal)


def test_markup_is_shown_as_written_and_a_click_on_it_does_nothing(place: Place) -> None:
    with place.coding(hostile.READOUT, 180, 50) as terminal:
        terminal.steps(("5 g", "▌ *5 "))
        terminal.click(*place_of(terminal, "[/] and [@click=app.quit]x[/]", "x[/]"))
        terminal.wait_gone(re.compile("▌ *5 "))
        terminal.steps(("t", LABELS))
        terminal.click(*place_of(terminal, "[@cli…", "[@cli…"))
        terminal.wait_for(re.compile("1 .* ●|●.*\\[@cli…"))
        terminal.steps(("escape", "Sentence "))
        leave(terminal)


def place_of(terminal: Terminal, line: str, words: str) -> tuple[int, int]:
    """Return the row and column where words stand in the line that holds a text."""
    row = next(n for n, shown in enumerate(terminal.screen.lines) if line in shown)
    return row, terminal.screen.lines[row].index(words, terminal.screen.lines[row].index(line))


# Every panel and form of the annotate screen: keys, and what a wide screen then shows.
PANELS: Final = (
    *(("3 g", "▌ *3 "), ("t", LABELS), ("escape", ON_PAGE), ("c", LABELS), ("escape", ON_PAGE)),
    *(("m", LABELS), ("down", ""), ("escape", ON_PAGE), ("o", LABELS), ("escape", ON_PAGE)),
    *(("s", SPEAKERS), ("1", FORM), *[("tab", FORM)] * 12, ("escape", ON_PAGE)),
    *(("s", SPEAKERS), (">", "who"), ("2", FORM), ("escape", ON_PAGE)),
    *(("c", LABELS), ("a", FORM), *[("tab", FORM)] * 20, ("A", FORM)),
    *(("space", SPAN), ("right", SPAN), ("enter", FORM)),
    *(("escape", ON_PAGE), ("v", SPAN), ("escape", ON_PAGE)),
    *(("t", LABELS), ("e", LABELS), ("escape", ON_PAGE), ("e", FORM), ("escape", ON_PAGE)),
    *(("x", LABELS), ("tab", LABELS), ("escape", ON_PAGE), ("S", "Split"), ("right", "")),
    *(("escape", ON_PAGE), ("R", "Role"), ("escape", ON_PAGE)),
    *(("u", "undone"), ("u", "undone"), ("ctrl+r", "done again")),
)


@pytest.mark.parametrize(("columns", "rows"), [(180, 60), NARROW])
def test_every_panel_and_form_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        terminal.steps(*PANELS)
        leave(terminal)


def test_what_is_pasted_into_a_line_reaches_no_terminal(place: Place) -> None:
    asked = "take   esc leave"
    lines = (("z", asked), ("t /", asked), ("s +", asked), ("/", "in the whole project"))
    for number, line in enumerate(lines):
        # So wide that the line shows all of it, wherever its cursor stands.
        with place.coding(hostile.READOUT, 500, 24) as terminal:
            terminal.steps(line)
            terminal.paste(f"{PASTED} pasted {number}")
            terminal.steps(("", f"pasted {number}"), ("enter", ""))
            leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_find_shows_it(place: Place, columns: int, rows: int) -> None:
    with place.start(columns=columns, rows=rows) as terminal:
        terminal.wait_for("1 readout ")
        terminal.steps(("/", "in the whole project"))
        terminal.type("attack says")
        terminal.wait_for("15 places")
        row, column = place_of(terminal, "csi attack", "attack")
        terminal.click(row, column, times=2)
        terminal.steps(("", ON_PAGE))
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_find_completes_sorts_and_writes_it(place: Place, columns: int, rows: int) -> None:
    with place.start(columns=columns, rows=rows) as terminal:
        terminal.wait_for("1 readout ")
        terminal.steps(("/", "in the whole project"))
        for field in ("side:", "lang:", "event:"):
            terminal.type(field)
            terminal.steps(("", rf"{field}(.|\n)*⇥ \S"), ("tab", rf"{field}\S"), ("ctrl+u", ""))
        terminal.type("agreed")
        terminal.steps(("", r"\d\d places"), ("enter", ""), *[("j", "")] * 20)
        terminal.steps(("s", "by what stands before"), ("E", r"written to exports/find-"))
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [WIDE, NARROW])
def test_codebook_help_and_palette_show_it(place: Place, columns: int, rows: int) -> None:
    with place.coding(hostile.READOUT, columns, rows) as terminal:
        terminal.steps(("?", "Codebook"))
        terminal.press("g")
        for _ in range(10):  # Together more steps than there are rows.
            terminal.press(*"jjjjjjjj")
            terminal.settle()
        terminal.steps(("escape", ON_PAGE), ("f1", "All keys"), ("escape", ON_PAGE))
        terminal.steps(("ctrl+p", "Search"), ("down down down", ""))
        terminal.type("bilateral")
        terminal.steps(("", "bilateral(.|\n)*ilateral"), ("down", ""), ("escape", ON_PAGE))
        leave(terminal)


def test_spans_and_marks_on_it_keep_exact_offsets(place: Place) -> None:
    with place.coding(hostile.READOUT, 180, 60) as terminal:
        steps = terminal.steps
        steps(("2 g", "▌ *2 "), ("s", SPEAKERS), ("1", FORM), ("escape", ON_PAGE), ("m", LABELS))
        steps(("s", FORM), ("A", FORM), ("space", SPAN))
        for _ in range(12):
            terminal.press("right")
        for _ in range(4):
            terminal.press("shift+right")
        steps(("enter", FORM), ("escape", ON_PAGE), ("enter", "1/21"))
        steps(("1 9 g", "▌ *19 "), ("t", LABELS), ("e", LABELS), ("enter", "2/21"))
        steps(("G", "▌ *24 "), ("t", LABELS), ("e", LABELS), ("enter", "3/21"))
        leave(terminal)

    text = (place.root / "seeds" / f"{hostile.READOUT}.txt").read_text("utf-8")
    snapshot = Project.open(place.root).store().read("ada", hostile.READOUT)
    assert snapshot is not None
    sentences = [sentence for _, sentence in snapshot.coding.sentences()]
    spans = [span for s in sentences for mark in s.marks for span in mark.spans()]
    assert all(text[s.start : s.end] == s.text for s in sentences)
    assert all(text[span.start : span.end] == span.exact for span in spans)
    assert any(hostile.hidden_in(span.exact) for span in spans)
    assert [len(s.marks) for s in sentences if s.marks] == [2, 1, 1]
    done = place.call("export", "hostile")
    assert done.returncode == 0, done.stderr
    assert not [
        char for char in done.stdout + done.stderr if hostile.forbidden(char) and char != "\n"
    ]
    rows = (place.root / "exports" / "hostile" / "sentences.jsonl").read_bytes().splitlines()
    assert [json.loads(row)["text"] for row in rows] == [s.text for s in sentences if s.marks]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "{good}"),
        ("add", "{bad}"),
        ("add", "{good}", "{good}", "{missing}"),
        ("segment", "{good}"),
        ("open", "{missing}"),
        ("--readout", "{missing}"),
        ("codebook", "check"),
        ("codebook", "check", "{good}"),
        ("check",),
        ("stats",),
        ("export", "--layer", "{missing}"),
        ("find", "agreed"),
        ("find", "agreed", "--json"),
        ("find", 'label:"{missing}"'),
    ],
)
def test_the_command_line_says_it_without_obeying(place: Place, words: tuple[str, ...]) -> None:
    title = f"{hostile.ATTACKS['csi']}{chr(0x202E)}[@click=app.quit]"
    good, bad = place.home / f"{title}.txt", place.home / f"{title}.pdf.txt"
    good.write_text(hostile.TEXT.partition("The combining")[0], encoding="utf-8")
    bad.write_bytes(b"%PDF-1.4" + hostile.EVERYTHING.encode())
    named = {"good": str(good), "bad": str(bad), "missing": hostile.short("osc clipboard")}
    with place.start(*(word.format(**named) for word in words)) as terminal:
        terminal.wait_exit()
        assert not terminal.screen.sequences
        silent = (("codebook", "check"), ("check",), ("stats",), ("find", "agreed", "--json"))
        assert_harmless(terminal, shown=words not in silent)
