"""`annotator settings`, and the page of the documentation about settings."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator import cli
from annotator.cli.project import coder_of
from annotator.config import Personal, Settings
from annotator.pipeline.project import Project
from annotator.tui.reflow import cells
from annotator.tui.themes import THEMES

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "seeds").mkdir(parents=True)
    (root / "schemas").mkdir()
    return root


@pytest.fixture
def call(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent / "config"))

    def call(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["annotator", "-p", str(project), *args])
        return (cli.main(), *capsys.readouterr())

    return call


def own(project: Path, source: str) -> None:
    folder = project.parent / "config" / "annotator"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(source)


def test_every_setting_is_shown_with_its_value_and_its_origin(call: Call, project: Path) -> None:
    (project / "annotator.toml").write_text('coder = "team"\ndates = "fr"\n')
    own(project, 'coder = "ada"\n')
    code, out, _ = call("settings")
    assert code == 0
    for name in Settings.model_fields.keys() - {"keys"}:
        assert re.search(rf"^{name} ", out, re.MULTILINE)
    assert re.search(r'^coder +"ada" +.*config\.toml, line 1$', out, re.MULTILINE)
    assert re.search(r'^dates +"fr" +annotator\.toml, line 2$', out, re.MULTILINE)
    assert re.search(r'^density +"roomy" +default$', out, re.MULTILINE)
    assert out.splitlines()[-1].endswith("config.toml is your own file.")


def test_macros_and_keys_of_labels_stand_on_rows_of_their_own_within_80_columns(
    call: Call, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "annotator.toml").write_text(
        'coder = "a"\n[labels]\n"topics.sec.terror" = "T"\n[macros.r]\nname = "会谈 opening"\n'
        'marks = [{ layer = "topics", label = "sec.terror" },\n'
        ' { layer = "speakers", label = "statement",'
        ' slots = { form = ["direct"], source = ["~ru.president", "us.president"] } },\n]\n'
    )
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    code, out, _ = call("settings")
    assert code == 0
    assert "␊" not in out
    assert all(cells(line) <= 80 for line in out.splitlines()[:-1])
    assert re.search(r'^labels.topics.sec.terror +"T" +annotator\.toml, line 3$', out, re.MULTILINE)
    assert re.search(r'^macros.r +"会谈 opening" +annotator\.toml, line 4$', out, re.MULTILINE)
    assert re.search(r"^ +topics: sec.terror$", out, re.MULTILINE)
    words = " ".join(out.split())
    assert "speakers: statement; form direct; source ~ru.president, us.president" in words


def test_a_file_that_is_not_there_is_named_all_the_same(call: Call) -> None:
    assert call("settings")[1].splitlines()[-1].endswith("which is not there yet.")


def test_no_color_is_named_as_the_origin_of_the_theme(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert re.search(r'^theme +"annotator-mono" +NO_COLOR$', call("settings")[1], re.MULTILINE)


def test_settings_that_can_be_obeyed_are_said_to_be(call: Call, project: Path) -> None:
    own(project, 'theme = "annotator-dark-cb"\n[keys]\nundo = "Y"\n')
    assert call("settings", "--check")[:2] == (0, "Every setting can be obeyed.\n")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('\ntheme = "nrd"', "config.toml, line 2: there is no theme “nrd”. Did you mean “nord”?"),
        ('[keys]\nundo = "f"', "config.toml, line 2: The key f would mean both undo and flag."),
        ('[keys]\nundoo = "Y"', "config.toml, line 2: “undoo” is no command. Did you mean “undo”"),
        ('[keys]\nundo = "blah"', "undo cannot have the key “blah”: there is no such key"),
        ('[keys]\nundo = "ctrl+h"', "a terminal does not tell it from others. Name a letter"),
        ('[keys]\nundo = "1"', "config.toml, line 2: undo cannot have the key “1”."),
        ('coder = "a b"', "“a b” ("),
        ("reader = 1", "config.toml, line 1: reader should be a valid boolean"),
    ],
)
def test_a_setting_that_cannot_be_obeyed_is_named_by_its_file_and_line(
    call: Call, project: Path, source: str, said: str
) -> None:
    own(project, source)
    code, out, err = call("settings", "--check")
    assert (code, out) == (2, "")
    assert said in err


def test_a_macro_that_cannot_be_played_is_named_by_its_line(call: Call, project: Path) -> None:
    (project / "annotator.toml").write_text(
        'coder = "a"\n[macros.r]\nname = "x"\nmarks = [{ layer = "topics", label = "no" }]\n'
    )
    code, out, err = call("settings", "--check")
    assert (code, out) == (2, "")
    assert "annotator.toml, line 4: the macro r cannot be played: The layer “topics” has no" in err


def test_the_coder_of_a_persons_file_is_who_codes_unless_the_call_says_who(
    call: Call, project: Path
) -> None:
    own(project, 'coder = "ada"\n')
    (project / "annotator.toml").write_text('coder = "team"\n')
    opened = Project.open(project)
    assert (coder_of(opened, None), coder_of(opened, "bob")) == ("ada", "bob")


def test_the_page_of_settings_has_a_row_for_each() -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| (yes|no) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == list(Settings.model_fields)
    assert {name for name, own in rows if own == "yes"} == set(Personal.model_fields)


def test_the_page_of_settings_says_every_choice_and_default() -> None:
    text = PAGE.read_text("utf-8")
    schema = Settings.model_json_schema()["properties"]
    for name, field in schema.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` "))
        for choice in field.get("enum", ()):
            assert f"`{choice}`" in row
        if isinstance(field.get("default"), str):
            assert f"`{field['default']}`" in row
    for theme in THEMES:
        assert f"`{theme.name}`" in text
