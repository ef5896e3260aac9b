"""The card of a dataset in any dialect, and the checksums of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from annotator.files import printable
from annotator.formats.card_agreement import agreement
from annotator.formats.card_head import head, loadable
from annotator.formats.counts import Counts
from annotator.formats.datasheet import answer, datasheet, limits
from annotator.formats.dialect import Dialect
from annotator.formats.labelset import LABELS
from annotator.formats.losses import FILE as LOSSES
from annotator.formats.markdown import listed, plain, quoted, share, table
from annotator.formats.output import Written
from annotator.formats.tables import SENTENCES, TABLES
from annotator.formats.unfit import unfit
from annotator.model.answers import Answers
from annotator.model.codebook import Codebook
from annotator.model.leaks import LEAST
from annotator.model.splitting import SPLITS
from annotator.plural import many

CARD: Final = "README.md"
CHECKSUMS: Final = "checksums.txt"

_SAFE = "[A-Za-z0-9][A-Za-z0-9._-]*"
_CHECKSUM = re.compile(rf"([0-9a-f]{{64}})  ((?:{_SAFE}/)*{_SAFE})")


def checksums(digests: Mapping[str, str]) -> bytes:
    """Return sha256 digests by file name in the form that `sha256sum -c` reads."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def read_checksums(raw: bytes) -> dict[str, str] | None:
    """Return digests by file name as `checksums` wrote them, or None where it did not."""
    found = [_CHECKSUM.fullmatch(entry) for entry in raw.decode(errors="replace").splitlines()]
    matches = [match for match in found if match]
    if not matches or len(matches) < len(found):
        return None
    return {match[2]: match[1] for match in matches}


@dataclass(frozen=True)
class Split:
    """How a dataset is split: in words, and counted.

    `sentences` counts by split, `labels` by layer and label and then by split; what is left out of
    all splits is counted under the empty string. `leaks` counts sentences held back that have a
    near-twin in train, `leaking_rows` the rows of these; `file` and `leaks_file` say where each is
    named. `shares` says which shares were asked and what came out, `warnings` what to know of that.
    """

    how: str
    sentences: Mapping[str, int]
    labels: Mapping[tuple[str, str], Mapping[str, int]]
    leaks: int
    leaking_rows: int
    file: str
    leaks_file: str
    shares: str = ""
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Contents:
    """What the card of a dataset says of it.

    `layers` and `states` are those that were taken, and `filters` says what else limits it, each in
    a sentence. `passed` counts sentences that were not taken, by why. `files` are the files of
    rows, the main one first, `losses` what the dialect could not hold, `unseen` what it does not
    show. `training` says how to read the forms for training, `adjudicator` whose coding is the
    adjudicated one, empty for none. `answers` are what a person said of the dataset.
    """

    book: Codebook
    version: str
    layers: Sequence[str]
    states: Sequence[str]
    dialect: Dialect
    files: Sequence[Written]
    counts: Counts
    losses: Mapping[str, int]
    unseen: Mapping[str, int] = field(default_factory=dict)
    filters: Sequence[str] = ()
    passed: Mapping[str, int] = field(default_factory=dict)
    split: Split | None = None
    training: str = ""
    adjudicator: str = ""
    answers: Answers = field(default_factory=dict)

    @property
    def coders(self) -> list[str]:
        """Whose work it is."""
        return sorted(self.counts.sentences)

    @property
    def title(self) -> str:
        """What the dataset is called."""
        return f"{printable(self.book.title or self.book.name)}, coded sentence by sentence"


def card(contents: Contents) -> bytes:
    """Return the dataset card: Markdown, with a head that dataset hubs read."""
    counts = contents.counts
    parts = [
        head(contents, contents.title),
        f"# {plain(contents.title)}",
        listed(_facts(contents)),
        "## Files",
        table(("file", "rows", "one row per"), _files(contents)),
        *_reading(contents),
        *_lost(contents),
        *(["## Forms for training", contents.training] if contents.training else []),
        *_by_themselves(contents.files),
        "## Labels",
        _codebook(contents),
        table(("layer", "label", "coder", "given", "rejected", "prevalence"), _labels(counts)),
        "Prevalence is the share of the coder's sentences that have the label"
        + (", those left out whose row has the layer in `unasked`." if counts.unasked else "."),
        "## Coders",
        table(
            ("coder", "sentences", "share of sentences", "marks", "share of marks"),
            _coders(contents),
        ),
        *_adjudicated(contents),
        *agreement(counts),
        *(_split(contents.split, contents.files, contents.coders) if contents.split else []),
        "## Licence",
        listed(list(_licences(contents))),
        "## Known limits",
        listed(list(limits(contents))),
        *datasheet(contents),
    ]
    return ("\n\n".join(parts) + "\n").encode()


