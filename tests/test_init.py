from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from annotator.config import CODEBOOK_FILE, SETTINGS_FILE, Settings, read_settings
from annotator.errors import InputError, NothingToDo, StorageError
from annotator.pipeline.init import SETTINGS, init
from annotator.pipeline.project import Project
from annotator.resources import shipped
from annotator.tomlfile import parse_toml


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_folder_becomes_a_project_that_can_be_worked_in(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "er"
    report = init(folder)
    assert report.root == folder
    assert report.made[-1] == SETTINGS_FILE
    assert report.kept == ()
    assert names(folder) == sorted(report.made)
    assert stat.S_IMODE(folder.stat().st_mode) & 0o700 == 0o700
    project = Project.open(folder)
    assert project.settings == Settings()
    assert project.codebook.layers
    for readout_id in project.readout_ids():
        assert project.segment(project.readout(readout_id))


def test_the_samples_come_along_with_their_coding(tmp_path: Path) -> None:
    init(tmp_path / "new")
    project = Project.open(tmp_path / "new")
    assert project.readout_ids()
    assert all(project.metadata(one).sample for one in project.readout_ids())
    for name, raw in files(shipped("seeds")).items():
        if name.startswith("samples/"):
            assert (project.paths.seeds / name).read_bytes() == raw
    for coder in project.samples().coders():
        for readout_id in project.samples().coded(coder):
            assert readout_id in project.readout_ids()


def test_the_codebook_and_the_schemas_are_the_shipped_ones(tmp_path: Path) -> None:
    init(tmp_path / "new")
    made = files(tmp_path / "new" / "schemas")
    assert made["readouts.toml"] == (shipped("schemas") / "readouts.toml").read_bytes()
    assert {name for name in made if name.endswith(".schema.json")} == {
        path.name for path in shipped("schemas").glob("*.schema.json")
    }


def test_without_samples_there_are_no_readouts(tmp_path: Path) -> None:
    init(tmp_path / "new", samples=False)
    assert names(tmp_path / "new" / "seeds") == []
    assert Project.open(tmp_path / "new").readout_ids() == []


def test_the_settings_say_what_holds_without_them() -> None:
    assert parse_toml(SETTINGS.encode(), Settings, name="a.toml") == Settings()
    example = re.sub(r"^# (?=\w+ = |\[)", "", SETTINGS, flags=re.M)
    read = parse_toml(example.encode(), Settings, name="a.toml")
    assert read.model_fields_set == Settings.model_fields.keys()
    assert read.codebook == CODEBOOK_FILE
    assert "# " in SETTINGS
    assert tomllib.loads(SETTINGS) == {}


def test_git_keeps_the_coding_and_leaves_out_the_exports(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    init(folder, samples=False)
    for name in ("tags/ada/call.json", "exports/data/rows.jsonl", ".annotator/index"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    (folder / "seeds/call.txt").write_bytes(b"a\r\nb")
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()
    assert {"tags/ada/call.json", "seeds/call.txt", "annotator.toml"} <= set(listed)
    assert not [name for name in listed if name.startswith(("exports/", ".annotator/"))]
    kept = subprocess.run(
        ["git", "cat-file", "blob", ":seeds/call.txt"], cwd=folder, check=True, capture_output=True
    )
    assert kept.stdout == b"a\r\nb"


def test_an_empty_folder_is_filled_and_stays_the_same_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("mine\n")
    identity = tmp_path.stat().st_ino
    monkeypatch.chdir(tmp_path)
    report = init(Path())
    assert tmp_path.stat().st_ino == identity
    assert Project.open().root == tmp_path == report.root
    assert ".gitignore" not in report.made
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_a_folder_that_holds_anything_else_is_refused_and_untouched(tmp_path: Path) -> None:
    for name in ("thesis.tex", "a.txt", "b.txt", "c\x1b[31m.txt", "z.txt"):
        (tmp_path / name).write_text("mine")
    before = files(tmp_path)
    with pytest.raises(InputError) as caught:
        init(tmp_path)
    assert caught.value.message == (
        f"The folder {tmp_path} is not empty: it holds a.txt, b.txt, c␛[31m.txt and 2 more."
    )
    assert f"{tmp_path}/readouts" in caught.value.hint
    assert files(tmp_path) == before


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    with pytest.raises(InputError, match="is there already, and is no folder"):
        init(path)
    with pytest.raises(StorageError, match="could not be"):
        init(path / "inner")
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(InputError, match="is no folder"):
        init(tmp_path / "link")
    assert names(tmp_path) == ["file", "link"]


def test_what_is_missing_is_made_and_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/mine.txt").write_text("My readout.")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/readouts.toml").write_text("# mine")
    report = init(tmp_path)
    assert report.kept == ("schemas", "seeds")
    assert report.summary()[-1] == "What was there stays as it was: schemas, seeds."
    assert names(tmp_path / "seeds") == ["mine.txt"]
    assert (tmp_path / "schemas/readouts.toml").read_text() == "# mine"
    assert "schemas/codebook.schema.json" in report.made
    assert {"exports", SETTINGS_FILE} <= set(report.made)
    with pytest.raises(NothingToDo, match="is a project already, and nothing is missing"):
        init(tmp_path)


def test_samples_that_were_removed_do_not_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    init(folder)
    for path in (folder / "seeds").glob("*.t*"):
        path.unlink()
    (folder / SETTINGS_FILE).unlink()
    assert init(folder).made == (SETTINGS_FILE,)
    assert Project.open(folder).readout_ids() == []


FULL = """
import resource, signal, sys
from pathlib import Path
from annotator.errors import StorageError
from annotator.pipeline.init import init

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    init(Path(sys.argv[1]))
except StorageError as error:
    print(error)
"""


@pytest.mark.parametrize("size", [0, 500, 4000, 15000])
def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path, size: int) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for folder in (tmp_path / "deep" / "new", empty):
        ran = subprocess.run(
            [sys.executable, "-c", FULL, str(folder), str(size)],
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"{folder} could not be made a project: File too large." in ran.stdout
    assert names(tmp_path) == ["empty"]
    assert names(empty) == []


def test_a_folder_that_cannot_be_written_is_said_and_nothing_stays() -> None:
    with pytest.raises(StorageError, match="/proc/new could not be made a project"):
        init(Path("/proc/new"))


def test_the_readouts_that_somebody_added_to_this_repository_are_no_samples(
    tmp_path: Path,
) -> None:
    # A checkout is a project too, and its folder of readouts the one that is shipped.
    shown = """
import sys
from pathlib import Path
from annotator import resources
from annotator.pipeline.init import init

resources._PACKAGE = Path(sys.argv[1]) / "annotator"
init(Path(sys.argv[2]))
"""
    checkout = tmp_path / "checkout"
    for name, content in {
        "seeds/sample.txt": "A sample.",
        "seeds/sample.toml": "sample = true",
        "seeds/samples/sample/sample.json": "{}",
        "seeds/mine.txt": "Mine.",
        "seeds/private.txt": "Mine.",
        "seeds/private.toml": 'title = "Mine"',
        "schemas/readouts.toml": "# the codebook",
        "schemas/mine.toml": "# mine",
    }.items():
        path = checkout / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    subprocess.run([sys.executable, "-c", shown, str(checkout), str(tmp_path / "new")], check=True)
    assert [name for name in files(tmp_path / "new") if "/" in name] == [
        "schemas/readouts.toml",
        "seeds/sample.toml",
        "seeds/sample.txt",
        "seeds/samples/sample/sample.json",
    ]


def test_settings_that_were_edited_are_read(tmp_path: Path) -> None:
    init(tmp_path / "new", samples=False)
    path = tmp_path / "new" / SETTINGS_FILE
    path.write_text(path.read_text().replace('# coder = "ada"', 'coder = "eve"'))
    assert read_settings(tmp_path / "new").coder == "eve"
    assert os.path.lexists(path)
