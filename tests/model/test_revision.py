"""Changes of a codebook: what each does, what it refuses, and which keys move."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from annotator.errors import InputError
from annotator.model import revision
from annotator.model.codebook import Codebook, Label, Layer, allocate_keys
from annotator.model.revision import free_key, panel_keys, raised
from tests.session.making import book

TOPICS = "topics"


def label_of(made: Codebook, label_id: str, layer_id: str = TOPICS) -> Label:
    layer = made.layer(layer_id)
    assert layer is not None
    label = layer.label(label_id)
    assert label is not None
    return label


def ids_of(made: Codebook) -> list[str]:
    return [label.id for label in made.layers[0].labels]


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("reword", "1.2.4"),
        ("add", "1.3.0"),
        ("rename", "1.3.0"),
        ("redefine", "2.0.0"),
        ("merge", "2.0.0"),
        ("split", "2.0.0"),
        ("retire", "2.0.0"),
    ],
)
def test_a_change_raises_the_version_by_what_it_does_to_meanings(kind: Any, version: str) -> None:
    assert raised("1.2.3", kind) == version


def test_a_label_is_added_behind_the_last_of_its_family_and_is_recorded() -> None:
    entry = {"id": "sec.drones", "name": "Drones", "family": "sec", "key": "D", "short": ""}
    made = revision.add(book(), TOPICS, entry, date="2026-11-27", note="asked for")
    assert ids_of(made)[ids_of(made).index("sec.drones") - 1] == "sec.cyber"
    assert (made.version, made.changes[-1].kind, made.changes[-1].label) == (
        "1.1.0",
        "add",
        "sec.drones",
    )
    assert (made.changes[-1].date, made.changes[-1].note) == ("2026-11-27", "asked for")
    assert not made.changes[-1].review
    assert panel_keys(made, TOPICS, "sec")["sec.drones"] == "D"


def test_a_label_of_no_family_is_added_at_the_end() -> None:
    made = revision.add(book(), "voice", {"id": "echo", "name": "Echo"})
    assert [label.id for label in made.layers[-1].labels][-1] == "echo"


@pytest.mark.parametrize("wrong", [{"id": "eco.trade"}, {"id": "A b"}, {"id": ""}, {"key": "/"}])
def test_a_label_that_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        revision.add(book(), TOPICS, {"id": "sec.new", "name": "N", "family": "sec", **wrong})


def test_what_is_worded_anew_keeps_everything_else() -> None:
    made = revision.reword(book(), TOPICS, "eco.tech", {"name": "Science", "include": ["a lab"]})
    now, before = label_of(made, "eco.tech"), label_of(book(), "eco.tech")
    assert (now.name, now.include) == ("Science", ("a lab",))
    assert now.model_copy(update={"name": before.name, "include": before.include}) == before
    assert (made.version, made.changes[-1].review) == ("1.0.1", False)


def test_another_meaning_is_a_new_major_version_and_asks_for_a_look() -> None:
    made = revision.reword(book(), TOPICS, "eco.tech", {"definition": "Else."}, redefine=True)
    assert (made.version, made.changes[-1].kind, made.changes[-1].review) == (
        "2.0.0",
        "redefine",
        True,
    )


def test_a_renamed_label_is_known_by_every_id_it_had() -> None:
    made = revision.rename(book(), TOPICS, "eco.tech", "eco.science")
    made = revision.rename(made, TOPICS, "eco.science", "eco.lab")
    assert label_of(made, "eco.tech") is label_of(made, "eco.lab")
    assert label_of(made, "eco.lab").was == ("eco.tech", "eco.science")
    assert made.layers[0].current("eco.tech") == "eco.lab"
    back = revision.rename(made, TOPICS, "eco.lab", "eco.tech")
    assert label_of(back, "eco.lab").was == ("eco.science", "eco.lab")


def test_a_renamed_label_is_named_anew_in_rules_and_entries_but_not_inside_other_ids() -> None:
    made = revision.rename(book(), TOPICS, "prot.courtesy", "prot.kindness")
    said = made.layers[0].model_dump_json(exclude={"labels": {"__all__": {"was"}}})
    assert "prot.courtesy" not in said
    assert said.count("prot.kindness") > 3
    data = book().model_dump(mode="json", exclude_unset=True)
    data["layers"][0]["rules"] = ["a.eco.tech eco.tech.x eco.tech, eco.tech."]
    odd = Codebook.model_validate_json(json.dumps(data))
    renamed = revision.rename(odd, TOPICS, "eco.tech", "lab")
    assert renamed.layers[0].rules == ("a.eco.tech eco.tech.x lab, lab.",)


def test_an_id_that_another_label_has_or_had_is_refused() -> None:
    made = revision.rename(book(), TOPICS, "eco.tech", "eco.science")
    for taken in ("eco.trade", "eco.tech"):
        with pytest.raises(ValidationError):
            revision.rename(made, TOPICS, "eco.energy", taken)


def test_a_merged_label_stays_in_the_file_and_leads_to_the_other() -> None:
    made = revision.merge(book(), TOPICS, "eco.tech", "eco.trade")
    assert ids_of(made) == ids_of(book())
    assert (label_of(made, "eco.tech").retired, label_of(made, "eco.tech").into) == (
        "2.0.0",
        ("eco.trade",),
    )
    made = revision.merge(made, TOPICS, "eco.trade", "eco.finance")
    assert made.layers[0].current("eco.tech") == "eco.finance"
    assert made.changes[-1].review is False


def test_what_a_label_went_into_follows_its_renaming() -> None:
    made = revision.merge(book(), TOPICS, "eco.tech", "eco.trade")
    made = revision.rename(made, TOPICS, "eco.trade", "eco.goods")
    assert label_of(made, "eco.tech").into == ("eco.goods",)
    assert made.layers[0].current("eco.tech") == "eco.goods"


@pytest.mark.parametrize(
    ("layer", "label", "into", "said"),
    [
        (TOPICS, "eco.tech", "eco.tech", "into itself"),
        (TOPICS, "eco.tech", "eco.trad", "Did you mean “eco.trade”?"),
        (TOPICS, "eco.teck", "eco.trade", "no label “eco.teck”"),
        ("commitments", "promise", "courtesy", "different slots"),
        ("tone", "a", "b", "no layer “tone”"),
    ],
)
def test_a_merge_that_cannot_be_is_refused(layer: str, label: str, into: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        revision.merge(book(), layer, label, into)


def test_a_split_puts_its_parts_behind_the_label_in_its_family() -> None:
    parts = [{"id": "rel.visits", "name": "Visits", "key": "v"}, {"id": "rel.lines", "name": "L"}]
    made = revision.split(book(), TOPICS, "rel.contacts", parts)
    at = ids_of(made).index("rel.contacts")
    assert ids_of(made)[at : at + 3] == ["rel.contacts", "rel.visits", "rel.lines"]
    assert label_of(made, "rel.visits").family == "rel"
    assert label_of(made, "rel.contacts").into == ("rel.visits", "rel.lines")
    assert made.layers[0].current("rel.contacts") == "rel.contacts"
    with pytest.raises(InputError, match="two labels or more"):
        revision.split(book(), TOPICS, "rel.contacts", parts[:1])


def test_a_retired_label_has_no_key_and_frees_it() -> None:
    made = revision.retire(book(), TOPICS, "eco.tech")
    assert "eco.tech" not in panel_keys(made, TOPICS, "eco")
    assert free_key(panel_keys(made, TOPICS, "eco").values(), "quantum") == "q"
    again = revision.add(made, TOPICS, {"id": "eco.q", "name": "Q", "family": "eco", "key": "q"})
    assert panel_keys(again, TOPICS, "eco")["eco.q"] == "q"
    with pytest.raises(InputError, match=r"was retired in 2\.0\.0"):
        revision.merge(made, TOPICS, "eco.trade", "eco.tech")


def test_labels_that_go_into_one_another_in_a_circle_are_refused() -> None:
    data = book().model_dump(mode="json", exclude_unset=True)
    one, other = data["layers"][0]["labels"][:2]
    one.update(retired="1.0.0", into=[other["id"]])
    other.update(retired="1.0.0", into=[one["id"]])
    with pytest.raises(ValidationError, match="went into itself"):
        Codebook.model_validate_json(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"into": ["eco.trade"]}, "but is not retired"),
        ({"retired": "1.0.0", "into": ["nowhere"]}, "which is not there"),
        ({"was": ["eco.trade"]}, "which is another one's id"),
        ({"retired": "one"}, "pattern"),
    ],
)
def test_former_ids_that_cannot_be_are_refused(change: dict[str, Any], said: str) -> None:
    data = book().model_dump(mode="json", exclude_unset=True)
    data["layers"][0]["labels"][0].update(change)
    with pytest.raises(ValidationError, match=said):
        Codebook.model_validate_json(json.dumps(data))


NAMES = st.text("abcdeXYZ _.é", min_size=0, max_size=6)
KEYS = st.none() | st.sampled_from("abcdeABxyz19!")


@given(st.lists(st.tuples(NAMES, KEYS), max_size=30), NAMES, st.data())
def test_a_new_label_moves_no_key_of_another(
    items: list[tuple[str, str | None]], name: str, data: st.DataObject
) -> None:
    """Wherever it stands with the key that is proposed, and without one at the end."""
    given_keys: set[str] = set()
    labels: list[tuple[str, str, str | None]] = []
    for place, (tag, key) in enumerate(items):
        labels.append((str(place), tag, None if key in given_keys else key))
        given_keys |= {key} if key else set()
    before = allocate_keys(labels)
    key = free_key(before.values(), name)
    assert key not in before.values()
    place = data.draw(st.integers(0, len(labels)))
    wished = allocate_keys([*labels[:place], ("new", name, key), *labels[place:]])
    appended = allocate_keys([*labels, ("new", name, None)])
    assert {one: wished[one] for one in before} == before
    assert {one: appended[one] for one in before} == before
    assert wished["new"] == key == appended["new"]


def test_a_panel_without_a_free_key_proposes_none() -> None:
    every = {str(n): chr(n) for n in range(33, 127)}
    assert free_key(every.values(), "name") == ""


def test_keys_of_a_family_with_a_panel_of_its_own_are_those_of_that_panel() -> None:
    near = next(f.id for f in Layer.model_validate(book().layers[2]).families if f.key)
    assert panel_keys(book(), "commitments", near) != panel_keys(book(), "commitments", None)
    assert panel_keys(book(), "nowhere", None) == {}