_READING = f"""\
`{LABELS}` says what every label and slot means. `{CHECKSUMS}` is read by `sha256sum -c`.

- Every row of a file has the same keys. A list of the tables is empty and never null; null says:
  not known, not stated or not coded.
- `start` and `end` count Unicode code points of the whole text of the readout, from 0, the end not
  included: in Python, `text[start:end]`. Every such range was compared with its words when this was
  written.
- `id` of a sentence is `readout#sentence@coder`. The number is a name, not a place: it stays when
  sentences are split or joined. Rows are in the order of the text.
- `told_by` is the side whose account the readout is. A row says what that side says was said.
- `topics` is empty where the coder decided the sentence and gave it none. `rejected` holds labels
  that the coder considered and refused, `near_misses` why what looks like a commitment is none.
- `layers` names the layers whose marks the row has; of others it says nothing.
- `unasked` names those of them that nobody is known to have looked at: only a file of another
  program decided the sentence, which `imported` says, and does not speak of that layer; or a coder
  decided it before the layer was in the codebook, or in a dataset without it. That it has none of
  their labels says nothing.
- `marks` says of every mark where it comes from. `origin` is `human`, or `accepted` or `edited`
  where a person took a suggestion, or took and changed it. No suggestion is a mark unless a person
  took it. `imported` is true where it was taken in from a file of another program: its origin and
  its certainty say nothing then.
- `duplicate_of` names an earlier row of the same readout and coder with the same words: split by it
  before training and testing."""


def _reading(contents: Contents) -> Iterator[str]:
    """Say how the files are to be read: those with the rows of the reference, and any others."""
    main = contents.files[0].config
    yield _READING if main == SENTENCES.name else _ELSEWHERE.format(contents.dialect.unit)
    there = {one.table for one in contents.files if one.rows}
    empty = [f"`{one.name}`" for one in TABLES if one.name not in there]
    if main == SENTENCES.name and empty:
        yield (
            f"There are no rows of {' and '.join(empty)}: the head names no configuration of that"
            " name, and loading one is an error."
        )
    if main == SENTENCES.name:
        yield from _without_column(contents)
    if contents.dialect.reading:
        yield contents.dialect.reading


def _without_column(contents: Contents) -> Iterator[str]:
    """Say which slots may say what the columns that are called so cannot hold."""
    slots = dict.fromkeys(unfit(one for one in contents.book.layers if one.id in contents.layers))
    if slots:
        named = ", ".join(f"`{one}`" for one in slots)
        yield (
            "The codebook has slots whose values do not all fit the columns that are called so,"
            f" which are null or empty where they do not, and `marks` has them all: {named}."
        )


_ELSEWHERE = f"""\
`{LABELS}` says what every label and slot means. `{CHECKSUMS}` is read by `sha256sum -c`. Offsets
count: {{}}."""


def _by_themselves(files: Sequence[Written]) -> Iterator[str]:
    """Say how to load the tables that the head cannot name."""
    apart = [one.file for one in _apart(files)]
    if apart:
        names = " and ".join(f"`{file}`" for file in apart)
        yield (
            "The library `datasets` loads the tables of a folder in one form alone:"
            f" {names} {'stands' if len(apart) == 1 else 'stand'} in no configuration of the head."
            f' Load each by itself, as by `load_dataset("json", data_files="{apart[0]}")` within'
            " the folder."
        )


def _apart(files: Sequence[Written]) -> list[Written]:
    """Return the tables that are in another form than the first."""
    known = loadable(files)
    return [one for one in files if known and one.rows and one.typed and one not in known]


def _split(split: Split, files: Sequence[Written], coders: Sequence[str]) -> list[str]:
    """Say which split holds what, and what the others tell of it."""
    names = [*SPLITS, *([""] if split.sentences.get("") else [])]
    titles = [name or "left out" for name in names]
    rows = [
        ("sentences", "", *(split.sentences.get(name, 0) for name in names)),
        *(
            (f"`{layer}`", f"`{label}`", *(counts.get(name, 0) for name in names))
            for (layer, label), counts in sorted(split.labels.items())
        ),
    ]
    held = sum(split.sentences.get(name, 0) for name in SPLITS[1:])
    have = "has" if split.leaks == 1 else "have"
    leaks = (
        f"Of {many(held, 'sentence')} of validation and test, {split.leaks:,} {have} a near-twin in"
        f" train. `{split.leaks_file}` names each of their rows, those of every coder, so that they"
        f" can be left out: {split.leaking_rows:,}. Near-twins are sentences whose Jaccard index"
        f" over words is {LEAST} or more, as where one word in ten is another one: what both have,"
        " divided by what either has, a word as often as it stands, without case, in any order and"
        " after normalising to Unicode's NFKC;"
        " a character is a word where a script puts no blanks between words."
    )
    told = (
        f"{split.how} `{split.file}` names the group and the split of each readout, and what ties"
        " it to another one of its group."
    )
    tables = [*loadable(files), *_apart(files)]
    whole = ", ".join(f"`{one.file}`" for one in tables if one.rows and not one.split)
    if whole:
        leaks += (
            " These files hold the rows of all splits, and libraries load them as `train`:"
            f" {whole}. Take the rows of a split by the column `split`."
        )
    came = " ".join((f"Sentences by split: {split.shares}.", *split.warnings))
    if len(coders) > 1:
        came += " Sentences are counted once, marks with a label for each coder."
    return ["## Splits", told, came, table(("layer", "label", *titles), rows), leaks]


