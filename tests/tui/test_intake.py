"""What a terminal sends, cut in any way, is read as the keys and pastes that it stands for."""

from __future__ import annotations

import string
import tracemalloc
from collections.abc import Iterable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.headless_driver import HeadlessDriver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from annotator.tui.intake import BEGIN, END, ESC, LONGEST_PASTE, Intake, with_intake
from annotator.tui.screens.keyed import key_name
from tests.terminal import hostile

SILENCE: Final = None


def read(*pieces: str | None, intake: Intake | None = None) -> list[Message]:
    """Give an intake pieces, and a silence for each None and at the end."""
    intake = intake or Intake()
    return [
        message
        for piece in (*pieces, SILENCE)
        for message in (intake.silence() if piece is None else intake.feed(piece))
    ]


def told(messages: Iterable[Message]) -> list[str]:
    """Return keys by the name of the table, pastes as their text in angles, others by their kind"""
    return [
        key_name(message)
        if isinstance(message, events.Key)
        else f"<{message.text}>"
        if isinstance(message, events.Paste)
        else type(message).__name__
        for message in messages
    ]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        *((char, char) for char in string.digits + string.ascii_letters + string.punctuation),
        *((" ", "space"), ("\r", "enter"), ("\t", "tab"), (ESC, "escape"), ("é", "é")),
        *(("\x11", "ctrl+q"), ("\x1b[A", "up"), ("\x1bOP", "f1"), ("\x1b[27u", "escape")),
    ],
)
def test_a_key_right_behind_escape_is_a_key_of_its_own(typed: str, key: str) -> None:
    assert told(read(f"{ESC}{typed}")) == ["escape", key]
    assert told(read(ESC, typed)) == ["escape", key]
    assert told(read(ESC, SILENCE, typed)) == ["escape", key]
    assert told(read(f"j{ESC}{typed}", SILENCE, "k")) == ["j", "escape", key, "k"]
    assert told(read(f"{ESC}{ESC}{typed}")) == ["escape", "escape", key]


def test_keys_behind_an_escape_that_no_sequence_begins_with_come_in_their_order() -> None:
    assert told(read(f"s1{ESC}s2{ESC}tc\r")) == [*"s1", "escape", *"s2", "escape", *"tc", "enter"]
    assert told(read(f"{ESC}Oz{ESC}O{ESC}[")) == ["escape", *"Oz", "escape", "O", "escape", "["]


def test_alt_with_backspace_takes_a_word_away() -> None:
    assert told(read(f"{ESC}\x7f")) == ["ctrl+w"]


def test_every_sequence_that_textual_knows_is_the_same_key_however_it_is_cut() -> None:
    known = [s for s in ANSI_SEQUENCES_KEYS if len(s) > 2 and not s.startswith(ESC * 2)]
    by_textual = {sequence: told(XTermParser().feed(sequence)) for sequence in known}
    assert len([keys for keys in by_textual.values() if keys]) > 200
    assert {sequence: told(read(sequence)) for sequence in known} == by_textual
    assert {sequence: told(read(*sequence)) for sequence in known} == by_textual


@pytest.mark.parametrize(
    ("sequence", "kind"),
    [
        ("\x1b[<0;5;7M", "MouseDown"),
        ("\x1b[<0;5;7m", "MouseUp"),
        ("\x1b[<35;5;7M", "MouseMove"),
        ("\x1b[<64;5;7M", "MouseScrollUp"),
        ("\x1b[I", "AppFocus"),
        ("\x1b[O", "AppBlur"),
        ("\x1b[12;40R", "CursorPosition"),
        ("\x1b[48;24;80;600;1200t", "Resize"),
        ("\x1b[?2026;2$y", "TerminalSupportsSynchronizedOutput"),
    ],
)
def test_what_else_a_terminal_says_is_understood_however_it_is_cut(
    sequence: str, kind: str
) -> None:
    assert told(read(f"j{sequence}k")) == ["j", kind, "k"]
    assert told(read("j", *sequence, "k")) == ["j", kind, "k"]


def test_the_place_of_the_mouse_is_kept_from_one_sequence_to_the_next() -> None:
    _, moved = read("\x1b[<35;5;7M\x1b[<35;8;9M")
    assert isinstance(moved, events.MouseMove)
    assert (moved.x, moved.y, moved.delta_x, moved.delta_y) == (7, 8, 3, 2)


@pytest.mark.parametrize(
    "unknown",
    [
        "\x1b[99z",
        "\x1b[?64;1;2c",
        "\x1b[<0;-3;M",
        "\x1b[M !!",
        f"\x1b[{'1;' * 14}z",
        f"\x1b[{'1;' * 15}z",
        f"\x1b[{'1;' * 900}z",
    ],
)
def test_a_sequence_that_nobody_knows_is_no_key(unknown: str) -> None:
    assert told(read(f"j{unknown}k")) == ["j", "k"]
    assert told(read("j", unknown[:4], unknown[4:], "k")) == ["j", "k"]


