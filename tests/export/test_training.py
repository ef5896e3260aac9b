"""Forms for training, and the filters of what is exported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError, NothingToDo
from annotator.formats.training import Extras
from annotator.model.edit import Edit
from annotator.model.mark import Mark, Provenance, SpanValue
from annotator.model.sentence import Sentence
from annotator.model.splitting import Plan
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection
from annotator.store import TinyStore

from .conftest import AT, Code, coding_edit, header_of, mark, quote

ALL = Extras(multi_hot=True, tokens=True, soft=True)


def rows(folder: Path, file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / file).read_bytes().splitlines()]


def ids(folder: Path) -> list[str]:
    return [row["id"] for row in rows(folder, "sentences.jsonl")]


@pytest.mark.parametrize(("form", "told"), [("csv", 1), ("parquet", 1), ("jsonl", 0)])
def test_the_card_says_how_forms_beside_tables_of_another_form_are_loaded(
    coded: Project, form: str, told: int
) -> None:
    plan = Plan(by="side", held="xa", validation=0)
    extras = Extras(multi_hot=True, soft=True)
    folder = export(coded, format_name=form, extras=extras, plan=plan).folder
    said = (folder / "README.md").read_text("utf-8")
    # Without a second coder, soft.jsonl has no rows that could be loaded.
    assert said.count("one form alone: `training.jsonl` stands in no configuration") == told
    assert said.count('load_dataset("json", data_files="training.jsonl")') == told
    whole = said.partition("hold the rows of all splits")[2].partition("column `split`")[0]
    assert "`training.jsonl`" in whole


@pytest.mark.parametrize(("form", "suffix"), [("hf", "jsonl"), ("hf-parquet", "parquet")])
def test_in_a_folder_of_the_hub_they_are_tables_like_the_others(
    coded: Project, code: Code, form: str, suffix: str
) -> None:
    (coded.paths.seeds / "call-b.toml").write_text('[event]\nid = "call"\n', "utf-8")
    code("ada", "call-b", {1: ("done", ())})
    plan = Plan(by="side", held="xa", validation=0)
    report = export(Project.open(coded.root), format_name=form, extras=ALL, plan=plan)
    # The other telling of the event is neither held back nor trained on.
    made = {name: count for name, count in report.rows.items() if "training" in name}
    assert made == {
        f"data/training/left_out.{suffix}": 1, f"data/training/test.{suffix}": 5,
    }  # fmt: skip
    assert report.rows[f"data/soft/train.{suffix}"] == 0
    assert not (report.folder / "training.jsonl").exists()
    card = (report.folder / "README.md").read_text("utf-8")
    head = card.partition("\n---\n")[0]
    assert f"- split: test\n    path: data/training/test.{suffix}" in head
    assert f"- split: left_out\n    path: data/training/left_out.{suffix}" in head
    assert "soft" not in head
    assert "hold the rows of all splits" not in card
    assert "stands in no configuration" not in card
    assert "`data/training` names the layers" in card


def test_the_rows_of_the_reference_stay_as_they_are(coded: Project, tmp_path: Path) -> None:
    plain = export(coded, output=tmp_path / "plain").folder
    more = export(coded, output=tmp_path / "more", extras=ALL).folder
    for file in ("sentences.jsonl", "attributions.jsonl", "commitments.jsonl", "documents.jsonl"):
        assert (plain / file).read_bytes() == (more / file).read_bytes()
    assert not list(plain.glob("[ts]*t.jsonl"))
    assert [row["id"] for row in rows(more, "training.jsonl")] == ids(plain)
    again = export(coded, output=tmp_path / "again", extras=ALL).folder
    for path in more.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_topics_are_numbers_of_the_labels(coded: Project) -> None:
    folder = export(coded, extras=Extras(multi_hot=True), plan=Plan()).folder
    layers = json.loads((folder / "labels.json").read_bytes())["layers"]
    names = {label["index"]: label["id"] for label in layers[0]["labels"]}
    sentences = rows(folder, "sentences.jsonl")
    for row, sentence in zip(rows(folder, "training.jsonl"), sentences, strict=True):
        assert list(row) == [
            "id", "readout", "split", "topics_ids", "topics_multi_hot", "topics_rejected_ids",
            "unasked",
        ]  # fmt: skip
        assert row["split"] == sentence["split"] is not None
        assert [names[one] for one in row["topics_ids"]] == sentence["topics"]
        hot = [place for place, one in enumerate(row["topics_multi_hot"]) if one]
        assert (hot, len(row["topics_multi_hot"])) == (row["topics_ids"], len(names))
        assert [names[one] for one in row["topics_rejected_ids"]] == [
            one["label"] for one in sentence["rejected"]
        ]


def test_tokens_have_the_tags_of_words(coded: Project) -> None:
    report = export(coded, extras=Extras(tokens=True))
    text = coded.readout("call-a").text
    first, second, *_ = rows(report.folder, "training.jsonl")
    for row in (first, second):
        places = zip(row["token_starts"], row["token_ends"], strict=True)
        assert [text[start:end] for start, end in places] == row["tokens"]
    tagged = dict(zip(first["tokens"], first["commitment_tags"], strict=True))
    assert tagged["fight"] == "B-action"
    assert tagged["terrorism"] == "I-action"
    assert set(tagged.values()) == {"O", "B-action", "I-action"}
    tagged = dict(zip(second["tokens"], second["attribution_tags"], strict=True))
    assert tagged["The"] == "B-source"
    assert tagged["minister"] == "I-source"
    assert (tagged["said"], tagged["reports"], tagged["matter"]) == ("B-cue", "B-cue", "O")
    spans = {text[one["start"] : one["end"]]: one for one in second["attribution_spans"]}
    assert set(spans) == {"The minister", "said", "reports"}
    assert (spans["The minister"]["first"], spans["The minister"]["last"]) == (0, 1)
    assert not report.losses


def test_words_that_tags_cannot_have_are_spans_and_are_counted(
    project: Project, code: Code
) -> None:
    def words(name: str, label: str, said: str) -> Mark:
        value = SpanValue(span=quote("call-a", said))
        return mark(name, "commitments", label, {"action": (value,)})

    marks = (
        words("c1", "agreement", "fight terrorism in Syria"),
        words("c2", "agreement", "terrorism"),
        words("c3", "agreement", "greed"),
        words("c4", "assertion", "June"),
    )
    code("ada", "call-a", {2: ("done", marks)})
    report = export(project, extras=Extras(tokens=True))
    (row,) = rows(report.folder, "training.jsonl")
    assert [tag for tag in row["commitment_tags"] if tag != "O"] == [
        "B-action", "I-action", "I-action", "I-action",
    ]  # fmt: skip
    told = {one["mark"]: one for one in row["commitment_spans"]}
    assert [name.split("#")[1][:2] for name, one in told.items() if one["tagged"]] == ["c1"]
    assert told["call-a#c3@ada"]["first"] is None
    assert told["call-a#c4@ada"]["negative"]
    # A near miss is to have no tags; the other two would.
    kinds = {
        "call-a#c2@ada": "span that overlaps another, in the tags for training",
        "call-a#c3@ada": "span that is no run of whole tokens, in the tags for training",
    }
    assert report.losses == dict.fromkeys(kinds.values(), 1)
    assert {one["where"]: one["what"] for one in rows(report.folder, "losses.jsonl")} == kinds
    card = (report.folder / "README.md").read_text("utf-8")
    assert "| span that overlaps another, in the tags for training | 1 |" in card
    with pytest.raises(InputError, match="1 × span that overlaps another, in the tags") as refused:
        export(project, extras=Extras(tokens=True), strict=True)
    assert refused.value.hint == "Leave --strict out, or leave that form for training out."


def test_coders_of_one_sentence_share_its_topics(coded: Project, code: Code) -> None:
    both = (mark("t1", "topics", "sec.terror"), mark("t2", "topics", "eco.trade"))
    code("bob", "call-a", {2: ("done", both), 4: ("done", ()), 6: ("done", ())})
    folder = export(coded, extras=Extras(soft=True)).folder
    first, second = rows(folder, "soft.jsonl")
    assert first["topics"] == [
        {"label": "sec.terror", "index": 0, "coders": 2, "share": 1.0},
        {"label": "eco.trade", "index": 1, "coders": 1, "share": 0.5},
    ]
    assert first["by_coder"] == [
        {"coder": "ada", "id": "call-a#2@ada", "topics": ["sec.terror"]},
        {"coder": "bob", "id": "call-a#2@bob", "topics": ["sec.terror", "eco.trade"]},
    ]
    assert (second["topics"], second["coders"]) == ([], 2)
    sentence = coded.readout("call-a").text[first["start"] : first["end"]]
    assert sentence == "The parties agreed to fight terrorism in Syria by June."
    assert not (folder / "training.jsonl").exists()


def test_every_coders_labels_stand_beside_the_adjudicated_ones(coded: Project, code: Code) -> None:
    trade = mark("t1", "topics", "eco.trade")
    code("bob", "call-a", {2: ("done", (trade, mark("x", "tone", "warm", rejected=True)))})
    code("eve", "call-a", {2: ("done", ())})
    chosen = Selection(adjudicator="ada")
    folder = export(coded, chosen, extras=Extras(soft=True)).folder
    sentences = {row["id"]: row["adjudicated"] for row in rows(folder, "sentences.jsonl")}
    found = {row["id"]: row for row in rows(folder, "training.jsonl")}
    assert {name: row["adjudicated"] for name, row in found.items()} == sentences
    assert {name.rpartition("@")[2] for name, held in sentences.items() if held} == {"ada"}
    bob, eve = "call-a#2@bob", "call-a#2@eve"
    assert found["call-a#2@ada"]["labels"] == [
        {"layer": "topics", "label": "sec.terror"},
        {"layer": "speakers", "label": "indirect"},
        {"layer": "commitments", "label": "agreement"},
    ]
    of_bob = {
        "coder": "bob",
        "id": bob,
        "adjudicated": False,
        "unasked": [],
        "labels": [{"layer": "topics", "label": "eco.trade"}],
    }
    of_eve = {"coder": "eve", "id": eve, "adjudicated": False, "unasked": [], "labels": []}
    of_ada = {
        "coder": "ada",
        "id": "call-a#2@ada",
        "adjudicated": True,
        "unasked": [],
        "labels": found["call-a#2@ada"]["labels"],
    }
    # A coder's own labels stand once in a row, and the judge's beside those of all others.
    assert found["call-a#2@ada"]["by_coder"] == [of_bob, of_eve]
    assert found[bob]["by_coder"] == [of_ada, of_eve]
    assert found[eve]["by_coder"] == [of_ada, of_bob]
    assert found["call-a#3@ada"]["by_coder"] == []
    (soft,) = rows(folder, "soft.jsonl")
    assert [one["coder"] for one in soft["by_coder"]] == ["bob", "eve"]
    plain = rows(export(coded).folder, "sentences.jsonl")
    assert {row["adjudicated"] for row in plain} == {None}


def test_who_is_not_exported_cannot_be_the_adjudicator(coded: Project) -> None:
    for chosen in (Selection(adjudicator="eve"), Selection(("ada",), adjudicator="x\x1b[2J")):
        with pytest.raises(InputError, match="not among those that are exported") as told:
            export(coded, chosen)
        assert "\x1b" not in str(told.value)


def cut_otherwise(project: Project, coder: str, edit: Edit) -> None:
    """Code `call-a` as a coder whose second sentence ends a character sooner."""
    changes = tuple(
        one.replaced(after=one.after.changed(end=one.after.end - 1, text=one.after.text[:-1]))
        if one.key == 2 and isinstance(one.after, Sentence)
        else one
        for one in edit.changes
    )
    TinyStore(project.paths.tags).open(
        header_of(coder, "call-a"),
        project.readout("call-a"),
        lambda: edit.replaced(changes=changes),
    ).close()


def test_sentences_that_others_cut_otherwise_are_counted(coded: Project) -> None:
    cut_otherwise(coded, "bob", coding_edit("call-a", {2: ("done", ()), 4: ("done", ())}))
    report = export(coded, extras=Extras(soft=True))
    assert len(rows(report.folder, "soft.jsonl")) == 1
    kind = "sentence that coders cut differently, in the shares of the coders"
    assert report.losses == {kind: 2}
    lost = rows(report.folder, "losses.jsonl")
    assert {one["where"] for one in lost} <= set(ids(report.folder))
    card = (report.folder / "README.md").read_text("utf-8")
    assert f"| {kind} | 2 |" in card
    with pytest.raises(InputError, match=f"2 × {kind}"):
        export(coded, extras=Extras(soft=True), strict=True)


def test_beside_an_adjudicated_sentence_those_that_were_cut_otherwise_are_shown_and_counted(
    coded: Project, code: Code
) -> None:
    trade = mark("t1", "topics", "eco.trade")
    cut_otherwise(coded, "bob", coding_edit("call-a", {2: ("done", (trade,)), 4: ("done", ())}))
    code("eve", "call-a", {2: ("done", ())})
    chosen = Selection(adjudicator="ada")
    report = export(coded, chosen)
    found = {row["id"]: row for row in rows(report.folder, "training.jsonl")}
    ada, bob, eve = (found[f"call-a#2@{one}"] for one in ("ada", "bob", "eve"))
    # Whoever cut the sentence alike stands beside it as always.
    assert [[one["coder"] for one in row["by_coder"]] for row in (ada, bob, eve)] == [
        ["eve"], [], ["ada"],
    ]  # fmt: skip
    short, whole = ada["overlapping"][0], bob["overlapping"][0]
    assert (whole["start"], whole["end"] - short["end"]) == (short["start"], 1)
    assert (
        ada["overlapping"]
        == eve["overlapping"]
        == [
            {
                "coder": "bob",
                "id": "call-a#2@bob",
                "adjudicated": False,
                "unasked": [],
                "labels": [{"layer": "topics", "label": "eco.trade"}],
                "start": short["start"],
                "end": short["end"],
            }
        ]
    )
    assert [(one["coder"], one["adjudicated"]) for one in bob["overlapping"]] == [
        ("ada", True), ("eve", False),
    ]  # fmt: skip
    assert not any(row["overlapping"] for name, row in found.items() if "#2@" not in name)
    kind = "sentence that coders cut differently, in by_coder"
    assert report.losses == {kind: 3}
    lost = rows(report.folder, "losses.jsonl")
    assert {one["where"] for one in lost} == {row["id"] for row in (ada, bob, eve)}
    assert "`overlapping` has what they gave" in (report.folder / "README.md").read_text("utf-8")
    with pytest.raises(InputError, match=f"3 × {kind}") as refused:
        export(coded, chosen, strict=True)
    assert refused.value.hint == "Leave --strict out, or leave --adjudicated out."


def test_without_shared_sentences_the_file_is_empty_and_no_table_of_the_card(
    coded: Project,
) -> None:
    report = export(coded, extras=ALL)
    assert report.rows["soft.jsonl"] == 0
    card = (report.folder / "README.md").read_text("utf-8")
    assert "- config_name: training\n  data_files: training.jsonl\n" in card
    assert "config_name: soft" not in card
    assert "  - name: commitment_spans\n    list:\n    - name: slot\n" in card
    found = json.loads((report.folder / "croissant.json").read_bytes())
    assert "records/training" in [one["@id"] for one in found["recordSet"]]


@pytest.mark.parametrize("form", ["doccano", "hf", "parquet"])
def test_every_form_has_them_beside_it(coded: Project, form: str) -> None:
    report = export(coded, format_name=form, extras=ALL)
    assert report.rows["data/training/train.jsonl" if form == "hf" else "training.jsonl"] == 5


def test_what_a_form_cannot_be_made_of_is_refused(coded: Project) -> None:
    for extras in (Extras(multi_hot=True), Extras(soft=True)):
        with pytest.raises(InputError, match="needs the layer “topics”"):
            export(coded, Selection(layers=("tone",)), extras=extras)
    with pytest.raises(InputError, match="needs the layer “speakers”"):
        export(coded, Selection(layers=("topics",)), extras=Extras(tokens=True))
    with pytest.raises(InputError, match="holds no words of the readouts"):
        export(coded, format_name="standoff", extras=Extras(tokens=True))
    assert not list(coded.paths.exports.glob("*"))


def given(name: str, **about: Any) -> Mark:
    provenance = Provenance(
        coder="ada", at=AT, codebook="readouts 9.8.7", origin=about.pop("origin", "human")
    )
    return mark(name, "topics", "eco.trade").replaced(provenance=provenance, **about)


@pytest.fixture
def mixed(project: Project, code: Code) -> Project:
    """Sentences whose marks differ in origin and certainty; the fourth has none."""
    code(
        "ada",
        "call-a",
        {
            1: ("done", (given("m1"),)),
            2: ("done", (given("m2", origin="accepted"),)),
            3: ("done", (given("m3"), given("m4", origin="edited", certainty="low"))),
            4: ("done", ()),
            5: ("done", (given("m5"), given("m6", rejected=True, certainty="low"))),
        },
    )
    code("ada", "call-b", {1: ("done", ())})
    return project


@pytest.mark.parametrize(
    ("selection", "taken", "passed"),
    [
        (Selection(origins=("human",)), [1, 4, 5, -1], 2),
        (Selection(origins=("human", "edited")), [1, 3, 4, 5, -1], 1),
        (Selection(origins=("accepted",)), [2], 5),
        (Selection(origins=("accepted", "edited")), [2], 5),
        (Selection(certainty="high"), [1, 2, 4, -1], 2),
        (Selection(origins=("human",), certainty="high"), [1, 4, -1], 3),
    ],
)
def test_a_sentence_is_left_out_with_its_mark_and_never_said_to_have_none(
    mixed: Project, selection: Selection, taken: list[int], passed: int
) -> None:
    folder = export(mixed, selection).folder
    expected = [f"call-a#{key}@ada" if key > 0 else "call-b#1@ada" for key in taken]
    assert ids(folder) == expected
    card = (folder / "README.md").read_text("utf-8")
    assert (
        f"left out as they have a mark of another origin or certainty, or none: {passed}." in card
    )
    assert "Sentences whose marks are all of" in card
    fate = "taken" if 4 in taken else "left out"
    kind = "of high certainty" if selection.certainty else "human"
    assert f"a sentence without marks counts as {kind}, and is {fate}." in card


def test_marks_of_layers_that_are_left_out_do_not_count(mixed: Project) -> None:
    folder = export(mixed, Selection(layers=("tone",), origins=("human",))).folder
    assert len(ids(folder)) == 6


def dated(project: Project, date: str) -> Project:
    path = project.paths.seeds / "call-a.toml"
    path.write_text(path.read_text("utf-8").replace('id = "call"', f'id = "call"\n{date}'), "utf-8")
    return Project.open(project.root)


@pytest.mark.parametrize(
    ("date", "since", "until", "taken"),
    [
        ("2024-05-31", "2024-05-31", "2024-05-31", True),
        ("2024-05-31", "2024-06", None, False),
        ("2024-05-31", "2024-05", "2024-05", True),
        ("2024-05-31", "2024", "2024", True),
        ("2024-05", "2024-05-02", None, False),
        ("2024-05", None, "2024-05-30", False),
        ("2024-02", "2024-02", "2024-02", True),
        ("2024", "2024", "2024-12", True),
        ("2024", "2023", "2024-06", False),
        (None, "2000", None, False),
        (None, None, "2030", False),
    ],
)
def test_the_whole_date_of_the_event_lies_within(
    mixed: Project, date: str | None, since: str | None, until: str | None, taken: bool
) -> None:
    project = dated(mixed, f'date = "{date}"' if date else "")
    selection = Selection(since=since, until=until)
    if not taken:
        with pytest.raises(NothingToDo, match="fits the filters"):
            export(project, selection)
        return
    report = export(project, selection)
    assert {one.split("#")[0] for one in ids(report.folder)} == {"call-a"}
    card = (report.folder / "README.md").read_text("utf-8")
    assert "left out as their readout is of another language or date: 1." in card


@pytest.mark.parametrize(
    "date", ["yesterday", "2024-13", "2024-02-30", "24", "2024-1-1", "２０２４"]
)
def test_what_is_no_date_is_refused(coded: Project, date: str) -> None:
    with pytest.raises(InputError, match="is no date"):
        export(coded, Selection(since=date))


def test_languages_limit_the_readouts(mixed: Project) -> None:
    assert {one[:6] for one in ids(export(mixed, Selection(languages=("en", "fr"))).folder)} == {
        "call-a"
    }
    with pytest.raises(NothingToDo, match="is in fr") as raised:
        export(mixed, Selection(languages=("fr",)))
    assert "They are in en." in str(raised.value)


def test_a_split_holds_what_is_taken(mixed: Project) -> None:
    report = export(mixed, Selection(origins=("human",)), plan=Plan(seed=1))
    assert report.survey is not None
    assert sum(report.survey.sentences.values()) == 4
