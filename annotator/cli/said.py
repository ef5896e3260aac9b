"""What is said of work that is taken in, as marks or as suggestions."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from annotator import console
from annotator.errors import AnnotatorError
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
    from annotator.pipeline.gathering import Loose
    from annotator.pipeline.homes import Home, Homes, HomesOf
    from annotator.pipeline.taking import Reading

_MOST = 20
"""Problems that are said one by one on a terminal."""
_LONGEST = 60
"""Characters of a foreign label that a table shows."""
_NOTHING = "nothing: no home"
_WAITS = "nothing yet: {}?"


def have(count: int) -> str:
    """Return the verb of what so many have."""
    return "has" if count == 1 else "have"


def verb(*, yes: bool) -> str:
    """Return the verb of what comes next, or would come with yes: nothing is done yet."""
    return "will" if yes else "would"


def warn_loose(loose: Sequence[Sequence[Loose]], homes: HomesOf, what: str) -> None:
    """Say how much stands apart for want of a relation, by texts."""
    count, sentences = sum(map(len, loose)), sum(len({one.key for one in own}) for own in loose)
    if not count:
        return
    joins = sum(one.joins for own in loose for one in own)
    remedy = "A slot has words twice there, and “join” cannot tell which belong together."
    if joins and not homes.homes.join:
        remedy = "“join = true” in the homes file makes one of words for different slots of a label"
        remedy += f", here of {joins:,} of them." if joins < count else "."
    console.warn(
        f"{many(count, what)} in {many(sentences, 'sentence')}: nothing in the file ties their"
        f" words together, and each stands for itself. {remedy}"
    )


def warn_doubtful(reading: Reading) -> None:
    """Say what is taken as it stands, and may be meant otherwise."""
    if reading.shifted:
        count = reading.shifted.total()
        where = many(len(reading.shifted), "text")
        begin = "begins or ends" if count == 1 else "begin or end"
        console.warn(
            f"{many(count, 'span')} in {where} {begin} inside a word, first in"
            f" {next(iter(reading.shifted))}: offsets of this form count UTF-16 code units, of"
            " which an emoji has two. If the file counts code points, convert them first."
        )
    if reading.unlike:
        first, second = next(iter(reading.unlike.values()))
        count = len(reading.unlike)
        console.warn(
            f"{many(count, 'text')} of the file {'has' if count == 1 else 'have'} answers that"
            " differ, by one coder or by nobody who is named, such as in"
            f" {first} and {second}: all that was said is taken together."
        )


def warn_spread(count: int) -> None:
    """Say how many labels of whole texts have no home, as these have several sentences."""
    if count:
        console.warn(
            f"{many(count, 'label')} of whole texts that have several sentences"
            f" {'was' if count == 1 else 'were'} left out: a mark is of one sentence, and the file"
            " does not say of which. Mark its words there, or give each sentence as a text of its"
            " own."
        )


def tell_passages(lengths: Sequence[int], *, each: bool) -> None:
    """Say how many labels are of words in several sentences, and of how many each makes."""
    if not lengths:
        return
    labels, whole = many(len(lengths), "label"), sum(lengths)
    stand, were, are, them = ("stands", "was", "is", "it")
    if len(lengths) > 1:
        stand, were, are, them = ("stand", "were", "are", "them")
    if each:
        console.say(
            f"{labels} that {stand} over several sentences {are} {whole:,}, one for each sentence,"
            " as “each = true” in the homes file says."
        )
    else:
        console.warn(
            f"{labels} that {stand} over several sentences {were} left out, as a mark is of one."
            f" “each = true” at the head of the homes file makes {whole:,} of {them}, one for each"
            " sentence: say so only where they are true of each."
        )


def warn(problems: Sequence[str], rest: str = "more could not be taken") -> None:
    """Say what is wrong: all of it to a file or another program, the first of it to a person."""
    most = _MOST if sys.stderr.isatty() else len(problems)
    for problem in problems[:most]:
        console.warn(problem)
    if len(problems) > most:
        console.warn(f"{len(problems) - most:,} {rest}; “2> FILE” writes all of them into a file.")


def tell_changes(reading: Reading) -> None:
    """Say what another program changed of our own rows since they were exported."""
    if reading.moved:
        were, read = ("was", "is read") if reading.moved == 1 else ("were", "are read")
        console.say(
            f"{many(reading.moved, 'slot')} of our own rows {were} moved to other words in the"
            f" file, and {read} with these."
        )
    if reading.valued:
        is_, read = ("is", "is read") if reading.valued == 1 else ("are", "are read")
        console.say(
            f"{many(reading.valued, 'value')} of slots of our own rows {is_} new in the file, and"
            f" {read} so."
        )
    count = len(reading.gone)
    if count:
        are, their = ("is", "its") if count == 1 else ("are", "their")
        console.warn(
            f"{many(count, 'mark')} of our own rows {are} gone: {their} labels were taken away in"
            " the file. A sentence that was done stays done without."
        )
        warn(reading.gone, "more are gone")
    count = len(reading.without)
    if count:
        were, mark = ("was", "its mark is") if count == 1 else ("were", "their marks are")
        console.warn(
            f"{many(count, 'value')} of slots of our own rows {were} taken away in the file;"
            f" {mark} without."
        )
        warn(reading.without, "more like these")


def tell_silent(reading: Reading, book: Codebook) -> None:
    """Say which layers of the codebook are not in a dataset of ours."""
    from annotator.pipeline.asked import silent

    rows = (row for every in reading.told.values() for one in every for row in one.rows)
    layers = silent(rows, book)
    if layers:
        what, these = ("layer", "it") if len(layers) == 1 else ("layers", "these")
        console.say(
            f"The dataset says nothing of the {what} {', '.join(layers)}: what comes from it counts"
            f" as not asked of {these}."
        )


def each_done(outcomes: Iterable[tuple[str, str | AnnotatorError]], wanted: int) -> None:
    """Say of each readout what was done in it, or what stopped it, and at the end of how many.

    That is said too where it is broken off. Raises AnnotatorError where readouts were left as they
    were; the highest of the exit codes of what stopped them is that of the whole.
    """
    done, failed = 0, list[AnnotatorError]()
    of_all = f"of {many(wanted, 'readout')}"
    try:
        for readout, outcome in outcomes:
            if isinstance(outcome, AnnotatorError):
                failed.append(outcome)
                console.warn(f"{readout}: {outcome}")
            else:
                done += 1
                console.say(f"{readout}: {outcome}.")
    except (KeyboardInterrupt, OSError):
        with suppress(OSError):  # The terminal may be what is gone.
            console.warn(f"Done in {done:,} {of_all}; call again to go on.")
        raise
    if failed:
        console.say(f"Done in {done:,} {of_all}; nothing in the others.")
        left = "was left as it is" if len(failed) == 1 else "were left as they are"
        error = AnnotatorError(
            f"{many(len(failed), 'readout')} {left}.", "Call again once it is mended."
        )
        error.exit_code = max(one.exit_code for one in failed)
        raise error
    if done:
        console.say(f"Done in {many(done, 'readout')}.")


def tell_homes(homes: Homes, wait: Homes, book: Codebook) -> None:
    """Say what becomes of each label and relation; those that `wait` become nothing yet."""
    labels = [*_labels(homes, "{}", book), *_labels(wait, _WAITS, book)]
    if labels:
        console.table(("field", "label", "times", "becomes"), sorted(labels), "llrl")
    relations = [*_relations(homes, "{}"), *_relations(wait, _WAITS)]
    if relations:
        console.table(("relation", "from", "to", "times", "becomes"), sorted(relations), "lllrl")


def _labels(homes: Homes, form: str, book: Codebook) -> Iterator[tuple[str, ...]]:
    for one in homes.home:
        named = " ".join(filter(None, (one.layer, _as_now(one, book), one.slot)))
        becomes = form.format(console.shown(named)) if one.layer else _NOTHING
        yield _cut(one.field), _cut(one.label), f"{one.times:,}", becomes


def _as_now(home: Home, book: Codebook) -> str:
    """Return the label of a home, of a former one with that of now."""
    from annotator.pipeline.homes import became

    layer, how = book.layer(home.layer), became(book, home.layer, home.to)
    return f"{home.to} → {layer.current(home.to)} ({how})" if layer and how else home.to


def _relations(homes: Homes, form: str) -> Iterator[tuple[str, ...]]:
    for one in homes.relation:
        becomes = form.format(f"{one.slot} of {_cut(one.owner)}") if one.slot else _NOTHING
        yield _cut(one.label), _cut(one.head), _cut(one.child), f"{one.times:,}", becomes


def _cut(label: str) -> str:
    """Return a label of a file as a table has room for it."""
    shown = console.shown(label[:_LONGEST])
    return f"{shown}…" if len(label) > _LONGEST else shown
