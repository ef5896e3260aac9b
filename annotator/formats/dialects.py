"""The table of forms that a dataset is written in and read from, each with all about it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from annotator.errors import InputError
from annotator.files import printable
from annotator.formats import cas_tags, spacy_tags
from annotator.formats.dialect import Dialect
from annotator.formats.output import OVERLAPPING, REFERENCE, UNSHOWN

_CAS: Final = (
    "A readout of a coder is a file in `documents`. Each layer is a type `webanno.custom.<Layer>`,"
    " whose annotations lie on sentences, and each value of a slot one of"
    " `webanno.custom.<Layer>Slot`, on its words where it has any. The feature `annotator` of"
    " `webanno.custom.CodedSentence` and `webanno.custom.CodedReadout` is the row as JSON."
    " INCEpTION keeps what its project has layers for."
)

_SLATE = (
    "Beside each text `NAME.txt` in `coders` stands `NAME.txt.annotations`, which slate opens. A"
    " label is `layer:label` on a sentence and `layer:slot:label` on words in a slot."
    " `sentences.jsonl` has the rows of the reference: import the folder for whole marks. A file of"
    " annotations alone gives a mark for each of its labels."
)

_LABELS = (
    "A label is written `layer:label`, a near miss `layer:near_miss:label`, the words of a slot"
    " `layer:slot`, and the words that speak for a topic `topics:label`."
)
_DOCCANO = (
    "Each coder has a file, as two lines of one text would be two texts. `annotator` is the row of"
    f" the reference as a string. {_LABELS}"
)

_DATES: Final = (
    "From JSON Lines the library `datasets` takes what looks like a day or a time for one, and"
    " writes it anew: `2026-01-02` becomes `2026-01-02 00:00:00`; the types that this card tells"
    " come too late to stop it. The format {} is loaded as it is."
)

DIALECTS: Final = (
    Dialect(
        name="jsonl",
        title="Annotator JSON Lines, the reference",
        module="jsonl_out",
        reader="jsonl_in",
        unit="code point",
        suffixes=(".jsonl",),
        joins=True,
        reading=_DATES.format("parquet"),
    ),
    Dialect(
        name="csv",
        title="CSV in our own long form, a row for each value of a slot",
        module="csv_out",
        reader="csv_in",
        unit="code point",
        suffixes=(".csv",),
        reading=(
            "Files are CSV as in RFC 4180, in UTF-8. A cell that a spreadsheet could take for a"
            " formula, or that begins with an apostrophe, has an apostrophe before it: take one"
            " away from each cell that begins with one. Lists are JSON. An empty cell is null, or"
            " the empty text in the columns `note`, `before`, `after` and `mark_note`."
        ),
    ),
    Dialect(
        name="parquet",
        title="Parquet, the rows of the reference",
        module="parquet_out",
        reader="parquet_in",
        unit="code point",
        suffixes=(".parquet",),
        extra="parquet",
    ),
    Dialect(
        name="hf",
        title="Hugging Face dataset, with JSON Lines",
        module="hf",
        reader="hf",
        unit="code point",
        suffixes=(".jsonl",),
        beside="hf",
        reading=_DATES.format("hf-parquet"),
    ),
    Dialect(
        name="hf-parquet",
        title="Hugging Face dataset, with Parquet",
        module="hf_parquet",
        reader="hf_parquet",
        unit="code point",
        suffixes=(".parquet",),
        extra="parquet",
        beside="hf_parquet",
    ),
    Dialect(
        name="prodigy",
        title="Prodigy tasks",
        module="prodigy_out",
        reader="prodigy_in",
        unit="code point",
        suffixes=(".jsonl",),
        joins=True,
        unseen=UNSHOWN,
        reading=(
            "A line of `prodigy.jsonl` is a task for an interface of `blocks`: `choice`, of which"
            " several may be chosen, `spans_manual` or `relations`. `rejected.jsonl` holds each"
            " label that a coder considered and refused as a task for `classification`: import it"
            " as a second dataset, and train on both. `annotator` is the row of the reference."
            f" {_LABELS}"
        ),
    ),
    Dialect(
        name="doccano",
        title="doccano, text classification",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="classification",
        reading=f"For a project of text classification. {_DOCCANO}",
    ),
    Dialect(
        name="doccano-spans",
        title="doccano, sequence labelling with relations and overlaps",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="spans",
        unseen=UNSHOWN,
        reading=(
            "For a project of sequence labelling in which spans may overlap and have relations."
            f" {_DOCCANO}"
        ),
    ),
    Dialect(
        name="doccano-combined",
        title="doccano, intent detection and slot filling, without overlaps",
        module="doccano_out",
        reader="doccano_in",
        unit="UTF-16 code unit",
        suffixes=(".jsonl",),
        variant="combined",
        unseen=(OVERLAPPING, *UNSHOWN),
        reading=(
            "For a project of intent detection and slot filling. Such a project takes no spans that"
            " overlap: of those that do, `entities` has the first, and `annotator` has all."
            f" {_DOCCANO}"
        ),
    ),
    Dialect(
        name="labelstudio",
        title="Label Studio tasks, with their labelling configuration",
        module="labelstudio_out",
        reader="labelstudio_in",
        unit="code point",
        suffixes=(".json",),
        unseen=UNSHOWN,
        reading=(
            "Make a project with `config.xml` before you import `tasks.json`. A task is a sentence,"
            " an annotation what one coder says of it; whose it is, `meta.annotator` says, with the"
            " rows of the reference in the order of the annotations. Choices of"
            " `layer--rejected` are labels that the coder considered and refused, those of"
            " `commitments-near_miss` say why what looks like a commitment is none. Those of a"
            " layer `text` are `text--choices`, as the text itself is `text`."
        ),
    ),
    Dialect(
        name="brat",
        title="brat standoff, a folder for each coder",
        module="brat",
        reader="brat_in",
        unit="code point",
        suffixes=(".ann",),
        reading=(
            "Copy the folder into brat's data: `annotation.conf` holds for the folder of each coder"
            " in `coders`. A type `Sentence` has a note with the row of the reference;"
            " `layer--label` is a mark on its sentence, and an event where the layer has slots;"
            " `layer-slot` is the words, the choice or the reference in a slot. A role has the name"
            " of its slot, with `_` behind one that ends in a digit, as brat numbers roles. Words"
            " are cut where a line ends."
        ),
    ),
    Dialect(
        name="conll",
        title="CoNLL columns with IOB2 tags, a folder for each coder, a file for each layer",
        module="conll",
        reader="conll_in",
        unit="token",
        suffixes=(".conll",),
        cannot=(REFERENCE, OVERLAPPING, "span that is no run of whole tokens"),
        unseen=(
            "rejected mark",
            "mark without words of its own",
            "sentence of white space",
        ),
        reading=(
            "A tag is `B-slot:label`, then `I-slot:label`: cut it at the colon for either. A token"
            " is a run of letters and digits, or else one character; of spans that overlap, the one"
            " around the other stays. A coder's folder in `coders` has one for each split, if any."
            " `sentences.txt` names the sentences of the files beside it, in their order, and"
            " `sentences.jsonl` has the rows of the reference: import the folder for whole marks."
            " Columns alone give a mark for each stretch that has a tag, found again in its readout"
            " whatever white space is between tokens."
        ),
    ),
    Dialect(
        name="conllu",
        title="CoNLL-U, with labels and our rows in comments",
        module="conllu",
        reader="conllu_in",
        unit="token",
        suffixes=(".conllu",),
        joins=True,
        reading=(
            "Comments of a sentence name the labels of each layer, `# topics = a|b`, and hold the"
            " row of the reference, `# annotator`. White space that is not one space is told by"
            " `SpaceAfter=No`, `SpacesAfter` and `SpacesBefore`."
        ),
    ),
    Dialect(
        name="slate",
        title="slate, by line and token, a folder for each coder",
        module="slate",
        reader="slate_in",
        unit="token",
        suffixes=(".annotations",),
        variant="token",
        unseen=(
            "rejected mark",
            "white space at the edge of a span",
            "span of white space",
            "second of two marks with one label and the same words",
            "span that is no run of whole tokens",
        ),
        reading=f"{_SLATE} Start it with tokens as scope (`-s token`).",
    ),
    Dialect(
        name="slate-character",
        title="slate, by line, token and character, a folder for each coder",
        module="slate",
        reader="slate_in",
        unit="code point",
        suffixes=(".annotations",),
        variant="character",
        unseen=(
            "rejected mark",
            "white space at the edge of a span",
            "span of white space",
            "second of two marks with one label and the same words",
        ),
        reading=f"{_SLATE} Start it with characters as scope (`-s character`).",
    ),
    Dialect(
        name="standoff",
        title="Annotator JSON Lines without any text, to be joined with the readouts",
        module="standoff",
        reader="standoff_in",
        unit="code point",
        suffixes=(".jsonl",),
        words=False,
        joins=True,
        reading=(
            "The rows are those of the reference without any words of the readouts. `text_sha256`"
            " is that of a readout's text in UTF-8: in it, `start` and `end` find the words. Notes"
            " and free text in slots are the coders' own words, and may quote."
        ),
    ),
    Dialect(
        name="refi",
        title="REFI-QDA project and codebook, for programs of qualitative analysis",
        module="refi",
        reader="refi_in",
        unit="code point",
        suffixes=(".qdpx",),
        reading=(
            "Open `project.qdpx` in a program for qualitative analysis, or its codes alone,"
            " `codebook.qdc`, of which `annotator codebook draft` makes a draft of ours. Each"
            " sentence is a selection whose description holds the row of the reference; labels and"
            " slots are codes below their layer. Positions count code points, an emoji as one; in a"
            " program that counts it as two, what follows it is shown a place too early."
        ),
    ),
    Dialect(
        name="spacy",
        title="spaCy DocBin, a document for each sentence",
        module="spacy_out",
        reader="spacy_in",
        unit="code point",
        suffixes=(".spacy",),
        extra="spacy",
        unseen=spacy_tags.UNSHOWN,
        reading=(
            "A sentence of a coder is a `Doc`. `doc.cats` has every topic, as 1 or 0;"
            ' `doc.spans["sc"]` the words of the slots, each labelled `layer/slot`, the label'
            ' of the mark as `kb_id` and the mark as `id`; `doc.user_data["annotator"]` the row.'
            " `python -m spacy train` takes a folder as a path of its corpus."
        ),
    ),
    Dialect(
        name="cas-json",
        title="UIMA CAS in JSON, for INCEpTION",
        module="cas_out",
        reader="cas_in",
        unit="UTF-16 code unit",
        suffixes=(".json",),
        extra="cas",
        reading=_CAS,
    ),
    Dialect(
        name="cas-xmi",
        title="UIMA CAS in XMI, for INCEpTION",
        module="cas_out",
        reader="cas_in",
        unit="UTF-16 code unit",
        suffixes=(".xmi",),
        variant="xmi",
        extra="cas",
        cannot=(REFERENCE, cas_tags.FORBIDDEN),
        reading=_CAS,
    ),
)
"""Every form, the first one the default."""

_BY_NAME: Final = {dialect.name: dialect for dialect in DIALECTS}


def dialect(name: str) -> Dialect:
    """Return the form of that name; raises InputError, which names all, where there is none."""
    found = _BY_NAME.get(name)
    if found is None:
        near = get_close_matches(name.casefold(), _BY_NAME, 1)
        meant = f"Did you mean “{near[0]}”? " if near else ""
        raise InputError(
            f"There is no format “{printable(name)}”.", f"{meant}There are {', '.join(_BY_NAME)}."
        )
    return found
