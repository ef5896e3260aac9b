"""Label Studio's own server takes a dataset in, and what it gives back is what was coded."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from annotator.formats.dialects import dialect
from annotator.formats.told import Tag, Told
from annotator.pipeline.export import export
from annotator.pipeline.project import Project

from .conftest import ARABIC, HANDSHAKE, Take, done
from .servers import LOOPBACK, alone, answer, environment, free_port, run, served

pytestmark = [pytest.mark.peers, pytest.mark.filterwarnings("ignore")]

PACKAGES: Final = ("label-studio>=1.20,<2",)
TOKEN: Final = secrets.token_hex(20)
NAME: Final = "ada@example.org"
WORDS: Final = ("text", "start", "end", "labels")
QUIET: Final = {
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
}


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Any]:
    """A server of Label Studio, asked by its user ada."""
    home = tmp_path / "home"
    home.mkdir()
    with environment(tmp_path / "environment-of-label-studio", *PACKAGES) as programs:
        env = alone(home, **QUIET)
        command = [str(programs / "label-studio")]
        where = ["--data-dir", str(home / "data")]
        who = ["--username", NAME, "--password", TOKEN, "--user-token", TOKEN]
        run([*command, "init", "--quiet", *where, *who, "--enable-legacy-api-token"], env)
        port = free_port()
        at = ["--internal-host", LOOPBACK, "--port", str(port)]
        command += ["start", "--no-browser", *where, *at]
        with served(command, port, env, home) as client:
            client.headers["Authorization"] = f"Token {TOKEN}"
            yield client


class Theirs:
    """A project in Label Studio, under the configuration of a dataset."""

    def __init__(self, client: Any, config: bytes) -> None:
        self._client = client
        about = {"title": "A project", "label_config": config.decode()}
        made = answer(client.post("/api/projects", json=about))
        self.place = f"/api/projects/{made['id']}"

    def put(self, raw: bytes) -> Any:
        """Import a file as its user would, and return the response."""
        return self._client.post(f"{self.place}/import", files={"file": ("tasks.json", raw)})

    def get(self, file: Path) -> Path:
        """Export everything as JSON."""
        asked = {"exportType": "JSON", "download_all_tasks": "true"}
        response = self._client.get(f"{self.place}/export", params=asked)
        answer(response)
        file.write_bytes(response.content)
        return file


def said(task: dict[str, Any]) -> dict[str, Any]:
    """Return what a task says, without what Label Studio notes for itself."""
    found = []
    for one in sorted(task["annotations"], key=lambda one: one.get("import_id", one["id"])):
        words = {
            region["id"]: [region["value"][key] for key in WORDS]
            for region in one["result"]
            if region["type"] == "labels"
        }
        chosen = {
            region["from_name"]: region["value"]["choices"]
            for region in one["result"]
            if region["type"] == "choices"
        }
        links = [
            (words[region["from_id"]], region["labels"], words[region["to_id"]])
            for region in one["result"]
            if region["type"] == "relation"
        ]
        times = one["was_cancelled"], one["ground_truth"], one["lead_time"]
        found.append({"words": words, "chosen": chosen, "links": links, "times": times})
    return {"data": task["data"], "meta": task["meta"], "annotations": found}


def test_what_is_coded_goes_through_label_studio_and_back(
    studio: Any, worldly: Project, tmp_path: Path, take: Take
) -> None:
    folder = export(worldly, output=tmp_path / "ours", format_name="labelstudio").folder
    config, raw = (folder / "config.xml").read_bytes(), (folder / "tasks.json").read_bytes()
    written = [said(task) for task in json.loads(raw)]
    assert any(one["links"] for task in written for one in task["annotations"])
    theirs = Theirs(studio, config)
    assert answer(theirs.put(raw))["annotation_count"] == len(written)
    file = theirs.get(tmp_path / "theirs.json")
    assert [said(task) for task in json.loads(file.read_bytes())] == written

    take(worldly, file, "labelstudio", "--as", "eve")
    assert worldly.store().read("eve", "call-a") is None
    take(worldly, file, "labelstudio", "--as", "eve", "--yes")
    assert done(worldly, "eve") == done(worldly, "ada")

    changed_in_label_studio(studio, theirs, tmp_path)
    spoiled_is_seen(studio, config, raw, tmp_path)


def changed_in_label_studio(client: Any, theirs: Theirs, place: Path) -> None:
    """A region is taken away, one is marked as its page counts, somebody adds a second view."""
    tasks = {
        task["data"]["text"]: task
        for task in json.loads(theirs.get(place / "before.json").read_bytes())
    }
    (shown,) = tasks[HANDSHAKE]["annotations"]
    start = HANDSHAKE.index("Syria")
    end = start + len("Syria")
    value = {"start": start, "end": end, "text": "Syria"}
    new = {
        "id": "made-in-a-browser",
        "from_name": "topics--words",
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
        "value": {**value, "labels": ["eco.trade"]},
    }
    place_of = f"/api/annotations/{shown['id']}/"
    answer(client.patch(place_of, json={"result": [*shown["result"], new]}))
    (arabic,) = tasks[ARABIC]["annotations"]
    left = [one for one in arabic["result"] if one.get("from_name") != "topics--words"]
    answer(client.patch(f"/api/annotations/{arabic['id']}/", json={"result": left}))
    own = {"result": [{**new, "id": "second"}]}
    answer(client.post(f"/api/tasks/{tasks[HANDSHAKE]['id']}/annotations/", json=own))

    found = list(dialect("labelstudio").read(theirs.get(place / "after.json")))
    told = [one for one in found if isinstance(one, Told)]
    assert len(told) == len(found)
    syria = Tag("topics--words", "eco.trade", start, end)
    of_hers, of_another = (one for one in told if one.text == HANDSHAKE)
    assert (of_hers.coder, of_hers.tags) == ("ada", (syria,))
    assert (of_another.coder, of_another.tags, of_another.rows) == ("1", (syria,), ())
    (without,) = (one for one in told if one.text == ARABIC)
    marks = [mark for row in without.rows for mark in row.marks]
    assert [mark.label for mark in marks] == ["sec.terror", "indirect", "agreement", "assertion"]
    # Its choice stands there still; the words that were taken away are its words no more.
    assert marks[0].slots == ()


def spoiled_is_seen(client: Any, config: bytes, raw: bytes, place: Path) -> None:
    """What Label Studio refuses it names; what it takes all the same, the comparison finds."""
    wrong = config.replace(b'toName="text"', b'toName="nowhere"', 1)
    asked = {"title": "Spoiled", "label_config": wrong.decode()}
    assert client.post("/api/projects", json=asked).status_code == 400
    theirs = Theirs(client, config)
    tasks = json.loads(raw)
    assert theirs.put(raw[:-9]).status_code == 400
    nameless = json.loads(raw)
    del nameless[1]["data"]["text"]
    refused = theirs.put(json.dumps(nameless).encode())
    assert refused.status_code == 400
    assert "item 1" in refused.text
    for one in tasks[0]["annotations"][0]["result"]:
        if one["type"] == "labels":
            one["value"]["start"] += 1
    answer(theirs.put(json.dumps(tasks).encode()))
    file = theirs.get(place / "spoiled.json")
    got, expected = json.loads(file.read_bytes()), json.loads(raw)
    assert [said(one) == said(other) for one, other in zip(got, expected, strict=True)] == [
        False,
        *[True] * (len(expected) - 1),
    ]
    first, *_ = dialect("labelstudio").read(file)
    assert not isinstance(first, Told)
    assert "stand elsewhere" in str(first)
