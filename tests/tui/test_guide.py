"""What can be looked up: the keys, and the codebook's entries."""

from __future__ import annotations

import pytest

from annotator.model.codebook import Codebook, Label, Layer
from annotator.tui import guide, paint
from annotator.tui.keys import COMMANDS, Scope, keymap, shown
from annotator.tui.paint import Line
from tests.session.making import book

WIDTHS = [40, 60, 100]
MAP = keymap({}, book().panels)


def words(found: list[Line]) -> str:
    return "\n".join("".join(run.text for run in line).rstrip() for line in found)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", ["annotate", "library", "find", "read"])
def test_the_list_of_keys_keeps_to_the_width(scope: Scope, width: int) -> None:
    found = guide.commands(MAP, scope, width)
    assert [words([line]) for line in found if paint.width(line) > width] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", ["annotate", "library", "find", "read"])
def test_the_list_of_keys_has_every_command_of_the_screen_and_no_other(
    scope: Scope, width: int
) -> None:
    said = flat(words(guide.commands(MAP, scope, width)))
    for command in COMMANDS:
        title = f"{command.title}. {command.help.split()[0]}"
        assert (title in said) is (scope in command.scopes)
        if scope in command.scopes:
            assert all(shown(key) in said for key in command.keys)


def test_a_key_of_ones_own_is_listed_in_place_of_the_old_one() -> None:
    said = words(guide.commands(keymap({"undo": "ctrl+e"}, book().panels), "annotate", 60))
    assert "^e" in said
    assert "\n  u  " not in said


def test_panels_of_the_codebook_are_listed_where_they_can_be_opened() -> None:
    said = words(guide.commands(MAP, "annotate", 60))
    for panel in book().panels:
        assert f"  {panel.key}             {panel.name}" in said
    assert "Panels of the codebook" not in words(guide.commands(MAP, "library", 60))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_codebook_keeps_to_the_width(width: int) -> None:
    found, _ = guide.codebook(book(), width)
    assert [words([line]) for line in found if paint.width(line) > width] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_codebook_says_all_there_is_to_say_of_layers_labels_slots_and_choices(
    width: int,
) -> None:
    said = flat(words(guide.codebook(book(), width)[0]))
    for layer in book().layers:
        texts = [layer.definition, *layer.rules, *layer.edge_cases]
        texts += [family.name for family in layer.families]
        texts += [slot.definition for slot in layer.slots]
        texts += [choice.definition for slot in layer.slots for choice in slot.choices]
        for label in layer.labels:
            texts += [label.name, label.id, label.definition, *label.include, *label.exclude]
            texts += [example.strip("“”") for example in label.examples]
        assert [text for text in texts if flat(text) not in said] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_each_entry_is_found_at_its_line(width: int) -> None:
    found, places = guide.codebook(book(), width)
    for layer in book().layers:
        assert layer.name in words([found[places[layer.id, ""]]])
        for label in layer.labels:
            line = words([found[places[layer.id, label.id]]])
            assert line.startswith(label.name[: width - 1])


def test_mappings_are_shown_where_a_label_has_some() -> None:
    said = words(guide.codebook(book(), 60)[0])
    assert "CAP 19" in said
    assert "PLOVER AGREE" in said


def test_a_hostile_codebook_is_shown_harmless() -> None:
    label = Label(id="a", name="A\x1b]52;c;x\x07", definition="[/]\u202e", include=("\x9b",))
    layer = Layer(id="own", name="[bold]", key="y", labels=(label,))
    codebook = Codebook(name="own", version="1.0.0", title="\x1bc", layers=(layer,))
    said = words(guide.codebook(codebook, 60)[0])
    assert not {*"\x1b\x07\u202e\x9b"} & set(said)
    assert "[bold]" in said
    assert "[/]" in said
