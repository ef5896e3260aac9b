"""A dataset that is split: in its rows, in its card, and with what one split tells of another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from annotator.errors import InputError, NothingToDo
from annotator.model.splitting import Plan, Split, Splits
from annotator.model.tying import Tie
from annotator.pipeline.export import export
from annotator.pipeline.exporting import Choice, check
from annotator.pipeline.project import Project
from annotator.pipeline.survey import plan_of
from annotator.pipeline.survey_words import lacking, large, tie

from .conftest import PIECES, Call, text_of


def rows(folder: Path, file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / file).read_bytes().splitlines()]


@pytest.fixture
def both(coded: Project, code: Any) -> Project:
    """Two readouts, coded."""
    code("ada", "call-b", {1: ("done", ()), 2: ("done", ()), 3: ("done", ())})
    return coded


Telling = Callable[..., None]
OTHERS = ("They praised the new museum of the city.", "Nobody wanted to speak about the price.")
LAST = ("The guests went home before it was midnight.", "A joint paper follows in two weeks.")


@pytest.fixture
def telling(both: Project, monkeypatch: pytest.MonkeyPatch) -> Telling:
    """Add a readout of these sentences; without `write`, only cut the one that is there so."""

    def telling(name: str, *said: str, write: bool = True) -> None:
        monkeypatch.setitem(PIECES, name, [("body", each) for each in said])
        if write:
            (both.paths.seeds / f"{name}.txt").write_text(text_of(name), "utf-8")

    return telling


def test_every_row_says_its_split_and_the_card_counts_them(both: Project) -> None:
    report = export(both, plan=Plan(by="side", held="xa"))
    splits = json.loads((report.folder / "splits.json").read_bytes())
    assert splits["readouts"]["call-a"] == {
        "split": "test",
        "group": "event call",
        "tie": None,
    }
    for file in ("sentences.jsonl", "attributions.jsonl", "commitments.jsonl", "documents.jsonl"):
        for row in rows(report.folder, file):
            assert row["split"] == splits["readouts"][row["readout"]]["split"], file
    card = (report.folder / "README.md").read_text("utf-8")
    assert "## Splits" in card
    assert "The test holds the readouts told by xa" in card
    assert "Take the rows of a split by the column `split`." in card
    assert report.survey is not None
    assert report.survey.sentences["test"] == 5


def test_a_sentence_of_the_test_that_stands_in_train_is_named(
    both: Project, code: Any, telling: Telling
) -> None:
    twin = "The ministers have agreed to build a bridge over the river by June."
    rest = ["They spoke about visas and about the harvest.", "Neither of them said when they meet."]
    telling("call-c", twin, *rest)
    first = "The ministers agreed to build a bridge over the river by June."
    telling("call-d", first, *OTHERS)
    (both.paths.seeds / "call-d.toml").write_text('issuing_side = "xd"\n', "utf-8")
    for name in ("call-c", "call-d"):
        code("ada", name, dict.fromkeys((1, 2, 3), ("done", ())))
    report = export(Project.open(both.root), plan=Plan(by="side", held="xd", validation=0))
    (leak,) = rows(report.folder, "leaks.jsonl")
    texts = {row["id"]: row["text"] for row in rows(report.folder, "sentences.jsonl")}
    assert texts[leak["twin"]] == twin
    assert texts[leak["sentence"]] == first
    assert 0.8 <= leak["likeness"] < 1
    assert "Of 3 sentences of validation and test, 1 has a near-twin" in (
        report.folder / "README.md"
    ).read_text("utf-8")
    assert report.survey is not None
    assert report.survey.twins == "1 sentence (1 row) held back has a near-twin in train."

    # Each coder has a row of it, also one who cut the text otherwise.
    code("bo", "call-d", dict.fromkeys((1, 2), ("done", ())))
    telling("call-d", first, "\n".join(OTHERS), write=False)
    code("cy", "call-d", {1: ("done", ())})
    again = export(Project.open(both.root), plan=Plan(by="side", held="xd", validation=0))
    leaks = rows(again.folder, "leaks.jsonl")
    assert [one["sentence"] for one in leaks] == [f"call-d#1@{who}" for who in ("ada", "bo", "cy")]
    assert {(one["twin"], one["likeness"]) for one in leaks} == {(leak["twin"], leak["likeness"])}
    card = (again.folder / "README.md").read_text("utf-8")
    assert "Of 3 sentences of validation and test, 1 has a near-twin" in card
    assert "Jaccard index over words is 0.8 or more" in card
    assert "can be left out: 3." in card
    assert again.survey is not None
    assert again.survey.twins == "1 sentence (3 rows) held back has a near-twin in train."


ACCENTED = (
    "Les présidents se sont félicités du succès de l’entrée en vigueur du traité.",
    "Ils ont réaffirmé leur volonté d’élargir la coopération énergétique.",
)


def test_a_text_is_of_the_group_of_the_one_that_writes_its_accents_otherwise(
    both: Project, code: Any, telling: Telling
) -> None:
    telling("call-c", *(normalize("NFC", one) for one in ACCENTED))
    telling("call-d", *(normalize("NFD", one) for one in ACCENTED))
    for name in ("call-c", "call-d"):
        (both.paths.seeds / f"{name}.toml").write_text(f'[event]\nid = "{name}"\n', "utf-8")
        code("ada", name, dict.fromkeys((1, 2), ("done", ())))
    survey = export(Project.open(both.root), plan=Plan(seed=1)).survey
    assert survey is not None
    groups = survey.splits.groups
    assert groups["call-c"] == groups["call-d"] != groups["call-b"]


def test_a_near_twin_that_writes_its_accents_otherwise_is_named(
    both: Project, code: Any, telling: Telling
) -> None:
    telling("call-c", normalize("NFC", ACCENTED[0]), *OTHERS)
    telling("call-d", normalize("NFD", ACCENTED[0]), *LAST)
    (both.paths.seeds / "call-d.toml").write_text('issuing_side = "xd"\n', "utf-8")
    for name in ("call-c", "call-d"):
        code("ada", name, dict.fromkeys((1, 2, 3), ("done", ())))
    report = export(Project.open(both.root), plan=Plan(by="side", held="xd", validation=0))
    (leak,) = rows(report.folder, "leaks.jsonl")
    assert leak == {"sentence": "call-d#1@ada", "twin": "call-c#1@ada", "likeness": 1.0}


def test_groups_are_of_whole_texts_whatever_of_them_is_coded(
    both: Project, code: Any, telling: Telling
) -> None:
    told = ["They will trade in grain from next year.", "Both sides keep the embassies open."]
    shared = [*told, "The ministers meet in Vienna in the spring.", "Nobody asked about the visas."]
    own = "The president was silent about the pipeline.", "The king thanked all of his hosts."
    names = ("call-c", "call-d")
    for name, last in zip(names, own, strict=True):
        telling(name, *shared, last)
        # Only what is in one of the texts alone is decided.
        code("ada", name, {5: ("done", ())})
    # Nobody coded this one, and it shares most of its sentences with each of two that are unlike.
    telling("call-e", *OTHERS, "Rain fell on the parade.", *LAST)
    telling("call-f", *OTHERS)
    telling("call-g", *LAST)
    for name in ("call-f", "call-g"):
        code("ada", name, {1: ("done", ())})
    (both.paths.seeds / "call-x.txt").write_bytes(b"\xff is no text")
    project = Project.open(both.root)

    def groups() -> dict[str, str]:
        survey = export(project, plan=Plan(seed=1), name="d", force=True).survey
        assert survey is not None
        return dict(survey.splits.groups)

    first = groups()
    assert first["call-c"] == first["call-d"]
    assert first["call-f"] == first["call-g"]
    assert len(set(first.values())) == len(first) - 2
    # A second coder, who cut the text into one sentence, changes nothing.
    for name, last in zip(names, own, strict=True):
        telling(name, "\n".join([*shared, last]), write=False)
        code("bo", name, {1: ("done", ())})
    assert groups() == first


def test_why_each_readout_is_in_its_group_is_said_and_what_makes_a_large_one(
    both: Project, code: Any, telling: Telling, call: Call
) -> None:
    told = ["They will trade in grain from next year.", "Both sides keep the embassies open."]
    telling("call-c", *told, "The ministers meet in Vienna in the spring.")
    telling("call-d", *told, "Nobody asked about the visas or the price.")
    # Nobody coded this one, and it ties two that are unlike.
    telling("call-e", *OTHERS, "Rain fell on the parade.", *LAST)
    telling("call-f", *OTHERS)
    telling("call-g", *LAST)
    (both.paths.seeds / "call-g.toml").write_text('[event]\nid = "call"\n', "utf-8")
    telling("call-h", "Их разговор был долгим и полезным.")
    (both.paths.seeds / "call-h.toml").write_text('translation_of = "call-f"\n', "utf-8")
    for name in ("call-c", "call-d", "call-f", "call-g", "call-h"):
        code("ada", name, {1: ("done", ())})
    exit_code, said = call("export", "--split", "event", "--seed", "1", "d")
    assert exit_code == 0
    splits = json.loads((both.paths.exports / "d" / "splits.json").read_bytes())
    assert {name: one["tie"] for name, one in splits["readouts"].items()} == {
        "call-a": None,
        "call-b": None,
        "call-c": None,
        "call-d": "shares 2 of 3 sentences with call-c",
        "call-f": "shares 2 of 2 sentences with call-e",
        "call-g": "one event with call-a",
        "call-h": "translation, original or counterpart of call-f",
    }
    assert splits["beyond"] == {"call-e": {"tie": "shares 2 of 2 sentences with call-g"}}
    large = (
        "The group “event call” holds 4 of 7 readouts and 62% of the sentences, and is never"
        " divided; what ties it: 1 readout by its event, 1 readout by a translation or counterpart,"
        " 1 readout by shared sentences."
    )
    assert f"{large} splits.json has the tie of each." in said
    card = (both.paths.exports / "d" / "README.md").read_text("utf-8")
    for words in (large, "share half of the sentences of the shorter one", "more than 20 groups"):
        assert words in card
    assert "`splits.json` names the group and the split of each readout, and what ties" in card
    # What has no ties, as an older version wrote it, places readouts as before.
    file = both.paths.exports / "d" / "splits.json"
    del splits["beyond"]
    for one in splits["readouts"].values():
        del one["tie"]
    file.write_text(json.dumps(splits), "utf-8")
    both.paths.splits.unlink()
    assert call("export", "--split", "event", "--force", "d")[0] == 0
    again = json.loads(file.read_bytes())
    assert again["seed"] == 1
    assert again["readouts"]["call-d"] == {
        **splits["readouts"]["call-d"],
        "tie": "shares 2 of 3 sentences with call-c",
    }


def test_shared_sentences_that_only_others_tie_are_said_to_be_so() -> None:
    assert tie(Tie("b", "sentences", 3, 4, 1)) == (
        "shares 3 of 4 sentences with b, 2 of them only through near-twins of near-twins"
    )
    groups = dict.fromkeys("abc", "readout a")
    ties = {"b": Tie("a", "sentences", 3, 4, 1), "c": Tie("a", "sentences", 2, 4, 2)}
    splits = Splits(Plan(), 1, groups, dict.fromkeys("abc", "train"), ties=ties)
    said = (
        "2 readouts by shared sentences (1 of them in part only through near-twins of near-twins)."
    )
    assert large(splits, "readout a", 0.5).endswith(said)


def test_the_seed_of_the_dataset_that_is_there_is_used_again(both: Project) -> None:
    first = export(both, plan=Plan(seed=7))
    again = export(both, plan=Plan())
    assert first.survey is not None
    assert again.survey is not None
    assert again.survey.splits.seed == 7
    assert again.survey.splits.of == first.survey.splits.of
    assert "## Splits" in (again.folder / "README.md").read_text("utf-8")


def test_what_was_placed_stays_under_any_name_and_what_must_move_is_said(
    both: Project, code: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = export(both, name="one", plan=Plan(seed=7, validation=0.3, test=0.3))
    kept = json.loads((both.root / "splits.json").read_bytes())["splits"]
    assert [one["seed"] for one in kept] == [7]
    assert first.survey is not None
    before = first.survey.splits
    # The event of the second readout is only now known, and comes first among the names.
    (both.paths.seeds / "call-b.toml").write_text('[event]\nid = "a"\n', "utf-8")
    project = Project.open(both.root)
    again = export(project, name="two", plan=Plan(validation=0.3, test=0.3)).survey
    assert again is not None
    assert (again.splits.seed, again.splits.of) == (7, before.of)
    assert again.splits.moved == []

    # Placed apart by an older export, and one group now.
    file = both.root / "splits.json"
    apart = {"call-a": "test", "call-b": "train"}
    kept[0]["readouts"] = {name: {"split": where, "group": name} for name, where in apart.items()}
    file.write_text(json.dumps({"splits": kept}), "utf-8")
    (both.paths.seeds / "call-b.toml").write_text('[event]\nid = "call"\n', "utf-8")
    moved = export(Project.open(both.root), name="three", plan=Plan(validation=0.3, test=0.3))
    assert moved.survey is not None
    assert moved.survey.splits.of == {"call-a": "test", "call-b": "test"}
    assert moved.survey.splits.moved == ["call-b"]
    assert "Moved to another split than before: 1 readout (call-b)." in moved.survey.warnings
    assert moved.survey.warnings[0].startswith("Nothing is in train and validation")
    assert "held back: `call-b`." in (moved.folder / "README.md").read_text("utf-8")

    file.write_text("{}", "utf-8")
    with pytest.raises(InputError, match=r"splits\.json does not say"):
        export(both, name="four", plan=Plan())


def test_two_translations_of_what_is_not_exported_are_together(both: Project, code: Any) -> None:
    for name in ("call-a", "call-b"):
        (both.paths.seeds / f"{name}.toml").write_text('translation_of = "nowhere"\n', "utf-8")
    report = export(Project.open(both.root), plan=Plan(seed=1))
    assert report.survey is not None
    assert len(set(report.survey.splits.groups.values())) == 1


@pytest.mark.parametrize("said", ["side=XA", "dyad=XB-xa", "dyad=xa-xb"])
def test_sides_and_dyads_are_found_in_any_case(both: Project, said: str) -> None:
    report = export(both, plan=plan_of(said, validation=0.1, test=0.1, seed=None))
    assert report.survey is not None
    assert report.survey.splits.of["call-a"] == "test"


def test_a_dyad_of_countries_is_that_of_its_people(both: Project) -> None:
    people = """[event]
