"""The card of a dataset: what its data say, and what is left to a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from annotator.errors import InputError
from annotator.formats.card_head import size_class
from annotator.formats.labelset import indices
from annotator.formats.markdown import plain, quoted
from annotator.model.answers import QUESTIONS
from annotator.model.codebook import Codebook, Revision
from annotator.pipeline.export import ExportReport, export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Code, mark

BOTH = Selection(states=("done", "skipped"))


def card(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def head(folder: Path) -> str:
    return card(folder).split("\n---\n")[0]


def test_prevalence_is_a_share_of_the_sentences_of_the_coder(coded: Project, code: Code) -> None:
    code("bob", "call-a", {2: ("done", ()), 3: ("done", ())})
    said = card(export(coded).folder)
    # Of ada's five sentences two have it, one refused it; bob's two change nothing.
    assert "| `topics` | `eco.trade` | ada | 2 | 1 | 40.0% |" in said
    assert "| ada | 5 | 71.4% | 9 | 100.0% |" in said
    assert "| bob | 2 | 28.6% | 0 | 0.0% |" in said


def test_agreement_is_never_made_up(coded: Project, code: Code) -> None:
    alone = card(export(coded).folder)
    assert alone.lower().count("no agreement can be told") == 1
    assert "Everything is of one coder, ada." in alone
    code("bob", "call-a", {4: ("skipped", ())})
    assert "No agreement can be told" in card(export(coded, BOTH).folder)


def test_agreement_is_measured_where_several_coders_decided(coded: Project, code: Code) -> None:
    terror = mark("t1", "topics", "sec.terror")
    code("bob", "call-a", {2: ("done", (terror,)), 3: ("done", ()), 4: ("skipped", ())})
    said = card(export(coded, BOTH).folder)
    assert "measured on 2 sentences that at least two of the 2 coders ada, bob decided" in said
    # Both gave it to the first, neither to the second: 4 decisions.
    assert "| `topics` | `sec.terror` | 4 | 2 | 50.0% | 100.0% | 1.000 |" in said
    # Ada gave it to the second alone: 1 - (4 - 1) * 2 / (16 - 10).
    assert "| `topics` | `eco.trade` | 4 | 1 | 25.0% | 50.0% | 0.000 |" in said
    # Ada gave it to both, bob to none: 1 - (4 - 1) * 4 / (16 - 8).
    assert "| `speakers` | `indirect` | 4 | 2 | 50.0% | 0.0% | -0.500 |" in said
    assert "from suggestions" not in said
    assert "No row is adjudicated" in said


def test_the_adjudicated_coding_is_named_and_left_out_of_agreement(
    coded: Project, code: Code
) -> None:
    terror = mark("t1", "topics", "sec.terror")
    code("bob", "call-a", {2: ("done", (terror,)), 3: ("done", ())})
    said = card(export(coded, Selection(adjudicator="ada")).folder)
    assert "The coding of ada is the adjudicated one" in said
    assert "(`adjudicated` is true): 5 sentences, 2 of them also decided by other" in said
    assert "- sentences, counted for each coder: 7, " in said
    assert "more than one coder with the same boundaries, an adjudicator not counted" in said
    assert "Those of ada are the adjudicated ones." in said
    code("eve", "call-a", {2: ("done", (terror,)), 3: ("done", ())})
    said = card(export(coded, Selection(adjudicator="ada")).folder)
    assert "at least two of the 2 coders bob, eve decided" in said
    assert "`indirect` | 4" not in said


def test_agreement_without_variation_is_undefined(coded: Project, code: Code) -> None:
    taken = mark("t1", "topics", "sec.terror")
    provenance = taken.provenance.model_copy(update={"origin": "accepted", "suggester": "m"})
    code("bob", "call-a", {2: ("done", (taken.replaced(provenance=provenance),))})
    said = card(export(coded).folder)
    assert "| `topics` | `sec.terror` | 2 | 2 | 100.0% | 100.0% | undefined: no variation |" in said
    assert "did not decide independently" in said


def test_the_head_says_what_the_data_say(coded: Project, code: Code) -> None:
    said = head(export(coded).folder)
    for line in (
        'language:\n- "en"',
        "multilinguality:\n- monolingual",
        "size_categories:\n- n<1K",
        "task_ids:\n- multi-label-classification\n- topic-classification",
        "tags:\n- diplomacy\n- readouts\n- topics\n- speakers\n- commitments\n- tone",
    ):
        assert f"\n{line}\n" in f"{said}\n", line
    for nobody_said in ("license", "_creators", "source_datasets"):
        assert nobody_said not in said
    code("ada", "call-b", {1: ("done", ())})
    said = head(export(coded).folder)
    assert "multilinguality" not in said
    assert "task_ids" not in head(export(coded, Selection(layers=("tone",))).folder)


def test_an_unknown_licence_is_named_as_it_is(coded: Project) -> None:
    path = coded.paths.seeds / "call-a.toml"
    path.write_text(path.read_text("utf-8").replace("CC0", 'as is: <b>\\"x\\"</b>'), "utf-8")
    said = card(export(Project.open(coded.root)).folder)
    assert '1 of 1 readout: `"as is: <b>\\"x\\"</b>"`' in said


def test_licences_are_counted_and_those_that_miss_too(coded: Project, code: Code) -> None:
    code("ada", "call-b", {1: ("done", ())})
    said = card(export(coded).folder)
    assert '- 1 of 2 readouts: `"CC0"` (call-a)\n' in said
    assert "- 1 of 2 readouts: none is known (call-b). Ask who issued them.\n" in said
    assert "- `licence` of each row is that of its readout" in said
    assert "- the codings, and so the whole: TODO" in said
    assert (
        "of each row"
        not in card(export(coded, format_name="doccano").folder).split("## Licence")[1]
    )


def test_the_known_limits_are_counted(sample: Project, code: Code) -> None:
    code("ada", "call-a", {1: ("unsure", ()), 2: ("done", ()), 4: ("done", ()), 7: ("done", ())})
    said = card(export(sample, Selection(samples=True)).folder)
    limits = said.split("## Known limits\n")[1].split("\n## ")[0]
    for line in (
        "looked through, left out as their coder is unsure: 1.",
        "looked through, left out as they are not decided yet: 5.",
        "Sentences of readouts or codings that came with the program: 1 of 4.",
        'Languages, by readouts: not known 1 (50.0%), `"en"` 1 (50.0%).',
        "Readouts whose event is not known: 1 of 2.",
        "which `duplicate_of` names: 1.",
        "No sentence was decided by more than one coder",
        "Labels that nobody gave: `topics:sec.terror`, `topics:eco.trade`",
    ):
        assert line in limits, line


def test_ones_own_coding_of_a_sample_is_exported_and_marked(coded: Project) -> None:
    path = coded.paths.seeds / "call-a.toml"
    path.write_text(f"sample = true\n{path.read_text('utf-8')}", "utf-8")
    folder = export(Project.open(coded.root), Selection(samples=False)).folder
    rows = [json.loads(line) for line in (folder / "sentences.jsonl").read_bytes().splitlines()]
    assert [row["sample"] for row in rows] == [True] * 5
    assert "came with the program (`sample` is true): 5" in card(folder)


@pytest.mark.parametrize("form", ["jsonl", "hf"])
def test_tables_without_rows_are_named(project: Project, code: Code, form: str) -> None:
    code("ada", "call-a", {2: ("done", (mark("c1", "commitments", "agreement"),))})
    folder = export(project, format_name=form).folder
    assert "There are no rows of `attributions`: the head names no configuration" in card(folder)
    assert "config_name: attributions" not in head(folder)
    code("bob", "call-a", {2: ("done", (mark("s1", "speakers", "indirect"),))})
    folder = export(project, format_name=form).folder
    assert "There are no rows" not in card(folder)
    assert "config_name: attributions" in head(folder)


def test_the_datasheet_answers_what_the_data_can_and_leaves_the_rest(coded: Project) -> None:
    said = card(export(coded).folder).split("## Datasheet\n")[1]
    for line in (
        "For what purpose was the dataset created? TODO",
        "When was it coded? 2026-01-02, by the dates of marks.",
        "When were they published? Not known: there are no dates of publication.",
        'By origin of the marks: `"human"` 9 (100.0%).',
        "By who issued them: not known 1 (100.0%).",
        "Who maintains it, and who takes corrections? TODO",
    ):
        assert line in said, line


def answered(project: Project, said: Mapping[Any, str]) -> ExportReport:
    """Export after a person answered, while the program runs."""
    lines = (f"{name} = {json.dumps(answer)}" for name, answer in said.items())
    project.paths.settings.write_text("\n".join(["[card]", *lines]), "utf-8")
    return export(project)


def test_what_a_person_said_once_is_in_every_card(coded: Project) -> None:
    first = export(coded)
    assert first.unanswered == QUESTIONS
    assert "13 questions" in first.open_questions
    for question in QUESTIONS:
        assert f"TODO (`{question}`): " in card(first.folder)
    said = {question: f"<b>What\nof {question}</b>" for question in QUESTIONS}
    for _ in range(2):
        report = answered(coded, said)
        assert (report.unanswered, report.open_questions) == ((), "")
        assert "TODO" not in card(report.folder)
        for question in QUESTIONS:
            assert f" \\<b\\>What of {question}\\</b\\>\n" in f"{card(report.folder)}\n"


def test_an_answer_of_blanks_is_none(coded: Project) -> None:
    report = answered(coded, {"purpose": " \n", "uses": "None yet."})
    assert report.unanswered == tuple(one for one in QUESTIONS if one != "uses")
    assert "TODO (`purpose`)" in card(report.folder)


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ("CC-BY-4.0", ["license: cc-by-4.0"]),
        ('as "is": x', ["license: other", 'license_name: "as \\"is\\": x"']),
    ],
)
def test_a_licence_of_the_whole_is_in_the_head_and_for_programs(
    coded: Project, said: str, lines: list[str]
) -> None:
    folder = answered(coded, {"licence": said}).folder
    found = [line for line in head(folder).splitlines() if line.startswith("license")]
    assert found == lines
    about = json.loads((folder / "croissant.json").read_bytes())
    assert about["license"] == said
    assert "not of the codings" not in about["description"]


def test_a_question_that_is_none_is_named_with_its_line(coded: Project) -> None:
    with pytest.raises(InputError, match=r"annotator\.toml, line 2: .*motive"):
        answered(coded, {"motive": "None."})


def test_words_from_outside_are_no_markup() -> None:
    assert plain(
        "a\n<img> `x` [y](z) | \u202e"
    ) == "a \\<img\\> \\`x\\` \\[y\\]\\(z\\) \\| ␛".replace("␛", plain("\u202e"))
    assert quoted("``` <b>") == '````"``` <b>"````'
    assert "\u202e" not in quoted("\u202e")


def test_sizes_are_classed_as_the_hub_does() -> None:
    sizes = {1: "n<1K", 999: "n<1K", 1000: "1K<n<10K", 99_999: "10K<n<100K", 10**6: "1M<n<10M"}
    assert {rows: size_class(rows) for rows in sizes} == sizes


def changed(book: Codebook, order: list[str], changes: list[tuple[str, str, list[str]]]) -> Any:
    """Return the numbers of the topics, in that order after those changes."""
    layer = book.layers[0]
    was = {"eco.commerce": ("eco.trade",)}
    known = [layer.labels[0].replaced(id=name, was=was.get(name, ())) for name in order]
    layer = layer.replaced(labels=tuple(known))
    revisions = tuple(
        Revision(version="10.0.0", kind=kind, layer="topics", label=label, into=tuple(into))  # type: ignore[arg-type]
        for kind, label, into in changes
    )
    return indices(book.replaced(changes=revisions), layer)


def test_the_number_of_a_label_stays_when_the_codebook_grows(project: Project) -> None:
    book = project.codebook
    assert changed(book, ["sec.terror", "eco.trade"], []) == {"sec.terror": 0, "eco.trade": 1}
    added = [("add", "sec.arms", []), ("split", "sec.terror", ["sec.a", "sec.b"])]
    renamed = [*added, ("rename", "eco.trade", ["eco.commerce"]), ("add", "env", [])]
    order = ["env", "sec.terror", "sec.a", "sec.b", "sec.arms", "eco.commerce"]
    assert changed(book, order, renamed) == {
        "sec.terror": 0, "eco.commerce": 1, "sec.arms": 2, "sec.a": 3, "sec.b": 4, "env": 5,
    }  # fmt: skip


def test_the_labels_have_their_numbers(coded: Project) -> None:
    raw = json.loads((export(coded).folder / "labels.json").read_bytes())
    assert [[one["index"] for one in layer["labels"]] for layer in raw["layers"]] == [
        [0, 1], [0, 1], [0, 1], [0],
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["conll", "slate", "prodigy"])
def test_the_card_tells_the_types_of_rows_of_ours_that_stand_beside(
    coded: Project, form: str
) -> None:
    """A library that guesses them dies where the first labels are empty."""
    said = head(export(coded, format_name=form).folder)
    configs, _, types = said.partition("\ndataset_info:\n")
    beside = ["documents"] if form == "prodigy" else ["sentences", "documents"]
    for config in beside:
        assert f"- config_name: {config}\n" in f"{configs}\n"
        assert f"- config_name: {config}\n  features:\n" in types
