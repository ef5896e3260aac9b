"""Which settings hold, and where each comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.config import SETTINGS_FILE, Settings
from annotator.errors import InputError
from annotator.standing import DEFAULT, MONO, Standing, standing, user_file


def write(path: Path, source: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    return path


def both(tmp_path: Path, project: str, person: str) -> Standing:
    write(tmp_path / SETTINGS_FILE, project)
    return standing(tmp_path, person=write(tmp_path / "home" / "config.toml", person))


def test_without_any_file_the_defaults_hold(tmp_path: Path) -> None:
    now = standing(tmp_path, person=tmp_path / "home" / "config.toml")
    assert now.settings == Settings()
    assert {origin for _, _, origin in now.rows()} == {DEFAULT}


def test_a_persons_file_stands_over_the_projects(tmp_path: Path) -> None:
    now = both(
        tmp_path,
        'coder = "team"\ntheme = "nord"\ndates = "fr"\n',
        '# mine\ntheme = "annotator-light-cb"\nreader = true\n',
    )
    assert now.settings.theme == "annotator-light-cb"
    assert (now.settings.coder, now.settings.dates, now.settings.reader) == ("team", "fr", True)
    assert now.origin("theme") == f"{tmp_path}/home/config.toml, line 2"
    assert now.origin("dates") == "annotator.toml, line 3"
    assert now.origin("density") == DEFAULT


def test_a_default_that_a_person_asks_for_stands_over_what_the_project_says(tmp_path: Path) -> None:
    now = both(tmp_path, "reader = true\n", "reader = false\n")
    assert not now.settings.reader


def test_keys_are_merged_command_by_command(tmp_path: Path) -> None:
    now = both(
        tmp_path,
        '[keys]\nundo = "Y"\nflag = "E"\n',
        '[keys]\n"sentence.unsure" = "U"\nundo = "O"\n',
    )
    assert now.settings.keys == {"undo": "O", "flag": "E", "sentence.unsure": "U"}
    assert now.place_of_key("undo").endswith("config.toml, line 3")
    assert now.place_of_key("sentence.unsure").endswith("config.toml, line 2")
    assert now.place_of_key("flag") == "annotator.toml, line 3"


@pytest.mark.parametrize("key", ["codebook", "extra_abbreviations"])
def test_what_a_project_has_in_common_is_refused_in_a_persons_file(
    tmp_path: Path, key: str
) -> None:
    with pytest.raises(InputError, match=rf"config\.toml, line 1: there is no key “{key}”"):
        both(tmp_path, "", f'{key} = "x"')


def test_an_error_names_the_persons_file_and_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        both(tmp_path, "", '\ndensity = "dense"\n')
    assert f"{tmp_path}/home/config.toml, line 2: density must be one of" in str(refused.value)
    with pytest.raises(InputError, match="Did you mean “density”"):
        both(tmp_path, "", 'densty = "compact"\n')


def test_a_call_stands_over_both_files(tmp_path: Path) -> None:
    write(tmp_path / SETTINGS_FILE, 'theme = "nord"\nreader = true\n')
    now = standing(tmp_path, said={"theme": "annotator-light", "reader": False, "coder": None})
    assert (now.settings.theme, now.settings.reader) == ("annotator-light", False)
    assert (now.origin("theme"), now.origin("coder")) == ("--theme", DEFAULT)


@pytest.mark.parametrize(
    ("environ", "theme"),
    [({"NO_COLOR": "1"}, MONO), ({"NO_COLOR": ""}, "nord"), ({}, "nord")],
)
def test_no_color_stands_over_the_theme_of_the_files(
    tmp_path: Path, environ: dict[str, str], theme: str
) -> None:
    write(tmp_path / SETTINGS_FILE, 'theme = "nord"')
    assert standing(tmp_path, environ=environ).settings.theme == theme


def test_a_theme_that_the_call_names_stands_over_no_color(tmp_path: Path) -> None:
    now = standing(tmp_path, environ={"NO_COLOR": "1"}, said={"theme": "nord"})
    assert (now.settings.theme, now.origin("theme")) == ("nord", "--theme")


def test_a_persons_file_lies_where_the_system_keeps_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert user_file().name == "config.toml"
    assert user_file().parent.name == "annotator"


def test_rows_say_every_setting_as_a_file_would(tmp_path: Path) -> None:
    now = both(tmp_path, 'extra_abbreviations = ["H.E."]', '[keys]\nundo = "Y"\n')
    said = {name: value for name, value, _ in now.rows()}
    assert set(Settings.model_fields) - {"keys"} <= set(said)
    assert said["extra_abbreviations"] == '["H.E."]'
    assert (said["reader"], said["coder"], said["keys.undo"]) == ("false", "–", '"Y"')