participants = ["ann", "bo"]
[[entities]]
id = "ann"
type = "person"
name = "Ann"
affiliation = "RU"
[[entities]]
id = "bo"
type = "person"
name = "Bo"
affiliation = "US"
"""
    (both.paths.seeds / "call-b.toml").write_text(people, "utf-8")
    project = Project.open(both.root)
    for said in ("dyad=ru-us", "dyad=us-RU", "dyad=ann-bo"):
        plan = plan_of(said, validation=0.1, test=0.1, seed=None)
        survey = export(project, plan=plan).survey
        assert survey is not None
        assert survey.splits.of["call-b"] == "test"


def test_where_no_readout_tells_its_side_that_is_said(both: Project) -> None:
    (both.paths.seeds / "call-a.toml").unlink()
    with pytest.raises(NothingToDo, match="Their metadata name no issuing_side"):
        export(Project.open(both.root), plan=Plan(by="side", held="ru"))


def test_what_has_no_date_is_said_to_train(both: Project, code: Any, telling: Telling) -> None:
    telling("call-c", *OTHERS)
    code("ada", "call-c", {1: ("done", ())})
    for name, date in (("call-a", "2024-05-31"), ("call-c", "2024-06-01")):
        (both.paths.seeds / f"{name}.toml").write_text(f'[event]\ndate = "{date}"\n', "utf-8")
    report = export(Project.open(both.root), plan=Plan(by="time", test=0.2, validation=0))
    assert report.survey is not None
    assert report.survey.splits.of["call-b"] == "train"
    said = report.survey.warnings[-1]
    assert said.startswith(
        "In train, as they have no date: 1 readout (call-b). Give their metadata"
    )
    card = (report.folder / "README.md").read_text("utf-8")
    assert "1 readout without a date, in a group without one," in card
    assert json.loads((report.folder / "splits.json").read_bytes())["unknown"] == ["call-b"]
    dated = export(both, name="other", plan=Plan(seed=1, test=0.2, validation=0)).survey
    assert dated is not None
    assert not dated.splits.unknown


@pytest.mark.parametrize("date", ['"2024"', '"2024-02-02"\ndate_precision = "year"'])
def test_a_year_alone_goes_where_its_last_day_would_and_that_is_said(
    both: Project, code: Any, telling: Telling, call: Call, date: str
) -> None:
    telling("call-c", *OTHERS)
    code("ada", "call-c", {1: ("done", ())})
    dates = {"call-a": '"2024-05-31"', "call-b": '"2024-06-01"', "call-c": date}
    for name, said in dates.items():
        (both.paths.seeds / f"{name}.toml").write_text(f"[event]\ndate = {said}\n", "utf-8")
    _, told = call("export", "d", "--split", "time", "--test", "0.1", "--validation", "0")
    splits = json.loads((both.paths.exports / "d" / "splits.json").read_bytes())
    assert splits["readouts"]["call-c"]["split"] == "test"
    assert splits["readouts"]["call-b"]["split"] == "train"
    assert "as their date is only a year or a month: 1 readout (call-c)." in " ".join(told.split())
    card = (both.paths.exports / "d" / "README.md").read_text("utf-8")
    assert "as its readout may be that late: 1 readout, `call-c`." in card


def test_labels_that_a_split_lacks_are_named_on_the_screen_and_in_the_card(
    both: Project, call: Call
) -> None:
    _, said = call("export", "d", "--split", "side=xa", "--validation", "0")
    told = "In train, 7 labels of the dataset have no mark: commitments:agreement,"
    card = (both.paths.exports / "d" / "README.md").read_text("utf-8")
    assert (said.count(told), card.count(told)) == (1, 1)
    assert "topics:sec.terror. Choose other shares" in said
    assert "topics:sec.terror. Choose other shares" not in card
    assert "In test, " not in said
    splits = json.loads((both.paths.exports / "d" / "splits.json").read_bytes())
    assert len(splits["lacking"]["train"]) == 7


def test_of_many_labels_that_a_split_lacks_a_screen_names_the_first() -> None:
    lacks: dict[Split, list[str]] = {
        "test": [f"topics:{n:02}" for n in range(20)],
        "train": ["t:a"],
    }
    train, test = lacking(lacks)
    assert train == "In train, 1 label of the dataset has no mark: t:a."
    assert test.endswith("topics:10, topics:11, ….")
    assert lacking(lacks, most=None)[1].endswith("topics:18, topics:19.")


def test_who_may_be_held_but_does_not_say_so_is_said(both: Project, call: Call) -> None:
    for said, what in (("side=xa", "issuing_side"), ("dyad=xa-xb", "participants of the event")):
        code, told = call("export", "d", "--force", "--split", said)
        assert code == 0
        assert f"Not held back, as their metadata name no {what}" in told
        assert "1 readout (call-b)" in told
        card = (both.paths.exports / "d" / "README.md").read_text("utf-8")
        assert "may be of xa" in card
        assert "1 readout, `call-b`." in card


def test_a_check_leaves_no_places_in_the_project(both: Project) -> None:
    check(both, Choice(way="event"), lambda done, of: None, lambda: False)
    assert not (both.root / "splits.json").exists()


def test_without_a_plan_no_row_has_a_split(both: Project) -> None:
    report = export(both)
    assert {row["split"] for row in rows(report.folder, "sentences.jsonl")} == {None}
    assert not (report.folder / "splits.json").exists()


@pytest.mark.parametrize("said", ["", "even", "side", "side=", "event=x", "time=2"])
def test_what_is_no_way_to_split_is_refused(said: str) -> None:
    with pytest.raises(InputError, match="no way to split"):
        plan_of(said, validation=0.1, test=0.1, seed=None)


@pytest.mark.parametrize(
    ("validation", "test", "said"),
    [
        (0.5, 0.5, "of validation and test leave nothing to train on"),
        (-0.1, 0.2, "of the validation is 0 or more and below 1, and -0.1 was asked"),
        (1.0, 0.2, "of the validation is 0 or more and below 1, and 1 was asked"),
        (0.1, 0.0, "of the test is above 0 and below 1, and 0 was asked"),
        (0.0, 1.5, "of the test is above 0 and below 1, and 1.5 was asked"),
        (0.1, float("nan"), "of the test is above 0 and below 1, and nan was asked"),
    ],
)
@pytest.mark.parametrize("way", ["event", "time"])
def test_shares_that_are_none_are_refused_for_what_they_are(
    way: str, validation: float, test: float, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        plan_of(way, validation=validation, test=test, seed=None)


def test_a_side_that_told_nothing_is_named_with_those_that_did(both: Project) -> None:
    with pytest.raises(NothingToDo, match=r"No readout is of the side “zz”\. There are xa"):
        export(both, plan=Plan(by="side", held="zz"))


def test_the_folder_of_the_hub_has_a_file_for_each_split(both: Project) -> None:
    (both.paths.seeds / "call-b.toml").write_text('[event]\nid = "call"\n', "utf-8")
    plan = Plan(by="side", held="xa", validation=0)
    rows = export(Project.open(both.root), format_name="hf", plan=plan).rows
    # The other telling of the event is neither held back nor trained on.
    assert rows["data/sentences/test.jsonl"] == 5
    assert rows["data/sentences/left_out.jsonl"] == 3
    assert "data/sentences/train.jsonl" not in rows


def test_an_issuer_is_held_back(both: Project) -> None:
    (both.paths.seeds / "call-b.toml").write_text('issuer = "Foreign Office"\n', "utf-8")
    project = Project.open(both.root)
    plan = plan_of("issuer=foreign office", validation=0, test=0.1, seed=None)
    report = export(project, plan=plan)
    assert report.survey is not None
    assert report.survey.splits.of == {"call-a": "train", "call-b": "test"}
    card = (report.folder / "README.md").read_text("utf-8")
    assert "The test holds the readouts issued by Foreign Office" in card
    with pytest.raises(NothingToDo, match="There are Foreign Office"):
        export(project, plan=Plan(by="issuer", held="nobody"))
    assert Choice(way="issuer", held="x").arguments()[-1] == "issuer=x"


def test_what_was_asked_and_what_came_out_are_said_everywhere(both: Project, call: Call) -> None:
    code, said = call("export", "--split", "event", "--seed", "0")
    assert code == 0
    assert "asked 80%), validation" in said
    assert "asked 10%), test" in said
    (folder,) = both.paths.exports.iterdir()
    card = (folder / "README.md").read_text("utf-8")
    for told in (said, card):
        assert "A group is never divided, and there are 2." in told
    way = "Choose other shares, another seed or way."
    assert (way in said, way in card) == (True, False)
    assert "asked 10%)" in card


def test_what_is_left_out_is_said(both: Project, call: Call) -> None:
    (both.paths.seeds / "call-b.toml").write_text('[event]\nid = "call"\n', "utf-8")
    _, said = call("export", "--split", "side=xa")
    assert "test 5, left out 3." in said


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("--seed", "4"), "--seed is of no use here: there is no --split."),
        (("--test", "0.2"), "--test is of no use here: there is no --split."),
        (("--validation", "0.1"), "--validation is of no use here: there is no --split."),
        (("--seed", "4", "--split", "time"), "a split by time draws no lots"),
        (("--test", "0.2", "--split", "issuer=x"), "a split by issuer tests with all"),
    ],
)
def test_what_a_split_has_no_use_for_is_refused(
    both: Project, call: Call, args: tuple[str, ...], why: str
) -> None:
    code, said = call("export", *args)
    assert (code, why in said) == (2, True)
    assert not both.paths.exports.exists() or not list(both.paths.exports.iterdir())
