"""Keys that the settings give to labels, and what is refused when the project is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.model.codebook import Codebook
from annotator.pipeline.labelkeys import with_keys
from annotator.pipeline.project import Project
from tests.coded import Made
from tests.session.making import book


def keys_of(made: Codebook, panel: int = 0) -> dict[str, str]:
    return made.panels[panel].keys


def refusal(wishes: dict[str, str]) -> str:
    with pytest.raises(InputError) as refused:
        with_keys(book(), wishes)
    return str(refused.value)


def test_a_wish_changes_the_key_of_its_label_and_no_other() -> None:
    made = with_keys(book(), {"topics.sec.terror": "E"})
    before = keys_of(book())
    assert keys_of(made) == {**before, "sec.terror": "E"}
    assert with_keys(book(), {}) is book()


def test_two_labels_may_change_keys_with_each_other() -> None:
    made = with_keys(book(), {"topics.sec.terror": "e", "topics.prot.event": "t"})
    assert (keys_of(made)["sec.terror"], keys_of(made)["prot.event"]) == ("e", "t")


def test_a_key_may_be_another_ones_in_another_panel() -> None:
    made = with_keys(book(), {"voice.mixed": "t"})
    assert keys_of(made, -1)["mixed"] == "t"


def test_a_key_that_another_label_of_the_panel_has_is_refused_by_both_names() -> None:
    assert refusal({"topics.sec.terror": "e"}) == (
        "annotator.toml, labels: topics.sec.terror cannot have the key “e”, which"
        " topics.prot.event has. Give one of them another key there."
    )


def test_two_wishes_for_one_key_are_refused() -> None:
    said = refusal({"topics.sec.terror": "E", "topics.prot.event": "E"})
    assert "cannot have the key “E”, which topics." in said


@pytest.mark.parametrize("key", ["/", "?", "", "ab", " ", "é", "\x1b"])
def test_what_is_no_key_is_refused(key: str) -> None:
    said = refusal({"topics.sec.terror": key})
    assert "annotator.toml, labels: topics.sec.terror cannot have the key" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("topics.sec.terrot", "Did you mean “topics.sec.terror”?"),
        ("\x1b]52;c;x\x07", "Write it as layer.label."),
    ],
)
def test_a_wish_for_no_label_is_refused_with_the_nearest(name: str, remedy: str) -> None:
    said = refusal({name: "E"})
    assert said.startswith("annotator.toml, labels: “")
    assert said.endswith(f"is no label of the codebook. {remedy}")
    assert "\x1b" not in said


def test_the_settings_of_a_project_reach_its_panels_and_not_its_codebook_file(
    tmp_path: Path,
) -> None:
    made = Made(tmp_path / "p")
    raw = made.project.paths.codebook.read_bytes()
    (made.root / "annotator.toml").write_text('[labels]\n"topics.b" = "Q"\n', "utf-8")
    assert Project.open(made.root).codebook.panels[0].keys == {"a": "a", "b": "Q", "c": "c"}
    assert made.project.paths.codebook.read_bytes() == raw
    (made.root / "annotator.toml").write_text('[labels]\n"topics.x" = "Q"\n', "utf-8")
    with pytest.raises(InputError, match=r"annotator.toml, line 2, labels: “topics.x” is no label"):
        Project.open(made.root).codebook  # noqa: B018
