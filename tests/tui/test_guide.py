"""What can be looked up: the keys, and the codebook's entries."""

from __future__ import annotations

import pytest

from annotator.model import revision
from annotator.model.codebook import Codebook, Label, Layer
from annotator.tui import guide, paint
from annotator.tui.keys import COMMANDS, SCOPES, Scope, keymap, shown
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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scope", SCOPES)
def test_all_keys_are_all_keys_each_once_by_its_screen(scope: Scope, width: int) -> None:
    found = guide.elsewhere(MAP, scope, width)
    assert [words([line]) for line in found if paint.width(line) > width] == []
    every = {(c.title, c.help.split()[0]) for c in COMMANDS}
    said = flat(words([*guide.commands(MAP, scope, width), *found]))
    assert [title for title, first in every if f"{title}. {first}" not in said] == []


def test_a_key_of_ones_own_is_listed_in_place_of_the_old_one() -> None:
    said = words(guide.commands(keymap({"undo": "ctrl+e"}, book().panels), "annotate", 60))
    assert "^e" in said
    assert "\n  u  " not in said


def test_panels_of_the_codebook_are_listed_where_they_can_be_opened() -> None:
    said = words(guide.commands(MAP, "annotate", 60))
    for panel in book().panels:
        assert f"  {panel.key}             {panel.name}" in said
    assert "Panels of the codebook" not in words(guide.commands(MAP, "library", 60))


def test_a_label_that_is_not_given_any_more_is_named_with_what_became_of_it() -> None:
    retired = revision.retire(book(), "topics", "rel.general")
    after = revision.merge(retired, "topics", "law.humanitarian", "law.multilateral")
    layer = after.layers[0]
    said = flat(words(guide.entry(after, layer, None, 100)))
    assert "Do not add rel.general (retired) where cooperation" in said
    assert "conf.arab_israeli and law.humanitarian (now law.multilateral)." in said
    assert "conf.iran and sec.arms: a place" in said


def test_an_answer_that_led_to_a_label_leads_to_what_became_of_it() -> None:
    after = revision.merge(book(), "commitments", "intention", "agreement")
    layer = after.layer("commitments")
    assert layer is not None
    standing, gone = layer.label("agreement"), layer.label("intention")
    assert standing is not None
    assert gone is not None
    said = flat(words(guide.entry(after, layer, None, 100)))
    assert f"→ {standing.name}" in said
    assert f"→ {gone.name}" not in said
    layer = revision.retire(book(), "commitments", "intention").layer("commitments")
    assert layer is not None
    assert f"→ {gone.name} (retired)" in flat(words(guide.entry(book(), layer, None, 100)))


def entries(codebook: Codebook, width: int) -> list[Line]:
    """Return all entries of a codebook one after the other."""
    return [
        line
        for layer in codebook.layers
        for label in (None, *layer.labels)
        for line in guide.entry(codebook, layer, label, width)
    ]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_codebook_keeps_to_the_width(width: int) -> None:
    found = entries(book(), width)
    assert [words([line]) for line in found if paint.width(line) > width] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_codebook_says_all_there_is_to_say_of_layers_labels_slots_and_choices(
    width: int,
) -> None:
    said = flat(words(entries(book(), width)))
    for layer in book().layers:
        texts = [layer.definition, *layer.rules, *layer.edge_cases]
        texts += [slot.definition for slot in layer.slots]
        texts += [choice.definition for slot in layer.slots for choice in slot.choices]
        for label in layer.labels:
            texts += [label.name, label.id, label.definition, *label.include, *label.exclude]
            texts += [example.strip("“”") for example in label.examples]
        assert [text for text in texts if flat(text) not in said] == []


def entry_of(label_id: str, codebook: Codebook | None = None) -> str:
    """Return the entry of a topic."""
    codebook = codebook or book()
    layer = codebook.layers[0]
    label = layer.label(label_id)
    assert label is not None
    return flat(words(guide.entry(codebook, layer, label, 70)))


def test_an_entry_shows_the_edge_cases_that_name_the_label_and_no_others() -> None:
    said = entry_of("conf.iran")
    assert "Edge cases" in said
    assert "enrichment sites in Iran" in said
    assert "flour to reach Gaza" not in said
    assert "Edge cases" not in entry_of("eco.tech")


def test_mappings_are_shown_where_a_label_has_some() -> None:
    said = words(entries(book(), 60))
    assert "CAP 19" in said
    assert "PLOVER AGREE" in said


def test_an_entry_says_what_a_label_was_and_what_became_of_it() -> None:
    renamed = revision.rename(book(), "topics", "eco.tech", "eco.science", date="2026-11-27")
    said = entry_of("eco.science", renamed)
    assert "was eco.tech" in said
    assert "1.1.0 2026-11-27 rename eco.tech → eco.science" in said
    merged = revision.merge(book(), "topics", "eco.tech", "eco.trade", note="never used")
    assert "retired in 2.0.0; now eco.trade" in entry_of("eco.tech", merged)
    assert "2.0.0 merge eco.tech → eco.trade never used" in entry_of("eco.trade", merged)


def test_a_hostile_codebook_is_shown_harmless() -> None:
    label = Label(id="a", name="A\x1b]52;c;x\x07", definition="[/]\u202e", include=("\x9b",))
    layer = Layer(id="own", name="[bold]", key="y", labels=(label,), edge_cases=("[@click] a",))
    codebook = Codebook(name="own", version="1.0.0", title="\x1bc", layers=(layer,))
    said = words(entries(codebook, 60))
    assert not {*"\x1b\x07\u202e\x9b"} & set(said)
    assert "[bold]" in said
    assert "[/]" in said
    assert "[@click] a" in said
