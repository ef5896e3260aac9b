"""The known limits of a dataset, and the questions of a datasheet as far as its data answer them.

The questions are those of Gebru et al., “Datasheets for Datasets” (2021). What only a person can
answer is said to be open, and nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from annotator.formats.labelset import LABELS
from annotator.formats.markdown import listed, plain, quoted, share
from annotator.model.answers import Question, given, unanswered
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.formats.card import Contents
    from annotator.formats.counts import Counts

_PERSON: Final = "a person has to say"


def limits(contents: Contents) -> Iterator[str]:
    """Yield what is known to limit what can be learnt from a dataset, each as a sentence."""
    counts, total = contents.counts, contents.counts.total
    yield from map(plain, contents.filters)
    for why, count in sorted(contents.passed.items()):
        yield f"Sentences of the readouts that were looked through, left out as {why}: {count:,}."
    if len(contents.coders) == 1:
        yield f"Everything is of one coder, {contents.coders[0]}."
    elif counts.shared:
        whose = contents.adjudicator
        holds = f"Those of {whose} are the adjudicated ones" if whose else "No row is adjudicated"
        yield (
            f"Sentences that several coders decided, with a row for each: {counts.shared:,}."
            f" {holds}."
        )
    else:
        yield (
            "No sentence was decided by more than one coder: what differs between coders cannot be"
            " told from what differs between texts."
        )
    if counts.unseen:
        yield (
            "Sentences that a file of another program alone decided, and no coder since:"
            f" {counts.unseen:,} of {total:,}. That such a sentence lacks a label or a"
            " layer does not say that anybody looked for it; `unasked` of the rows names the layers"
            " that nobody is known to have looked at."
        )
    if counts.partial:
        yield (
            "Sentences that a coder decided who is not known to have been asked of every layer, as"
            " it came into the codebook later, or was not in the dataset that they were taken from:"
            f" {counts.partial:,} of {total:,}. `unasked` of the rows names these layers; that such"
            " a sentence has none of their labels does not say that anybody looked for one."
        )
    if counts.samples:
        yield (
            "Sentences of readouts or codings that came with the program:"
            f" {counts.samples:,} of {total:,}."
        )
    yield f"Languages, by readouts: {_shares(counts.languages)}."
    if counts.translations:
        yield f"Readouts that are translations: {counts.translations:,} of {counts.readouts:,}."
    if counts.without_event:
        yield (
            f"Readouts whose event is not known: {counts.without_event:,} of {counts.readouts:,}."
            " Those that tell the same one cannot be kept together."
        )
    if counts.duplicates:
        yield (
            "Sentences that repeat the words of an earlier one of the same readout, which"
            f" `duplicate_of` names: {counts.duplicates:,}."
        )
    if counts.unplaced:
        yield f"Marks left out as their place in a changed text is open: {counts.unplaced:,}."
    yield from _doubts(contents)
    never = list(_never_given(contents))
    if never:
        yield f"Labels that nobody gave: {', '.join(f'`{label}`' for label in never)}."


def _doubts(contents: Contents) -> Iterator[str]:
    """Yield of how many marks the coders, or others, are not sure."""
    kinds = contents.counts.kinds
    marks = kinds.total()
    low = sum(count for (_, certainty, _), count in kinds.items() if certainty == "low")
    doubtful = sum(count for (*_, doubtful), count in kinds.items() if doubtful)
    if low:
        yield f"Marks of which the coder was not sure (`certainty` is low): {low:,} of {marks:,}."
    if doubtful:
        yield f"Marks that are to be looked at again (`doubtful`): {doubtful:,} of {marks:,}."


def _never_given(contents: Contents) -> Iterator[str]:
    given = {(layer, label) for layer, label, _ in contents.counts.given}
    for name in contents.layers:
        layer = contents.book.layer(name)
        for label in layer.in_use if layer else ():
            if (name, label.id) not in given:
                yield f"{name}:{label.id}"


def datasheet(contents: Contents) -> Iterator[str]:
    """Yield the sections of the datasheet."""
    yield "## Datasheet"
    if unanswered(contents.answers):
        yield (
            "TODO is what only a person can say: under `[card]` in the project's `annotator.toml`,"
            " by the name in brackets. Every export takes it from there."
        )
    for title, answers in (
        ("Motivation", _motivation(contents)),
        ("Composition", _composition(contents)),
        ("Collection", _collection(contents)),
        ("Coding", _coding(contents)),
        ("Uses", _uses(contents)),
        ("Distribution and maintenance", _maintenance(contents)),
    ):
        yield f"### {title}"
        yield listed([f"{question} {answer}" for question, answer in answers])


def answer(contents: Contents, question: Question, what: str = _PERSON) -> str:
    """Return what a person said to a question; until then, that it is open, and `what` is."""
    said = given(contents.answers, question)
    return plain(said) if said else f"TODO (`{question}`): {what}."


_Answers = Iterator[tuple[str, str]]


def _motivation(contents: Contents) -> _Answers:
    yield "For what purpose was the dataset created?", answer(contents, "purpose")
    yield "Who created it, and for whom?", answer(contents, "creators")
    yield "Who paid for it?", answer(contents, "funding")


def _composition(contents: Contents) -> _Answers:
    counts = contents.counts
    yield (
        "What do the instances represent?",
        "Sentences of diplomatic readouts, each as one coder decided it. Kinds of documents, by"
        f" readouts: {_shares(counts.documents)}.",
    )
    yield (
        "How many are there?",
        f"{many(counts.total, 'sentence')} of {many(counts.readouts, 'readout')}{_each(contents)},"
        f" with {many(counts.marks.total(), 'mark')}; without any mark: {counts.bare:,}.",
    )
    yield (
        "Is it a sample of a larger set?",
        answer(contents, "sampling", "how the readouts were chosen"),
    )
    yield (
        "What is missing?",
        "Known limits, above, count what was left out. Null in a row says: not known, not stated or"
        " not coded.",
    )
    splits = contents.split
    yield (
        "Are there recommended splits?",
        "Yes, see Splits." if splits else "None was made for this export.",
    )
    yield "Which time do they tell of?", _between(counts.events, "dates of events")
    yield (
        "Does it hold confidential or offensive matter, or name people?",
        answer(
            contents,
            "sensitive",
            "readouts name those who spoke; whether more than that has to be said, a person has to"
            " judge",
        ),
    )


def _each(contents: Contents) -> str:
    """Say that a sentence counts for each coder, where there are several."""
    return ", each counted for every coder of it" if len(contents.coders) > 1 else ""


def _collection(contents: Contents) -> _Answers:
    counts = contents.counts
    yield (
        "Where do the readouts come from?",
        f"By who issued them: {_shares(counts.issuers)}. `source_url` and `retrieved` of a document"
        " say more where they are known.",
    )
    yield "When were they published?", _between(counts.published, "dates of publication")
    yield (
        "How were they collected, by whom, and was it reviewed?",
        answer(contents, "collection"),
    )


def _coding(contents: Contents) -> _Answers:
    counts = contents.counts
    dates = (counts.coded[0][:10], counts.coded[1][:10]) if counts.coded else None
    known = [_between(dates, "dates of marks")] if dates or not counts.taken else []
    yield "When was it coded?", " ".join([*known, *_imported(counts)])
    yield (
        "Who coded it?",
        f"{', '.join(contents.coders)}. "
        + answer(contents, "coders", "who they are, how they were trained and paid"),
    )
    yield (
        "Where do the labels come from?",
        (
            f"By origin of the marks: {_shares(counts.origins)}. {_givers(counts)}"
            if counts.origins
            else "There is no mark."
        ),
    )
    yield (
        "By which rules?",
        f"Those of the codebook {contents.book.stamp}, whose text is in `{LABELS}`; each mark says"
        " under which version it was made"
        + (", or, from a file, under which it was taken in." if counts.taken else "."),
    )
    yield (
        "What was done to the texts?",
        "They were cut into sentences, which coders may have put right; no word was changed."
        " `sha256` is that of the raw file.",
    )


def _imported(counts: Counts) -> Iterator[str]:
    if counts.taken:
        when = _between((counts.taken[0][:10], counts.taken[1][:10]), "dates of their marks")
        yield (
            "When the files were coded whose marks were taken in is not known; they were taken in:"
            f" {when}"
        )


def _givers(counts: Counts) -> str:
    """Say who gave the marks, as far as the project knows."""
    if not counts.foreign:
        return "A person gave or took each one."
    others = counts.origins.total() - counts.foreign
    return (
        f"Taken in from files of other programs: {counts.foreign:,}, each with an id that is an `i`"
        " and 16 hexadecimal digits behind its `#`. Who gave these there, how and by which rules"
        " the project does not know, and `origin` in their rows does not tell."
        + (" A person gave or took each other one." if others else "")
    )


def _uses(contents: Contents) -> _Answers:
    yield "What has it been used for?", answer(contents, "uses")
    yield "What should it not be used for?", answer(contents, "misuses")
    yield (
        "What has a user to know?",
        "A readout is one side's account: a row says what that side says was said.",
    )


def _maintenance(contents: Contents) -> _Answers:
    yield (
        "How and under which terms is it passed on?",
        answer(contents, "terms", "see Licence for the readouts"),
    )
    yield "Who maintains it, and who takes corrections?", answer(contents, "maintainers")
    yield "Will older versions be kept?", answer(contents, "versions")


def _shares(counted: Mapping[str, int] | Mapping[str | None, int]) -> str:
    """Return what was counted, the most frequent first, with its shares."""
    whole = sum(counted.values())
    order = sorted(counted.items(), key=lambda one: (-one[1], one[0] or ""))
    return ", ".join(
        f"{quoted(name) if name else 'not known'} {count:,} ({share(count, whole)})"
        for name, count in order
    )


def _between(dates: tuple[str, str] | None, what: str) -> str:
    if dates is None:
        return f"Not known: there are no {what}."
    first, last = map(plain, dates)
    return f"{first}, by the {what}." if first == last else f"{first} to {last}, by the {what}."