def test_a_sequence_that_breaks_off_is_no_key() -> None:
    assert told(read("\x1b[<0;12;", SILENCE, "j")) == ["j"]
    assert told(read("\x1b[<0;12;\x1b[A")) == ["up"]
    endless = read("\x1b[", *["1" * 4000] * 40)
    assert set(told(endless)) <= {"1"}


def test_text_of_an_input_method_is_taken_whole() -> None:
    composed = "中华人民共和国 – подтвердили"
    codes = ":".join(str(ord(char)) for char in composed)
    assert told(read(f"\x1b[0;;{codes}u")) == [c if c != " " else "space" for c in composed]


PASTED: Final = (
    "plain",
    "two\nlines\r\n\tand a tab",
    "tg\rwpxJq",
    f"{ESC}",
    f"{ESC}{ESC}{ESC}",
    f"{ESC}[A{ESC}[27u{ESC}OP{ESC}[<0;5;7M{ESC}[I",
    f"{ESC}[200~",
    f"{ESC}[201",
    f"{ESC}[20{ESC}[2",
    f"{ESC}]52;c;eA==\x07",
    "\x9b31m\x9d0;t\x9c\x85\u2028\u202e",
    "\x03\x04\x11\x1a\x7f",
    *hostile.ATTACKS.values(),
)


@pytest.mark.parametrize("text", PASTED)
def test_what_is_pasted_is_text_whatever_it_holds_and_however_it_is_cut(text: str) -> None:
    sent = f"j{BEGIN}{text}{END}k"
    assert told(read(sent)) == ["j", f"<{text}>", "k"]
    assert told(read(*sent)) == ["j", f"<{text}>", "k"]
    for place in range(len(sent)):
        assert told(read(sent[:place], sent[place:])) == ["j", f"<{text}>", "k"]


@given(st.text(), st.data())
def test_any_text_is_pasted_as_it_is(text: str, data: st.DataObject) -> None:
    text = text.replace(END, "")
    sent = f"{BEGIN}{text}{END}" * 2
    first, second = sorted(data.draw(st.tuples(*[st.integers(0, len(sent))] * 2)))
    cut = sent[:first], sent[first:second], sent[second:]
    pasted = f"<{text}>".replace("\x00", "")
    assert told(read(*cut)) == [pasted, pasted]


@given(st.lists(st.text(st.sampled_from("\x1b[201~OM;<$Aé \r"))))
def test_nothing_that_comes_stops_the_reading(pieces: list[str]) -> None:
    intake = Intake()
    read(*pieces, END, intake=intake)
    assert told(read(f"{END}jk", intake=intake))[-2:] == ["j", "k"]


def test_what_stands_behind_the_end_of_a_paste_is_typed() -> None:
    # The terminal alone knows what was pasted; it must take the sign of the end out of that.
    assert told(read(f"{BEGIN}a{END}t{END}")) == ["<a>", "t"]


def test_a_paste_that_is_slow_waits_for_its_end() -> None:
    pieces = [BEGIN, "a", f"{ESC}[A", f"b{ESC}", "[20", "1~"]
    assert told(read(*[p for piece in pieces for p in (piece, SILENCE)])) == [f"<a{ESC}[Ab>"]


def test_a_pause_within_the_beginning_of_a_paste_makes_no_keys_of_its_text() -> None:
    for place in range(1, len(BEGIN)):
        keys = told(read(BEGIN[:place], SILENCE, f"{BEGIN[place:]}te\r{END}j"))
        before = {1: ["escape"], 2: ["escape", "["]}.get(place, [])
        assert keys == [*before, "<te\r>", "j"]


@pytest.mark.parametrize("escape", [ESC, "\x1b[27u", "\x1b[27;129u"])
def test_escape_pressed_alone_throws_a_paste_away_that_has_no_end(escape: str) -> None:
    intake = Intake()
    assert told(read(f"{BEGIN}tg\r", SILENCE, "jq\x11", intake=intake)) == []
    assert told(read(escape, intake=intake)) == []
    assert told(read("j", intake=intake)) == ["j"]


def test_nothing_is_taken_of_a_paste_that_is_too_long_and_none_of_it_is_kept() -> None:
    longest = "x" * LONGEST_PASTE
    assert told(read(BEGIN, longest, f"{END}j")) == [f"<{longest}>", "j"]
    intake = Intake()
    tracemalloc.start()
    read(BEGIN, *[longest] * 3, intake=intake)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000
    assert told(read(f"{END}j{BEGIN}a{END}", intake=intake)) == ["j", "<a>"]


def test_only_what_reads_a_terminal_gets_an_intake() -> None:
    assert with_intake(HeadlessDriver) is HeadlessDriver
    assert issubclass(with_intake(LinuxDriver), LinuxDriver)


def test_textual_still_reads_its_terminal_where_the_intake_stands() -> None:
    """A new Textual that fails this reads keys without the intake, which must then move there."""
    assert "run_input_thread" in LinuxDriver._run_input_thread.__code__.co_names
    assert "_run_input_thread" in LinuxDriver.start_application_mode.__code__.co_names
    assert "XTermParser" in LinuxDriver.run_input_thread.__code__.co_names
