"""Macros in the settings of a project: read with the line of what is wrong, written with care."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.errors import InputError
from annotator.model import revision
from annotator.model.macro import Macro, MacroMark
from annotator.pipeline.macros import keep, macros, unplayable
from annotator.pipeline.project import Project
from annotator.pipeline.revise import carry_out, plan
from tests.formulas import project_of
from tests.rendering import ROOT

TRADE = Macro(name="trade, again", marks=(MacroMark(layer="topics", label="eco.trade"),))
BOTH = Macro(
    name="both sides",
    marks=(
        MacroMark(layer="topics", label="rel.contacts", rejected=True),
        MacroMark(layer="speakers", label="indirect", slots={"source": ("xa", "~xb")}),
    ),
)
WRITTEN = """\
# Ours.
coder = "ada"  # me

[keys]
flag = "F"  # both hands
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_of(tmp_path / "p")


def settings(project: Project) -> str:
    return project.paths.settings.read_text("utf-8")


def test_a_project_without_settings_has_no_macro(project: Project) -> None:
    project.paths.settings.unlink(missing_ok=True)
    assert macros(project) == {}


def test_what_is_kept_is_read_again_and_every_comment_stays(project: Project) -> None:
    project.paths.settings.write_text(WRITTEN, "utf-8")
    keep(project, "t", TRADE)
    keep(project, "B", BOTH)
    assert macros(project) == {"t": TRADE, "B": BOTH}
    assert list(macros(project)) == ["t", "B"]
    assert settings(project).startswith(WRITTEN)
    assert Project.open(project.root).settings.keys == {"flag": "F"}


def test_a_macro_is_kept_where_there_were_no_settings(project: Project) -> None:
    project.paths.settings.unlink(missing_ok=True)
    keep(project, "1", TRADE)
    assert macros(project) == {"1": TRADE}


def test_one_takes_the_place_of_an_older_one_of_its_key(project: Project) -> None:
    project.paths.settings.write_text(WRITTEN, "utf-8")
    keep(project, "t", TRADE)
    keep(project, "b", BOTH)
    keep(project, "t", BOTH)
    assert macros(project) == {"t": BOTH, "b": BOTH}
    assert "trade, again" not in settings(project)
    assert settings(project).startswith(WRITTEN)


def test_one_written_by_hand_is_read(project: Project) -> None:
    project.paths.settings.write_text(
        '[macros]\nt = { name = "trade", marks = [{ layer = "topics", label = "eco.trade" }] }\n',
        "utf-8",
    )
    assert macros(project)["t"].marks == TRADE.marks
    keep(project, "b", BOTH)
    assert set(macros(project)) == {"t", "b"}


def test_the_macro_that_the_documentation_shows_is_accepted(project: Project) -> None:
    page = (ROOT / "docs" / "formulas.md").read_text("utf-8")
    project.paths.settings.write_text(page.split("```toml\n", 1)[1].split("```", 1)[0], "utf-8")
    assert len(macros(project)["b"].marks) == 2


def test_one_that_the_codebook_does_not_allow_is_named_with_its_line_and_the_others_play(
    project: Project,
) -> None:
    project.paths.settings.write_text(
        '\n[macros.t]\nname = "x"\nmarks = [\n{ layer = "topics", label = "rel.contacts" },\n'
        '{ layer = "topics", label = "eco.gone" },\n]\n',
        "utf-8",
    )
    keep(project, "b", BOTH)
    found = macros(project)
    assert list(found) == ["t", "b"]
    assert unplayable(project, found) == {
        "t": "annotator.toml, line 6: the macro t cannot be played: The layer “topics” has no label"
        " “eco.gone”. Mend it there, or take it out."
    }


def test_one_with_a_retired_label_in_a_slot_is_named_with_its_line(project: Project) -> None:
    made = plan(project, lambda book: revision.retire(book, "topics", "sec.terror"))
    carry_out(project, made, "ada", "2026-01-02T03:04:05Z")
    project.paths.settings.write_text(
        '[macros.t]\nname = "x"\nmarks = [\n{ layer = "commitments", label = "agreement",'
        ' slots = { topics = ["sec.terror"] } },\n]\n',
        "utf-8",
    )
    project = Project.open(project.root)
    assert unplayable(project, macros(project)) == {
        "t": "annotator.toml, line 4: the macro t cannot be played: “sec.terror” was retired in"
        " 2.0.0 and is not given any more. Mend it there, or take it out."
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[macros.t]\nname = "x"\nmark = []\n', "line 3: there is no key “macros.t.mark”."),
        (
            '[macros.tt]\nname = "x"\nmarks = [{ layer = "a", label = "b" }]\n',
            "line 1: the key “macros.tt”",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_its_line(
    project: Project, text: str, said: str
) -> None:
    project.paths.settings.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        macros(project)
    assert said in str(refused.value)


def test_settings_that_nobody_understands_are_left_as_they_are(project: Project) -> None:
    project.paths.settings.write_text("coder = \n", "utf-8")
    with pytest.raises(InputError, match="not TOML"):
        keep(project, "t", TRADE)
    assert settings(project) == "coder = \n"
