"""CoNLL columns, CoNLL-U and slate: their tokens, what others wrote, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.errors import InputError
from annotator.formats.conllu import columns, escaped, tags, unescaped
from annotator.formats.dialects import dialect
from annotator.formats.tokens import tokens
from annotator.formats.told import Tag, Told
from annotator.model.record import MarkRecord
from annotator.model.splitting import Plan
from annotator.pipeline.export import export
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Selection

from .conftest import Code, example, mark
from .generated import WORDS


def told(form: str, path: Path) -> tuple[list[Told], list[str]]:
    found = list(dialect(form).read(path))
    return (
        [item for item in found if isinstance(item, Told)],
        [str(item) for item in found if isinstance(item, InputError)],
    )


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He pledged €2 billion.", ["He", "pledged", "€", "2", "billion", "."]),
        ("e\u0301te\u0301 it's x_1", ["e\u0301te\u0301", "it", "'", "s", "x_1"]),
        ("会谈结束 カナ ไทย", ["会", "谈", "结", "束", "カ", "ナ", "ไ", "ท", "ย"]),
        ("👨‍👩‍👧 🤝🏽🤝", ["👨‍👩‍👧", "🤝🏽", "🤝"]),
        ("قال السلام", ["قال", "السلام"]),
        ("\u2028a\x85\tb\n", ["a", "b"]),
        (" \n", []),
    ],
)
def test_a_text_is_cut_as_it_is_said(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in tokens(text)] == words


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_nothing_but_white_space_lies_between_tokens(text: str) -> None:
    at = 0
    for start, end in tokens(text):
        assert not text[at:start].strip()
        assert not any(char.isspace() for char in text[start:end])
        at = end
    assert not text[at:].strip()


@given(st.text(alphabet=" \t\r\n\x0b\x1c\x85\u2028\u3000\xa0", min_size=1))
def test_white_space_comes_back_from_misc(space: str) -> None:
    assert unescaped(escaped(space)) == space
    assert escaped(space).isascii()
    assert not {"\t", "\n", "|", " "} & set(escaped(space))


def test_udpipe_signs_are_read() -> None:
    assert unescaped(r"\s\s\t\r\n\p\\n") == "  \t\r\n|\\n"
    assert unescaped(r"\q") == r"\q"


def test_conllu_rows_have_ten_columns_and_lie_on_one_line() -> None:
    for text in WORDS:
        for row in columns(f" {text}\u2028{text}\x85"):
            assert len(row.split("\t")) == 10
            assert len(row.splitlines()) == 1


def test_of_nested_spans_the_outer_one_stays_and_the_others_are_named(coded: Project) -> None:
    folder = export(coded, format_name="conll").folder
    lines = (folder / "coders" / "ada" / "commitments.conll").read_text("utf-8").split("\n")
    assert lines[0] == "-DOCSTART- -X- O O"
    assert "fight -X- _ B-action:agreement" in lines
    assert "terrorism -X- _ I-action:agreement" in lines
    ids = (folder / "coders" / "ada" / "sentences.txt").read_text("utf-8").split()
    assert ids == [f"call-a#{key}@ada" for key in (2, 3, 4, 5, 7)]
    losses = [json.loads(line) for line in (folder / "losses.jsonl").read_bytes().splitlines()]
    assert {
        "kind": "unseen",
        "what": "mark without words of its own",
        "where": "call-a#t1@ada",
    } in losses
    assert {"kind": "unseen", "what": "rejected mark", "where": "call-a#x1@ada"} in losses


def test_columns_of_others_are_read_in_their_schemes(tmp_path: Path) -> None:
    file = put(
        tmp_path / "ner.conll",
        "EU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\n-DOCSTART- -X- O O\r\n\r\n"
        "Peter\tB-PER\r\nBlackburn\tE-PER\nBonn\tS-LOC\nBern\tI-LOC\nx\tB-LOC\n\nRome\tI-LOC",
    )
    first, second = told("conll", file)[0]
    assert (first.text, first.name, first.tags) == (
        "EU rejects",
        "ner-1",
        (Tag("ner", "ORG", 0, 2),),
    )
    assert second.text == "Peter Blackburn Bonn Bern x\nRome"
    said = [(tag.label, second.text[tag.start : tag.end]) for tag in second.tags]
    assert said == [
        ("PER", "Peter Blackburn"), ("LOC", "Bonn"), ("LOC", "Bern"), ("LOC", "x"), ("LOC", "Rome"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "name", "bad", "said"),
    [
        ("conll", "x.conll", "a B-\nb O", "line 1: “B-” is no tag"),
        ("conll", "x.conll", "a \x1b[1m\nb O", "is no tag"),
        ("conllu", "x.conllu", "a\n1\tb" + "\t_" * 8, "line 1 is no row of ten columns"),
        ("conllu", "x.conllu", "x\t" + "_\t" * 8 + "_\n1\tb" + "\t_" * 8, "is no row of ten"),
    ],
)
def test_a_row_that_is_none_is_named_and_the_rest_is_read(
    form: str, name: str, bad: str, said: str, tmp_path: Path
) -> None:
    found, (wrong,) = told(form, put(tmp_path / name, bad))
    assert said in wrong
    assert "\x1b" not in wrong
    assert "b" in found[0].text


@pytest.mark.parametrize("form", ["conll", "conllu", "slate", "brat", "refi"])
def test_a_folder_without_such_files_says_so(form: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file that ends with"):
        told(form, tmp_path)


def test_a_dataset_of_ours_without_words_in_any_layer_has_no_columns_and_comes_back(
    coded: Project, tmp_path: Path
) -> None:
    part = Selection(layers=("tone",))
    folder = export(coded, part, output=tmp_path / "tone", format_name="conll").folder
    assert not [*folder.rglob("*.conll")]
    found, wrong = told("conll", folder)
    assert (sum(len(one.rows) for one in found), wrong) == (5, [])


@pytest.mark.parametrize("form", ["conll", "conllu"])
def test_a_line_without_end_is_refused(form: str, tmp_path: Path) -> None:
    file = put(tmp_path / f"a.{form}", b"a" * 5_000_001)
    with pytest.raises(InputError, match="larger than"):
        told(form, file)


def test_conllu_of_others_is_read(tmp_path: Path) -> None:
    file = put(
        tmp_path / "x.conllu",
        "# newdoc id = d\n# sent_id = 1\n# text = Il va au café.\n# text_en = x\n# topic = a|b\n"
        "1\tIl\til\tPRON\t_\t_\t2\tnsubj\t_\t_\n"
        "2\tva\taller\tVERB\t_\t_\t0\troot\t_\tSpacesAfter=\\s\\s\n"
        "3-4\tau\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "3\tà\tà\tADP\t_\t_\t5\tcase\t_\t_\n"
        "4\tle\tle\tDET\t_\t_\t5\tdet\t_\t_\n"
        "4.1\tX\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "5\tcafé\tcafé\tNOUN\t_\t_\t2\tobl\t_\tSpaceAfter=No\n"
        "6\t.\t.\tPUNCT\t_\t_\t2\tpunct\t_\t_\n",
    )
    (found,), wrong = told("conllu", file)
    (unread,) = wrong
    assert "DEPREL, LEMMA, UPOS are not read" in unread
    assert (found.name, found.text) == ("1", "Il va  au café.")
    assert found.tags == (Tag("topic", "a"), Tag("topic", "b"))


def test_labels_that_were_changed_in_conllu_are_changed_here(coded: Project) -> None:
    file = export(coded, format_name="conllu").folder / "sentences.conllu"
    raw = file.read_text("utf-8")
    assert "# topics = sec.terror\n" in raw
    file.write_text(raw.replace("# topics = sec.terror\n", "# topics = new\n"), encoding="utf-8")
    (found,), wrong = told("conllu", file)
    assert not wrong
    assert found.document
    assert "call-a#t1@ada" not in {mark.id for row in found.rows for mark in row.marks}
    assert found.tags == (Tag("topics", "new", 20, 75),)


def test_a_readout_whose_row_is_spoilt_leaves_its_sentences_to_themselves(
    coded: Project, code: Code
) -> None:
    code("bob", "call-a", example())
    file = export(coded, format_name="conllu").folder / "sentences.conllu"
    first, second = file.read_text("utf-8").split("# newdoc id = call-a@bob")
    spoilt = second.replace("# annotator_document = {", "# annotator_document = ", 1)
    file.write_text(f"{first}# newdoc id = call-a@bob{spoilt}", encoding="utf-8")
    found, (wrong,) = told("conllu", file)
    assert "is not JSON" in wrong
    assert [(item.coder, len(item.rows)) for item in found] == [("ada", 5), *[("bob", 1)] * 5]


def test_a_layer_that_is_called_as_a_comment_of_the_format_stays_in_the_row(
    coded: Project,
) -> None:
    (found,), _ = told("conllu", export(coded, format_name="conllu").folder)
    row = found.rows[0]
    marks = tuple(mark.replaced(layer="text_type") for mark in row.marks)
    assert not list(tags(row.replaced(marks=marks)))
    assert list(tags(row))


def test_a_sentence_with_other_words_is_not_taken_for_ours(coded: Project) -> None:
    file = export(coded, format_name="conllu").folder / "sentences.conllu"
    file.write_text(file.read_text("utf-8").replace("\tSyria\t", "\tIraq\t"), encoding="utf-8")
    found, (wrong,) = told("conllu", file)
    assert "has other words than when it was coded" in wrong
    (changed,) = [item for item in found if not item.rows]
    assert "Iraq" in changed.text
    assert Tag("topics", "sec.terror") in changed.tags


def test_slate_counts_lines_and_tokens_and_both_ends_belong(coded: Project) -> None:
    lines = (
        export(coded, format_name="slate").folder / "coders" / "ada" / "call-a.txt.annotations"
    ).read_text("utf-8")
    assert "((1, 4), (1, 5)) - commitments:action:agreement\n" in lines
    assert "((4, 0), (4, 0)) - topics:eco.trade\n" not in lines
    assert "(4, 0) - topics:eco.trade\n" in lines


def test_slate_of_others_is_read_in_every_scope(tmp_path: Path) -> None:
    put(tmp_path / "d.txt", "Hé  calls\n\n🤝 her now")
    file = put(
        tmp_path / "d.txt.annotations",
        "() - doc\n2 - line\n(0,) - line\n((0,), (2,)) - all\n(0, 1) - a b-c\n"
        "((0, 1), (2, 1)) - long\n(2, 1, 1) - e\n((2, 0, 0), (2, 2, 2)) - chars\n"
        "[(0, 0), (2, 1)] - \n1 2 -\n",
    )
    (found,), (wrong,) = told("slate", file)
    assert wrong.endswith("2 links between places are not read; labels are.")
    assert [(tag.label, found.text[tag.start : tag.end]) for tag in found.tags] == [
        ("doc", found.text),
        ("line", "🤝 her now"),
        ("line", "Hé  calls"),
        ("all", found.text),
        ("a", "calls"),
        ("b-c", "calls"),
        ("long", "calls\n\n🤝 her"),
        ("e", "e"),
        ("chars", "🤝 her now"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("(9, 0) - a", "no such place"),
        ("(0, 9) - a", "no such place"),
        ("(1, 0) - a", "no such place"),
        ("(2, 1, 9) - a", "no such place"),
        ("((2, 1), (0, 0)) - a", "stands before"),
        ("(-1, 0) - a", "no annotation"),
        ("__import__('os') - a", "no annotation"),
        ("(0, 0)", "no annotation"),
        ("(" * 10_000, "no annotation"),
    ],
)
def test_a_line_of_slate_that_is_none_is_named(line: str, said: str, tmp_path: Path) -> None:
    put(tmp_path / "d.txt", "Hé  calls\n\n🤝 her now")
    (found,), (wrong,) = told(
        "slate", put(tmp_path / "d.txt.annotations", f"{line}\n(0, 0) - he\n").parent
    )
    assert said in wrong
    assert found.tags == (Tag("label", "he", 0, 2),)


def changed(path: Path, before: str, after: str) -> None:
    raw = path.read_text("utf-8")
    assert before in raw
    path.write_text(raw.replace(before, after, 1), "utf-8")


def marks_of(found: list[Told]) -> dict[str, MarkRecord]:
    return {
        mark.id.partition("#")[2]: mark for item in found for row in item.rows for mark in row.marks
    }


def test_a_frame_of_several_words_is_one_mark_whatever_else_changed_in_its_columns(
    coded: Project,
) -> None:
    folder = export(coded, format_name="conll").folder
    before = marks_of(told("conll", folder)[0])
    assert len(before["s3@ada"].slots) == 3
    own = folder / "coders" / "ada"
    changed(own / "speakers.conll", "said -X- _ B-cue:direct", "said -X- _ O")
    changed(own / "topics.conll", "terrorism -X- _ O", "terrorism -X- _ B-evidence:sec.terror")
    (found,), wrong = told("conll", folder)
    assert not wrong
    now = marks_of([found])
    assert now.keys() == before.keys()
    assert [one.slot for one in now["s3@ada"].slots] == [
        one.slot for one in before["s3@ada"].slots if one.slot != "cue"
    ]
    assert found.document
    words = [(tag.field, tag.label, found.text[tag.start : tag.end]) for tag in found.tags]
    assert words == [("topics", "evidence:sec.terror", "terrorism")]


def test_a_layer_without_its_columns_stays_as_it_was_and_other_words_are_refused(
    coded: Project,
) -> None:
    folder = export(coded, format_name="conll").folder
    (folder / "coders" / "ada" / "commitments.conll").unlink()
    whole = marks_of(told("conll", folder)[0])
    changed(folder / "coders" / "ada" / "topics.conll", "Syria -X-", "Iraq -X-")
    (found,), (wrong,) = told("conll", folder)
    assert "sentences.jsonl, line 1: the columns of call-a#2@ada have other words" in wrong
    assert "c1@ada" in whole
    assert whole.keys() - marks_of([found]).keys() == {"t1@ada", "s1@ada", "c1@ada", "x1@ada"}


@pytest.mark.parametrize("form", ["slate", "slate-character"])
def test_labels_that_were_changed_in_slate_are_changed_here(coded: Project, form: str) -> None:
    folder = export(coded, format_name=form).folder
    before = marks_of(told(form, folder)[0])
    file = folder / "coders" / "ada" / "call-a.txt.annotations"
    changed(file, "commitments:action:agreement", "topics:evidence:sec.terror")
    # Who wrote it counts, and not what it is read as.
    for name in ("slate", "slate-character"):
        (found,), wrong = told(name, folder)
        assert not wrong
        now = marks_of([found])
        assert now.keys() == before.keys()
        assert "action" not in [one.slot for one in now["c1@ada"].slots]
        words = [(tag.label, found.text[tag.start : tag.end]) for tag in found.tags]
        assert words == [("topics:evidence:sec.terror", "fight terrorism")]


def test_two_marks_of_one_label_are_two_and_one_line_of_slate_tells_both(
    coded: Project, code: Code
) -> None:
    twins = (mark("t1", "topics", "eco.trade"), mark("t2", "topics", "eco.trade"))
    code("bob", "call-a", {5: ("done", twins)})
    folder = export(coded, Selection(coders=("bob",)), format_name="slate").folder
    (found,), _ = told("slate", folder)
    assert [one.id for one in found.rows[0].marks] == ["call-a#t1@bob", "call-a#t2@bob"]
    assert found.tags == ()
    put(folder / "coders" / "bob" / "call-a.txt.annotations", "")
    (found,), _ = told("slate", folder)
    assert (found.rows[0].marks, found.tags) == ((), ())


def test_a_text_beside_annotations_that_is_another_is_refused_and_its_rows_stay(
    coded: Project, code: Code
) -> None:
    code("bob", "call-b", {1: ("done", ())})
    folder = export(coded, format_name="slate").folder
    changed(folder / "coders" / "ada" / "call-a.txt", "Syria", "Iraq")
    found, (wrong,) = told("slate", folder)
    assert "call-a.txt.annotations: the text beside it is not the one that was coded" in wrong
    assert [len(one.rows) for one in found if one.name == "call-b"] == [1]
    assert not [one.rows for one in found if one.name == "call-a" and one.rows]


def test_rows_of_other_widths_and_columns_that_are_passed_over_are_named(tmp_path: Path) -> None:
    file = put(
        tmp_path / "ner.conll",
        "EU NNP I-NP I-ORG\nBroken B-PER\nrejects VBZ I-VP O\n\n-DOCSTART- -X- O O\n\nBonn B-LOC",
    )
    (first, second), wrong = told("conll", file)
    assert first.text == "EU Broken rejects"
    assert first.tags == (Tag("ner", "ORG", 0, 2),)
    assert second.tags == (Tag("ner", "LOC", 0, 4),)
    assert [one.partition("ner.conll")[2] for one in wrong] == [
        ": columns 2, 3 are not read; words and tags are.",
        ", line 2 has 2 columns, and the first row of its document 4. Write as many in each row.",
    ]


def test_coders_and_splits_have_files_of_their_own(coded: Project, code: Code) -> None:
    code("bob", "call-a", {2: ("done", ())})
    code("ada", "call-b", {1: ("done", ())})
    plan = Plan(by="side", held="xa", validation=0)
    folder = export(coded, format_name="conll", plan=plan).folder
    ids = {
        str(file.parent.relative_to(folder)): file.read_text("utf-8").split()
        for file in folder.rglob("sentences.txt")
    }
    assert ids == {
        "coders/ada/test": [f"call-a#{key}@ada" for key in (2, 3, 4, 5, 7)],
        "coders/ada/train": ["call-b#1@ada"],
        "coders/bob/test": ["call-a#2@bob"],
    }
    for place, names in ids.items():
        for file in (folder / place).glob("*.conll"):
            assert file.read_text("utf-8").count("\n\n") == len(names) + 1
    assert not told("conll", folder)[1]
