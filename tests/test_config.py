from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.config import Paths, Settings, coder_name, find_root, read_settings
from annotator.errors import InputError


def write_settings(folder: Path, source: str) -> Path:
    (folder / "annotator.toml").write_text(source)
    return folder


def test_a_project_is_found_from_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_settings(tmp_path, "")
    deep = tmp_path / "seeds" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_root(None) == tmp_path


def test_readouts_beside_a_codebook_are_a_project_without_settings(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with pytest.raises(InputError, match=r"is not a project.*annotator init"):
        find_root(tmp_path)
    (tmp_path / "schemas").mkdir()
    assert find_root(tmp_path) == tmp_path
    assert read_settings(tmp_path) == Settings()


def test_a_folder_that_is_named_must_be_a_project_itself(tmp_path: Path) -> None:
    write_settings(tmp_path, "")
    inner = tmp_path / "inner"
    inner.mkdir()
    with pytest.raises(InputError, match="inner is not a project"):
        find_root(inner)
    with pytest.raises(InputError, match=r"There is no folder .*nowhere"):
        find_root(tmp_path / "nowhere")


def test_without_a_project_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="Make one with “annotator init DIR”"):
        find_root(None)


def test_a_current_folder_that_was_deleted_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(InputError, match="was deleted"):
        find_root(None)


def test_settings_are_read(tmp_path: Path) -> None:
    write_settings(
        tmp_path,
        'coder = "ada"\ntheme = "nord"\nextra_abbreviations = ["H.E."]\n'
        '[keys]\nconfirm = "space"\n',
    )
    assert read_settings(tmp_path) == Settings(
        coder="ada", theme="nord", extra_abbreviations=("H.E.",), keys={"confirm": "space"}
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            'codr = "ada"',
            r"annotator\.toml, line 1: there is no key “codr”. Did you mean “coder”\?",
        ),
        ("\ncoder = 1", r"annotator\.toml, line 2: coder should be a valid string"),
        ("coder = ", "this is not TOML"),
        ('codebook = "../other/codebook.toml"', "below the project's folder"),
        ('codebook = "/etc/codebook.toml"', "below the project's folder"),
        ('codebook = "a\\\\b.toml"', "below the project's folder"),
        ('codebook = "a\\u001bb"', "codebook does not fit"),
        ("[keys]\nconfirm = 1", "keys.confirm should be a valid string"),
    ],
)
def test_settings_that_nobody_understands_are_refused(
    tmp_path: Path, source: str, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        read_settings(write_settings(tmp_path, source))


def test_settings_that_are_no_file_are_not_taken_for_absent(tmp_path: Path) -> None:
    (tmp_path / "annotator.toml").mkdir()
    with pytest.raises(InputError, match="is not a file"):
        read_settings(tmp_path)


def test_the_option_is_stronger_than_the_settings_and_these_than_the_login() -> None:
    settings = Settings(coder="ada")
    assert coder_name("bob", settings) == "bob"
    assert coder_name(None, settings) == "ada"


LOGIN = "from annotator.config import *; print(coder_name(None, Settings()))"


@pytest.mark.parametrize(("login", "coder"), [("ada", "ada"), ("EXAMPLE\\ada b", "EXAMPLE-ada-b")])
def test_the_login_name_is_made_to_fit(login: str, coder: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LOGIN],
        env={**os.environ, "LOGNAME": login},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"{coder}\n"


@pytest.mark.parametrize(
    "name", ["", "a/b", "..", ".ada", "ada lovelace", "Ада", "x" * 65, "a\x1bb"]
)
def test_a_name_that_cannot_be_a_folder_is_refused(name: str) -> None:
    for option, settings in ((name, Settings()), (None, Settings(coder=name))):
        with pytest.raises(InputError, match=r"cannot be a coder's name.*--coder") as caught:
            coder_name(option, settings)
        assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", ["sample", "Sample", "SAMPLE"])
def test_nobody_codes_under_the_name_of_the_samples(name: str) -> None:
    with pytest.raises(InputError, match="kept for the samples"):
        coder_name(name, Settings())


def test_places_are_named_relative_to_the_project(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert paths.shown(paths.codebook) == "schemas/readouts.toml"
    assert paths.shown(paths.samples) == "seeds/samples"
    assert paths.shown(Path("/elsewhere")) == "/elsewhere"
