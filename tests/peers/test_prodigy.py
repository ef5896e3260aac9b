"""Prodigy cannot be had: a task is held against the structure that its documentation asks for.

That check is done everywhere, for it needs no library of others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from annotator.pipeline.export import export
from annotator.pipeline.project import Project

INTERFACES: Final = {"blocks", "choice", "classification", "relations", "spans_manual", "text"}


def faults(task: dict[str, Any]) -> list[str]:
    """Return in what a task breaks the documented structure.

    Offsets are code points, ends are outside, but `token_end` is the last token; the head and the
    child of a relation are the last tokens of their words, which lie as in `spans`.
    """
    found = []
    text, tokens, spans = task["text"], task["tokens"], task["spans"]
    for number, token in enumerate(tokens):
        whole = text[token["start"] : token["end"]] == token["text"] and token["id"] == number
        after = tokens[number + 1]["start"] if number + 1 < len(tokens) else len(text)
        if not whole or text[token["end"] : after] != " " * token["ws"]:
            found.append("token")
    for span in spans:
        edges = tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"]
        if edges != (span["start"], span["end"]) or not 0 <= edges[0] < edges[1] <= len(text):
            found.append("span")
    places = [(span["start"], span["end"], span["label"]) for span in spans]
    for relation in task["relations"]:
        for end in ("head", "child"):
            words = relation[f"{end}_span"]
            if (words["start"], words["end"], words["label"]) not in places:
                found.append("words of a relation")
            if relation[end] != words["token_end"]:
                found.append("relation")
    ids = [option["id"] for option in task["options"]]
    if len(set(ids)) != len(ids) or not set(task["accept"]) <= set(ids):
        found.append("option")
    if task["answer"] not in ("accept", "reject", "ignore") or task["_view_id"] not in INTERFACES:
        found.append("answer")
    return found


def tasks(project: Project) -> list[dict[str, Any]]:
    raw = (export(project, format_name="prodigy").folder / "prodigy.jsonl").read_bytes()
    return [json.loads(line) for line in raw.splitlines()]


def test_every_task_has_the_documented_structure(worldly: Project) -> None:
    found = tasks(worldly)
    assert sum(len(task["relations"]) for task in found) > 5
    assert [faults(task) for task in found] == [[]] * len(found)
    shown = {task["text"][span["start"] : span["end"]] for task in found for span in task["spans"]}
    assert {"fight terrorism 🕊️ in Syria by June", "by June", "الإرهاب", "𝔗he minister"} <= shown


def _inclusive(task: dict[str, Any]) -> None:
    task["spans"][0]["token_end"] += 1


def _utf16(task: dict[str, Any]) -> None:
    span = task["spans"][0]
    for key in ("start", "end"):
        span[key] = len(task["text"][: span[key]].encode("utf-16-le")) // 2


def _strange(task: dict[str, Any]) -> None:
    task["accept"].append("nobody's")


def _unspaced(task: dict[str, Any]) -> None:
    task["tokens"][0]["ws"] = not task["tokens"][0]["ws"]


def _elsewhere(task: dict[str, Any]) -> None:
    task["relations"][0]["head"] += 1


@pytest.mark.parametrize("spoil", [_inclusive, _utf16, _strange, _unspaced, _elsewhere])
def test_a_spoiled_task_is_seen(worldly: Project, spoil: Callable[[dict[str, Any]], None]) -> None:
    task = tasks(worldly)[0]
    assert not faults(task)
    spoil(task)
    assert faults(task)