def _lost(contents: Contents) -> list[str]:
    """Say what the dialect and the forms for training could not hold, and what it keeps unseen."""
    parts: list[str] = []
    for title, kind, counts in (
        ("What this dataset cannot hold", "lost", contents.losses),
        ("What this form does not show, but keeps in our rows", "unseen", contents.unseen),
    ):
        if counts:
            rows = [(what, f"{count:,}") for what, count in sorted(counts.items())]
            parts += [f"## {title}", table((kind, "times"), rows)]
    return [*parts, f"`{LOSSES}` names the mark or sentence of each."] if parts else []


def _facts(contents: Contents) -> list[str]:
    counts = contents.counts
    each = ", counted for each coder" if len(contents.coders) > 1 else ""
    facts = [
        f"sentences{each}: {counts.total:,}, of them without any mark: {counts.bare:,}"
        + (
            f" ({'seen, and nothing found' if counts.all_seen else 'see Known limits'})"
            if counts.bare
            else ""
        ),
        f"marks{each}: {counts.marks.total():,} given"
        + (
            f"; {counts.rejected.total():,} rejected, which only the table of labels counts: a"
            " sentence with no other is one without any mark here"
            if counts.rejected
            else ""
        ),
        f"readouts: {counts.readouts:,}",
        f"coders: {', '.join(contents.coders)}",
        f"states of the sentences: {', '.join(contents.states)}",
        f"layers: {', '.join(contents.layers)}",
        f"codebook: {contents.book.stamp}",
        f"written by: Annotator {contents.version}",
    ]
    if counts.samples:
        facts.append(
            "sentences of readouts or codings that came with the program (`sample` is true):"
            f" {counts.samples}"
        )
    return facts


def _files(contents: Contents) -> list[tuple[Any, ...]]:
    return [(f"`{one.file}`", one.rows, one.row_of) for one in contents.files]


def _codebook(contents: Contents) -> str:
    return (
        f"The text of the codebook {contents.book.stamp}, with definitions, rules and what changed"
        f" in each version, is in `{LABELS}`. There, `index` is the number of a label: later"
        " versions of the codebook leave it as it is."
    )


def _labels(counts: Counts) -> list[tuple[Any, ...]]:
    return [
        (
            f"`{layer}`",
            f"`{label}`",
            coder,
            counts.given[key],
            counts.rejected[key],
            share(counts.bearing[key], counts.asked(layer, coder)),
        )
        for key in sorted({*counts.given, *counts.rejected})
        for layer, label, coder in (key,)
    ]


def _coders(contents: Contents) -> list[tuple[Any, ...]]:
    sentences, marks = contents.counts.sentences, contents.counts.marks
    return [
        (
            coder,
            sentences[coder],
            share(sentences[coder], sentences.total()),
            marks[coder],
            share(marks[coder], marks.total()),
        )
        for coder in contents.coders
    ]


def _adjudicated(contents: Contents) -> list[str]:
    counts = contents.counts
    if not contents.adjudicator:
        return []
    return [
        f"The coding of {contents.adjudicator} is the adjudicated one, as whoever exported it said"
        f" (`adjudicated` is true): {many(counts.adjudicated, 'sentence')}, {counts.settled:,} of"
        " them also decided by other coders with the same boundaries. The rows of the others stand"
        " beside it as they were coded."
    ]


def _licences(contents: Contents) -> Iterator[str]:
    if contents.book.licence:
        yield f"codebook: {quoted(contents.book.licence)}"
    licences, readouts = contents.counts.licences, contents.counts.readouts
    for licence in sorted(filter(None, licences)):
        yield (
            f"{licences[licence]:,} of {many(readouts, 'readout')}: {quoted(licence)}"
            f" ({_licensed(contents.counts, licence)})"
        )
    if None in licences:
        yield (
            f"{licences[None]:,} of {many(readouts, 'readout')}: none is known"
            f" ({_licensed(contents.counts, None)}). Ask who issued them."
        )
    if contents.files[0].config == SENTENCES.name:
        yield "`licence` of each row is that of its readout; null says that none is known."
    yield f"the codings, and so the whole: {answer(contents, 'licence')}"


def _licensed(counts: Counts, licence: str | None) -> str:
    named = counts.licensed[licence]
    more = counts.licences[licence] - len(named)
    return ", ".join([*map(plain, named), *([f"{more:,} more"] if more else [])])
