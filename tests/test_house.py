"""The house itself: who knows whom, and how large a room may be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "annotator"
MODULES = sorted(HOUSE.rglob("*.py"))
LONGEST_MODULE = 420
MOST_METHODS = 20
SCREEN = ("textual", "rich", "click")
DISK = ("tinydb", "tomlkit", "orjson")

# What draws a string of Textual's own accord, markup and all; paint.py is the only door.
DRAWS_TEXT = frozenset({"Static", "Label", "notify", "from_markup"})


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def loaded_by(room: str) -> set[str]:
    """Return the outermost packages that a fresh interpreter loads for every module of a room."""
    folder = HOUSE / room
    modules = [".".join(p.relative_to(ROOT).with_suffix("").parts) for p in folder.rglob("*.py")]
    assert len(modules) > 5
    lines = [f"import {m.removesuffix('.__init__')}" for m in modules]
    code = ["import sys", *lines, "print(*{m.partition('.')[0] for m in sys.modules})"]
    done = python("-c", "\n".join(code))
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("room", ["model", "session"])
def test_model_and_session_load_neither_the_screen_nor_the_disk(room: str) -> None:
    assert sorted(loaded_by(room).intersection((*SCREEN, *DISK))) == []


def test_the_version_is_told_without_loading_textual_or_pydantic() -> None:
    done = python("-X", "importtime", "-m", "annotator", "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "annotator")
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.split("\n")}
    assert "click" in loaded
    assert sorted(loaded.intersection(("textual", "pydantic", "tinydb", "orjson", "rich"))) == []


NOT_FOR_THE_FIRST_FRAME = (
    *("model.codebook", "model.mark", "model.edit", "model.sentence", "session.session"),
    *("pipeline.query", "pipeline.past", "pipeline.beginning", "formats.codebook", "segment"),
    *("store.journal", "store.tiny"),
    *("tui.screens.annotate", "tui.modes.base", "tui.workbench", "tui.commands"),
)


def test_the_first_frame_is_painted_without_what_only_coding_needs() -> None:
    lines = (
        "import sys",
        "import annotator.cli, annotator.standing, annotator.tui.app, annotator.pipeline.index",
        "print(*sys.modules)",
    )
    done = python("-c", "\n".join(lines))
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert "annotator.tui.screens.library" in loaded
    assert [name for name in NOT_FOR_THE_FIRST_FRAME if f"annotator.{name}" in loaded] == []
    assert sorted({"tinydb", "tomlkit"}.intersection(loaded)) == []


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_module_says_what_it_is_for() -> None:
    assert [name(path) for path in MODULES if not ast.get_docstring(tree(path))] == []


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    sizes = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in sizes.items() if lines > LONGEST_MODULE} == {}


def test_no_class_has_more_methods_than_can_be_remembered() -> None:
    counts = {
        f"{name(path)} {node.name}": sum(
            isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body
        )
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    assert len(counts) > 50
    assert {where: many for where, many in counts.items() if many > MOST_METHODS} == {}


def drawing(path: Path) -> Iterator[str]:
    """Yield the calls in a module that would draw text past `paint.py`."""
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        called = node.func.id if isinstance(node.func, ast.Name) else called
        markup = any(
            k.arg == "markup" and not (isinstance(k.value, ast.Constant) and k.value.value is False)
            for k in node.keywords
        )
        if called in DRAWS_TEXT or markup:
            yield f"{name(path)}:{node.lineno} {called}"


def test_no_screen_lets_textual_read_text_as_markup() -> None:
    screens = sorted((HOUSE / "tui").rglob("*.py"))
    assert len(screens) > 20
    assert [found for path in screens for found in drawing(path)] == []


def test_only_the_screens_know_the_styles_of_the_screens() -> None:
    elsewhere = [p for p in HOUSE.rglob("*.tcss") if (HOUSE / "tui") not in p.parents]
    assert elsewhere == []
