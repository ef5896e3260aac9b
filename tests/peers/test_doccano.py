"""doccano's own server takes a dataset in, and what it gives back is what was coded."""

from __future__ import annotations

import io
import json
import secrets
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from annotator.formats.dialects import dialect
from annotator.formats.foreign import Utf16
from annotator.formats.told import Tag, Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import ARABIC, HANDSHAKE, Take, done
from .servers import LOOPBACK, alone, answer, environment, free_port, run, served

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

# What doccano 1.8 was made for: it asks for no upper bound of these, and does not start with newer.
PACKAGES: Final = ("doccano==1.8.*", "marshmallow<4", "numpy<2")
# Its tasks are done by the server itself, so that there is no second process and no queue.
SETTINGS: Final = """
from config.settings.production import *
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_STORE_EAGER_RESULT = True
"""
PASSWORD: Final = secrets.token_hex(20)
KINDS: Final[dict[str, dict[str, Any]]] = {
    "doccano": {
        "project_type": "DocumentClassification",
        "resourcetype": "TextClassificationProject",
    },
    "doccano-spans": {
        "project_type": "SequenceLabeling",
        "resourcetype": "SequenceLabelingProject",
        "allow_overlapping": True,
        "use_relation": True,
    },
    "doccano-combined": {
        "project_type": "IntentDetectionAndSlotFilling",
        "resourcetype": "IntentDetectionAndSlotFillingProject",
    },
}


@pytest.fixture
def doccano(tmp_path: Path) -> Iterator[Any]:
    """A server of doccano, asked by its user ada."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings_of_the_test.py").write_text(SETTINGS, encoding="utf-8")
    with environment(tmp_path / "environment-of-doccano", *PACKAGES) as programs:
        (backend,) = programs.parent.glob("lib/python*/site-packages/backend")
        env = alone(
            home,
            DOCCANO_HOME=str(home),
            DATABASE_URL=f"sqlite:///{home}/db.sqlite3",
            MEDIA_ROOT=str(home / "media"),
            STANDALONE="True",
            PYTHONPATH=f"{home}:{backend}",
            DJANGO_SETTINGS_MODULE="settings_of_the_test",
        )
        name = str(programs / "doccano")
        run([name, "init"], env)
        run([name, "createuser", "--username", "ada", "--password", PASSWORD], env)
        port = free_port()
        # “doccano webserver” would listen on every address of the machine.
        command = [
            str(programs / "python"), "-m", "gunicorn", "--bind", f"{LOOPBACK}:{port}",
            "--chdir", str(backend), "--threads", "2", "--timeout", "300", "config.wsgi",
        ]  # fmt: skip
        with served(command, port, env, home) as client:
            who = {"username": "ada", "password": PASSWORD}
            key = answer(client.post("/v1/auth/login/", json=who))["key"]
            client.cookies.clear()
            client.headers["Authorization"] = f"Token {key}"
            yield client


class Theirs:
    """A project of one kind in doccano."""

    def __init__(self, client: Any, form: str) -> None:
        self._client = client
        self._spans = "JSONL(Relation)" if form == "doccano-spans" else "JSONL"
        kind = KINDS[form]
        self._task = "RelationExtraction" if form == "doccano-spans" else kind["project_type"]
        about = {"name": form, "description": form, "guideline": "", "tags": [], **kind}
        made = answer(client.post("/v1/projects", json=about))
        self.place = f"/v1/projects/{made['id']}"

    def put(self, raw: bytes) -> list[dict[str, Any]]:
        """Import a file, and return what doccano says against it."""
        sent = self._client.post("/v1/fp/process/", files={"filepond": ("ada.jsonl", raw)})
        assert sent.status_code == 200, sent.text
        asked = {
            "format": "JSONL",
            "task": self._task,
            "uploadIds": [sent.text],
            "encoding": "utf_8",
            "column_data": "text",
            "column_label": "label",
        }
        task = answer(self._client.post(f"{self.place}/upload", json=asked))["task_id"]
        status = answer(self._client.get(f"/v1/tasks/status/{task}"))
        assert (status["ready"], status["error"]) == (True, None)
        found: list[dict[str, Any]] = status["result"]["error"]
        return found

    def get(self, folder: Path) -> Path:
        """Export everything, as its user would unpack it, and return the file of ada."""
        asked = {"format": "JSONL", "exportApproved": False}
        task = answer(self._client.post(f"{self.place}/download", json=asked))["task_id"]
        raw = self._client.get(f"{self.place}/download", params={"taskId": task}).content
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            packed.extractall(folder)
        return folder / "ada.jsonl"


def rows(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw.splitlines()]


def said(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a row says, whichever way it numbers and orders its parts."""
    spans: dict[Any, tuple[int, int, str]] = {}
    for number, one in enumerate(row.get("entities", ())):
        if isinstance(one, dict):
            spans[one["id"]] = (one["start_offset"], one["end_offset"], one["label"])
        else:
            spans[number] = tuple(one)
    units = row["text"].encode("utf-16-le")
    return {
        "row": row["row"],
        "text": row["text"],
        "labels": sorted([*row.get("label", ()), *row.get("cats", ())]),
        "words": sorted(
            (label, units[2 * start : 2 * end].decode("utf-16-le"), start)
            for start, end, label in spans.values()
        ),
        "relations": sorted(
            (spans[one["from_id"]], one["type"], spans[one["to_id"]])
            for one in row.get("relations", ())
        ),
        "annotator": json.loads(row["annotator"]),
    }


