"""What holds no label is named and no error; what could not be taken ends an import with 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Call

FIGHT = "The parties agreed to fight terrorism in Syria by June."
NOTE = "#1\tAnnotatorNotes T1\tsure?\n"
WORDS = f"T1\tTrade 0 {len(FIGHT)}\t{FIGHT}\n"


def brat(folder: Path, more: str) -> Path:
    (folder / "doc.txt").write_text(FIGHT, "utf-8")
    (folder / "doc.ann").write_text(WORDS + more, "utf-8")
    return folder / "doc.ann"


def conllu(folder: Path, more: str) -> Path:
    words = FIGHT.removesuffix(".").split()
    rows = [f"{n}\t{word}\t{word}\tNOUN\t_\t_\t0\troot\t_\t_" for n, word in enumerate(words, 1)]
    rows[-1] = rows[-1].removesuffix("_") + "SpaceAfter=No"
    rows.append(f"{len(rows) + 1}\t.\t.\tPUNCT\t_\t_\t0\troot\t_\tSpaceAfter=No")
    path = folder / "ud.conllu"
    path.write_text("# topics = Trade\n" + "\n".join(rows) + f"\n{more}\n", "utf-8")
    return path


def conll(folder: Path, more: str) -> Path:
    words = [*FIGHT.removesuffix(".").split(), "."]
    rows = [f"{word} NN B-NP {'I-Trade' if n else 'B-Trade'}" for n, word in enumerate(words)]
    path = folder / "ner.conll"
    path.write_text("\n".join(rows) + f"\n{more}\n", "utf-8")
    return path


def labelstudio(folder: Path, more: str) -> Path:
    def region(kind: str, value: dict[str, Any]) -> dict[str, Any]:
        return {"type": kind, "from_name": "it", "to_name": "text", "value": value}

    given = region("choices", {"choices": ["Trade"]})
    other = region(more, {"rating": 4}) if more else region("rating", {"rating": 4})
    path = folder / "tasks.json"
    task = {"data": {"text": FIGHT}, "annotations": [{"result": [given, other]}]}
    path.write_text(json.dumps([task]), "utf-8")
    return path


def doccano(folder: Path, more: str) -> Path:
    path = folder / "rows.jsonl"
    row = {"text": FIGHT, "label": ["Trade"], "Comments": ["sure?"]}
    path.write_text(f"{json.dumps(row)}\n{more}", "utf-8")
    return path


def slate(folder: Path, more: str) -> Path:
    (folder / "doc.txt").write_text(FIGHT, "utf-8")
    path = folder / "doc.txt.annotations"
    path.write_text(f"() - Trade\n[(0, 0), (0, 1)] - \n{more}", "utf-8")
    return path


MADE = {
    "brat": (brat, f"{NOTE}*\tEquiv T1 T1\n", "1 equivalence and 1 note are not read"),
    "conllu": (conllu, "", "DEPREL, LEMMA, UPOS are not read"),
    "conll": (conll, "", "columns 2, 3 are not read"),
    "labelstudio": (labelstudio, "", "“rating” is not read"),
    "doccano": (doccano, "", "“Comments” is not read"),
    "slate": (slate, "", "1 link between places is not read"),
}
SPOILT = {
    "brat": f"{NOTE}T2\tTrade 0 9000\tnothing\n",
    "conllu": "1\tno row\n",
    "conll": "lost\n",
    "labelstudio": "timeserieslabels",
    "doccano": "none\n",
    "slate": "(9, 9) - Trade\n",
}


@pytest.mark.parametrize("form", MADE)
def test_what_holds_no_label_is_named_and_is_no_error(
    form: str, project: object, tmp_path: Path, call: Call
) -> None:
    make, more, passed = MADE[form]
    args = ("import", str(make(tmp_path, more)), "--format", form)
    for way in (("--as", "eve"), ("--as", "eve", "--yes"), ("--suggest",)):
        code, said = call(*args, *way)
        assert (code, passed in said) == (0, True), said
        assert "1 suggestion in" in said or "1 mark in 1 readout w" in said


@pytest.mark.parametrize("form", MADE)
def test_what_could_not_be_taken_is_an_error_beside_it(
    form: str, project: object, tmp_path: Path, call: Call
) -> None:
    file = MADE[form][0](tmp_path, SPOILT[form])
    code, said = call("import", str(file), "--format", form, "--as", "eve")
    assert code == 2, said
