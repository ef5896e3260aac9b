"""A layer of one's own: that of the documentation is taken, and a key that clashes is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotator.cli.program import cli
from annotator.errors import InputError
from annotator.pipeline.project import Project
from annotator.standing import Standing
from annotator.tui.keyring import Keyring

ROOT = Path(__file__).parent.parent


def layer(key: str | None = None) -> str:
    """Return the layer that the documentation shows, with another key where one is given."""
    told = (ROOT / "docs" / "codebook.md").read_text("utf-8")
    found = re.search(r"```toml\n(\[\[layers]]\nid = \"tone\"\n.*?)```", told, re.DOTALL)
    assert found is not None
    return re.sub(r'key = "."', f'key = "{key}"', found[1], count=1) if key else found[1]


def with_layer(root: Path, added: str) -> tuple[Project, Path, int]:
    """Return a project with this layer, its codebook, and the line where the layer has its key."""
    assert CliRunner().invoke(cli, ["init", str(root)]).exit_code == 0
    path = Project.open(root).paths.codebook
    whole = (ROOT / "schemas" / "readouts.toml").read_text("utf-8") + "\n" + added
    path.write_text(whole, "utf-8")
    before = whole[: whole.index('id = "tone"')].count("\n")
    return Project.open(root), path, before + 3


def test_the_layer_of_the_documentation_is_taken_by_the_screens(tmp_path: Path) -> None:
    project, _, _ = with_layer(tmp_path, layer())
    keys, book = Keyring(project, Standing.of(project.settings), held=lambda: False).take()
    assert book.panels[-1].layer == "tone"
    assert keys.panels == book.panels


@pytest.mark.parametrize("key", ["i", "q", "1"])
def test_a_key_that_the_program_needs_is_refused_with_its_line_by_check_and_at_the_start(
    tmp_path: Path, key: str
) -> None:
    project, path, line = with_layer(tmp_path, layer(key))
    place = f"{path}, line {line}: "
    with pytest.raises(InputError, match=re.escape(place)):
        Keyring(project, Standing.of(project.settings), held=lambda: False).take()
    for args in (["--project", str(tmp_path)], [str(path)]):
        checked = CliRunner().invoke(cli, ["codebook", "check", *args])
        assert checked.exit_code != 0
        said = str(checked.exception) + checked.output
        assert "is sound" not in said
        assert f"line {line}: " in said
