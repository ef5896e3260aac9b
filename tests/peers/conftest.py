"""The small projects of these tests, for those who read what an export writes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli import main
from annotator.model.mark import ChoiceValue, EntityValue, NoneStated, RefValue, Slots, SpanValue
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project

from ..export.conftest import METADATA, PIECES, Code, code, coded, mark, project, quote

__all__ = ["code", "coded", "project"]

HANDSHAKE = "🤝🏽 The parties agreed to fight terrorism 🕊️ in Syria by June 👨‍👩‍👧."
ARABIC = "قال 🤝 الوزير إن الطرفين اتفقا على مكافحة الإرهاب في سوريا."
SPACED = "𝔗he minister\u2028said  that “trade\x85ties” matter, e\u0301 his\x0boffice\x1creports."


@pytest.fixture
def worldly(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A coding in which characters outside the basic plane stand before words in slots.

    Words lie in each other and overlap, run from right to left, and are said twice. Everybody whom
    it names is known from the readout's metadata, for the files of others carry no cast.
    """
    pieces = [HANDSHAKE, ARABIC, SPACED, "trade;", "trade;"]
    monkeypatch.setitem(PIECES, "call-a", [("body", text) for text in pieces])
    known = f'{METADATA["call-a"]}[[entities]]\nid = "xb"\ntype = "state"\nname = "Xb"\n'
    monkeypatch.setitem(METADATA, "call-a", known)
    project: Project = request.getfixturevalue("project")
    code: Code = request.getfixturevalue("code")

    def words(*said: str) -> tuple[SpanValue, ...]:
        return tuple(SpanValue(span=quote("call-a", one)) for one in said)

    def who(entity: str, mention: str) -> tuple[EntityValue, ...]:
        return (EntityValue(entity=entity, mention=quote("call-a", mention)),)

    agreed: Slots = {
        "action": words("fight terrorism 🕊️ in Syria by June"),
        "committers": who("xa", "The parties"),
        "timeframe": words("by June"),
        "strength": (ChoiceValue(choice="2"),),
        "attribution": (RefValue(mark="s1"),),
    }
    told: Slots = {
        "source": who("xa", "The parties"),
        "cue": words("agreed to fight"),
        "content": words("fight terrorism 🕊️ in Syria"),
    }
    arabic: Slots = {"action": words("مكافحة الإرهاب"), "timeframe": (NoneStated(),)}
    said: Slots = {"source": who("xb", "الوزير"), "cue": words("قال"), "content": words("الطرفين")}
    reports: Slots = {"cue": words("reports"), "parent": (RefValue(mark="s4"),)}
    spoke: Slots = {"cue": words("said"), "source": who("xb", "𝔗he minister")}
    code(
        "ada",
        "call-a",
        {
            1: (
                "done",
                (
                    mark("t1", "topics", "sec.terror", {"evidence": words("terrorism", "Syria")}),
                    mark("x1", "topics", "eco.trade", rejected=True),
                    mark("s1", "speakers", "indirect", told),
                    mark("c1", "commitments", "agreement", agreed),
                ),
            ),
            2: (
                "done",
                (
                    mark("t2", "topics", "sec.terror", {"evidence": words("الإرهاب")}),
                    mark("s2", "speakers", "indirect", said),
                    mark("c2", "commitments", "agreement", arabic),
                    mark("c3", "commitments", "assertion"),
                ),
            ),
            3: (
                "done",
                (
                    mark("t3", "topics", "eco.trade", {"evidence": words("trade\x85ties")}),
                    mark("s3", "speakers", "indirect", reports),
                    mark("s4", "speakers", "direct", spoke),
                ),
            ),
            4: ("done", (mark("t4", "topics", "eco.trade"),)),
            5: ("done", ()),
        },
    )
    return project


def done(project: Project, coder: str) -> dict[int, Sentence]:
    """Return the sentences of the readout that a coder is done with."""
    snapshot = project.store().read(coder, "call-a")
    assert snapshot is not None
    return {key: one for key, one in snapshot.coding.sentences() if one.state == "done"}


Take = Callable[..., str]


@pytest.fixture
def take(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Take:
    """Take a file into a project as its user does, and return what the verb said."""

    def take(project: Project, path: Path, form: str, *more: str) -> str:
        said = ["annotator", "-p", str(project.root), "import", str(path), "--format", form, *more]
        monkeypatch.setattr(sys, "argv", said)
        code = main()
        shown = "".join(capsys.readouterr())
        assert code == 0, shown
        return shown

    return take