def spoiled_is_seen(client: Any, form: str, raw: bytes, place: Path) -> None:
    """What doccano refuses it names; what it drops in silence, the comparison finds."""
    bad = rows(raw)
    if form == "doccano":
        bad[0]["label"][0] = 7
    elif form == "doccano-spans":
        bad[0]["entities"][0]["end_offset"] = bad[0]["entities"][0]["start_offset"]
        bad[0]["relations"] = []
    else:
        bad[0]["entities"][0][1] = bad[0]["entities"][0][0]
    refused = {len(bad) + 1}
    if form != "doccano-spans":  # There, a text that is refused ends the import of all.
        bad[1]["text"] = ""
        refused.add(2)
    spoiled = b"".join(json.dumps(row).encode() + b"\n" for row in bad) + b"no JSON\n"
    theirs = Theirs(client, form)
    assert {one["line"] for one in theirs.put(spoiled)} == refused
    kept = {row["row"]: said(row) for row in rows(theirs.get(place / f"bad-{form}").read_bytes())}
    same = [kept.get(row["row"]) == said(row) for row in rows(raw)]
    assert same == [False, form == "doccano-spans", *[True] * (len(bad) - 2)]


def changed_in_doccano(client: Any, raw: bytes, place: Path) -> None:
    """A span is taken away, and one marked as a browser counts, behind an emoji."""
    theirs = Theirs(client, "doccano-spans")
    assert theirs.put(raw) == []
    listed = answer(client.get(f"{theirs.place}/examples", params={"limit": 50}))["results"]
    examples = {one["text"]: f"{theirs.place}/examples/{one['id']}/spans" for one in listed}
    types = answer(client.get(f"{theirs.place}/span-types"))
    kinds = {one["text"]: one["id"] for one in types}
    for span in answer(client.get(examples[ARABIC])):
        if span["label"] == kinds["topics:sec.terror"]:
            assert client.delete(f"{examples[ARABIC]}/{span['id']}").status_code == 204
    start = HANDSHAKE.index("Syria")
    end = start + len("Syria")
    units = Utf16(HANDSHAKE)
    new = {
        "start_offset": units.outward(start),
        "end_offset": units.outward(end),
        "label": kinds["topics:eco.trade"],
    }
    answer(client.post(examples[HANDSHAKE], json=new))
    found = list(dialect("doccano-spans").read(theirs.get(place / "changed")))
    assert all(isinstance(one, Told) for one in found)
    told = {one.text: one for one in found if isinstance(one, Told)}
    assert told[HANDSHAKE].tags == (Tag("entities", "topics:eco.trade", start, end),)
    assert [mark.label for row in told[ARABIC].rows for mark in row.marks] == [
        "indirect",
        "agreement",
        "assertion",
    ]


def test_what_is_coded_goes_through_doccano_and_back(
    doccano: Any, worldly: Project, tmp_path: Path, take: Take
) -> None:
    for coder, form in zip(("eve", "fay", "gus"), KINDS, strict=True):
        folder = export(worldly, output=tmp_path / form, format_name=form).folder
        raw = (folder / "doccano" / "ada.jsonl").read_bytes()
        theirs = Theirs(doccano, form)
        assert theirs.put(raw) == []
        file = theirs.get(tmp_path / f"their-{form}")
        written = [said(row) for row in rows(raw)]
        assert [said(row) for row in rows(file.read_bytes())] == written
        assert any(row["labels" if form == "doccano" else "words"] for row in written)
        assert any(row["relations"] for row in written) == (form == "doccano-spans")

        take(worldly, file, form, "--as", coder)
        assert worldly.store().read(coder, "call-a") is None
        take(worldly, file, form, "--as", coder, "--yes")
        assert done(worldly, coder) == done(worldly, "ada")

        spoiled_is_seen(doccano, form, raw, tmp_path)
        if form == "doccano-spans":
            changed_in_doccano(doccano, raw, tmp_path)
