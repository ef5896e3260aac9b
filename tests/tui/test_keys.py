"""The one table of keys: what it promises, and which wishes it refuses."""

from __future__ import annotations

from itertools import pairwise

import pytest

from annotator.errors import InputError
from annotator.model.codebook import Codebook, Label, Layer, Panel
from annotator.tui.deeds import DEEDS
from annotator.tui.keys import COMMANDS, FIXED, SCOPES, keymap, shown
from tests.session.making import Coder, book

PANELS = book().panels


def panel(key: str) -> Panel:
    layer = Layer(id="own", name="Own", key=key, labels=(Label(id="a", name="A"),))
    return Codebook(name="own", version="1.0.0", layers=(layer,)).panels[0]


def refusal(wishes: dict[str, str], *panels: Panel) -> str:
    with pytest.raises(InputError) as refused:
        keymap(wishes, panels or PANELS)
    return str(refused.value)


def test_the_table_and_the_shipped_codebook_give_every_key_one_meaning() -> None:
    table = keymap({}, PANELS)
    for scope in SCOPES:
        keys = [key for command in table.of(scope) for key in command.keys]
        keys += [p.key for p in PANELS] if scope == "annotate" else []
        assert len(keys) == len(set(keys))
        assert all(table.command(scope, k) == c for c in table.of(scope) for k in c.keys)


def test_every_command_has_an_id_of_its_own_a_key_a_title_and_a_help() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert all(c.keys and c.title and c.help and c.scopes for c in COMMANDS)
    assert not any(key.isdigit() for c in COMMANDS for key in c.keys)


def test_every_deed_is_a_command_of_the_annotate_screen() -> None:
    table = {command.id for command in keymap({}, PANELS).of("annotate")}
    assert set(DEEDS) <= table


def test_a_key_that_nobody_has_means_nothing() -> None:
    table = keymap({}, PANELS)
    assert table.command("annotate", "%") is None
    assert table.command("read", "u") is None
    assert table.panel("Q") is None


def test_a_wish_takes_the_place_of_the_first_key_and_the_others_stay() -> None:
    table = keymap({"down": "ctrl+e"}, PANELS)
    command = table.command("annotate", "ctrl+e")
    assert command is not None
    assert command.keys == ("ctrl+e", "down")
    assert table.command("annotate", "j") is None


def test_two_commands_may_change_their_keys_with_each_other() -> None:
    table = keymap({"flag": "z", "note": "f"}, PANELS)
    found = table.command("annotate", "z"), table.command("annotate", "f")
    assert [command.id for command in found if command] == ["flag", "note"]


@pytest.mark.parametrize("key", ["u", "down"])
def test_a_wish_for_a_key_that_the_command_has_is_granted(key: str) -> None:
    command = {"u": "undo", "down": "down"}[key]
    assert keymap({command: key}, PANELS).command("annotate", key) is not None


@pytest.mark.parametrize(
    ("wish", "near"), [("undoo", "undo"), ("sentence.confrm", "sentence.confirm"), ("spam", "span")]
)
def test_an_unknown_command_is_refused_with_the_nearest_name(wish: str, near: str) -> None:
    said = refusal({wish: "y"})
    assert said == f"annotator.toml, keys: “{wish}” is no command. Did you mean “{near}”?"


def test_an_unknown_command_that_is_like_none_is_refused_without_a_guess() -> None:
    assert refusal({"xyzzy": "y"}) == "annotator.toml, keys: “xyzzy” is no command."


def test_a_hostile_name_is_shown_harmless() -> None:
    assert "\x1b" not in refusal({"\x1b]52;c;x\x07": "y"})


@pytest.mark.parametrize("command", sorted(FIXED))
def test_the_keys_of_leaving_cannot_be_changed(command: str) -> None:
    assert f"“{command}” keeps its key" in refusal({command: "y"})


@pytest.mark.parametrize("key", ["1", "0", "", " "])
def test_a_digit_or_a_blank_is_no_key_for_a_command(key: str) -> None:
    assert "cannot have the key" in refusal({"undo": key})


def test_a_key_that_two_commands_want_on_one_screen_is_refused_by_both_names() -> None:
    said = refusal({"undo": "f"})
    assert "The key f would mean both" in said
    assert "undo" in said
    assert "flag" in said


def test_a_key_may_mean_two_things_on_two_screens() -> None:
    table = keymap({"open": "u"}, PANELS)
    found = table.command("annotate", "u"), table.command("library", "u")
    assert [command.id for command in found if command] == ["undo", "open"]


def test_a_key_that_a_panel_of_the_codebook_has_is_refused() -> None:
    assert "both the panel Topics and undo" in refusal({"undo": "t"})
    assert "both the panel Own and undo" in refusal({}, panel("u"))


def test_a_panel_under_a_digit_is_refused_since_digits_are_counts() -> None:
    assert "Own" in refusal({}, panel("1"))


@pytest.mark.parametrize("command", ["codebook", "help", "sentence.confirm", "quit"])
def test_a_command_that_panels_obey_too_keeps_its_key(command: str) -> None:
    assert "keeps its key" in refusal({command: "h"})


@pytest.mark.parametrize(
    "key",
    ["ctrl+m", "ctrl+i", "ctrl+h", "ctrl+j", "ctrl+left_square_bracket", "ctrl+!", "f99", "alt+k"],
)
def test_a_key_that_no_terminal_sends_as_such_is_refused(key: str) -> None:
    assert "cannot have the key" in refusal({"undo": key})


@pytest.mark.parametrize("key", ["space", "tab", "enter"])
def test_a_key_that_panels_take_for_themselves_is_refused(key: str) -> None:
    assert "cannot have the key" in refusal({"undo": key})


def test_what_is_said_names_the_keys_as_they_are_now() -> None:
    coder = Coder.at(wishes={"undo": "ctrl+e"}).press("t", "g", "escape", "backspace")
    assert coder.bench.message.endswith("^e brings it back")


@pytest.mark.parametrize(
    ("key", "sign"),
    [("ctrl+r", "^r"), ("enter", "⏎"), ("j", "j"), ("G", "G"), ("pagedown", "PgDn")],
)
def test_keys_are_shown_by_their_signs(key: str, sign: str) -> None:
    assert shown(key) == sign


def test_no_two_keys_of_a_screen_look_the_same() -> None:
    for scope in SCOPES:
        keys = [key for command in keymap({}, PANELS).of(scope) for key in command.keys]
        signs = sorted(shown(key) for key in keys)
        assert all(one != other for one, other in pairwise(signs))
