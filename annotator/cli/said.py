"""What is said of work that is taken in, as marks or as suggestions."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from annotator import console
from annotator.errors import AnnotatorError
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.model.codebook import Codebook
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


def verb(count: int, *, yes: bool) -> str:
    """Return the verb of what is done to so many, or would be without yes."""
    return "would be" if not yes else "is" if count == 1 else "are"


def warn_loose(loose: Sequence[Sequence[int]], homes: HomesOf, what: str) -> None:
    """Say how much stands apart for want of a relation; `loose` has keys of sentences."""
    count, sentences = sum(map(len, loose)), sum(len(set(keys)) for keys in loose)
    if not count:
        return
    remedy = (
        "A slot has words twice there, and “join” cannot tell which belong together."
        if homes.homes.join
        else "“join = true” in the homes file makes one of words for different slots of a label."
    )
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


def end(failed: Sequence[AnnotatorError | None], wanted: int) -> None:
    """Say where nothing is new; raises AnnotatorError where readouts were left as they were.

    `failed` has what stopped each of these; the highest of their exit codes is that of the whole.
    """
    if not wanted:
        console.say("Nothing new is taken in.")
    if failed:
        done = wanted - len(failed)
        console.say(f"Done in {done:,} of {many(wanted, 'readout')}; nothing in the others.")
        left = "was left as it is" if len(failed) == 1 else "were left as they are"
        error = AnnotatorError(
            f"{many(len(failed), 'readout')} {left}.", "Call again once it is mended."
        )
        error.exit_code = max(one.exit_code if one else error.exit_code for one in failed)
        raise error


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
