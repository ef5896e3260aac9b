"""Taking in what a file tells as suggestions: nobody's marks, until a coder takes them.

It is read, placed and given homes as marks are that are taken in, and each readout gets all of its
suggestions or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from annotator.errors import AnnotatorError, InputError
from annotator.files import printable
from annotator.formats import carried
from annotator.formats.told import Tag, Told
from annotator.model.casting import named_by
from annotator.model.edit import Coding
from annotator.model.mark import Mark, RefValue, Slots
from annotator.model.readout import Readout
from annotator.model.suggestion import LONGEST_SOURCE, Suggestion
from annotator.model.text import Span
from annotator.pipeline import passages, relating, suggestions
from annotator.pipeline.bringing_words import homeless, is_spread
from annotator.pipeline.gathering import Group, Loose, gathered
from annotator.pipeline.homes import Home, HomesOf
from annotator.pipeline.suggestions import Added
from annotator.pipeline.taking import Reading
from annotator.pipeline.units import Units

if TYPE_CHECKING:
    from annotator.pipeline.project import Project


_REFERENCES: Final = "references to other marks"
_NOTES: Final = "notes on sentences"
_FLAGS: Final = "flags of sentences"
_NAMES: Final = 5
_TWICE: Final = "lower scores of what a source suggests twice"
_EQUAL: Final = "labels that say the same as another of their source"


@dataclass(frozen=True)
class Suggester:
    """Whose suggestions they become, `source` for all or `otherwise` where the file names nobody.

    `at` is UTC in ISO 8601.
    """

    homes: HomesOf
    at: str
    otherwise: str
    source: str | None = None

    def of(self, said: str | None) -> str:
        """Return the name of the source of what somebody says, ready to be shown."""
        return self.source or shown(said or self.otherwise)


def shown(name: str) -> str:
    """Return a name from outside as that of a source: printable, and not too long."""
    return printable(name).strip()[:LONGEST_SOURCE].strip() or "unnamed"


def require_source(name: str) -> str:
    """Return a name that somebody chose; raises InputError where it cannot be a source's."""
    if name != shown(name):
        raise InputError(
            f"“{printable(name[:LONGEST_SOURCE])}” cannot be the name of a source: it takes up to"
            f" {LONGEST_SOURCE} characters that can be seen.",
            "Choose another one with --as.",
        )
    return name


@dataclass(frozen=True)
class Plan:
    """What a readout would get; `refused` counts labels that the file refuses itself.

    `left` counts what else the file says and no suggestion holds, by what that is. `loose` has
    those of words that nothing ties to others of the same label. `spread` counts labels of whole
    texts that have several sentences, and `notices` name whom a mark that is taken may leave out.
    `passages` has for each label of words in several sentences, be it left out or given to each,
    how many these are.
    """

    suggestions: tuple[Suggestion, ...]
    added: Added
    problems: tuple[str, ...] = ()
    refused: int = 0
    left: Mapping[str, int] = field(default_factory=dict)
    loose: tuple[Loose, ...] = ()
    spread: int = 0
    notices: tuple[str, ...] = ()
    passages: tuple[int, ...] = ()


def preview(project: Project, reading: Reading, suggester: Suggester) -> dict[str, Plan]:
    """Return what each readout would get beside what is kept for it now; nothing is written."""
    found = {}
    for readout_id, told in sorted(reading.told.items()):
        readout = project.readout(readout_id)
        try:
            work = _Work(project, readout, suggester)
            work.take(told)
            before = suggestions.kept(project, readout)
            new = tuple(work.found.values())
            added = suggestions.compared(before, new)
            found[readout_id] = Plan(
                new,
                added,
                tuple(work.problems),
                work.refused,
                work.left,
                tuple(work.loose),
                work.spread,
                work.notices(),
                tuple(work.passages),
            )
        except AnnotatorError as error:
            found[readout_id] = Plan((), Added(), (f"{readout_id}: {error}",))
    return found


def take(project: Project, plans: dict[str, Plan]) -> Iterator[tuple[str, Added | AnnotatorError]]:
    """Keep what was planned for each readout, and tell what came of it, or why nothing did."""
    for readout_id, plan in plans.items():
        try:
            readout = project.readout(readout_id)
            yield readout_id, suggestions.add(project, readout, plan.suggestions)
        except AnnotatorError as error:
            yield readout_id, error


class _Work:
    def __init__(self, project: Project, readout: Readout, suggester: Suggester) -> None:
        self._book, self._readout, self._suggester = project.codebook, readout, suggester
        coding = project.first_edit(readout, suggester.at).apply(Coding())
        self._units = Units(readout, coding)
        self.found: dict[str, Suggestion] = {}
        self.problems: list[str] = []
        self.refused = self.spread = 0
        self._strangers: dict[str, str] = {}
        self.loose: list[Loose] = []
        self.passages: list[int] = []
        self.left: Counter[str] = Counter()

    def take(self, told: Iterable[Told]) -> None:
        for one in told:
            source = self._suggester.of(one.coder)
            names = {who.id: who.name for who in (one.document.entities if one.document else ())}
            for row in one.rows:
                marks = carried.sentence(row).marks
                self._take_marks(Span.of(self._readout.text, row.start, row.end), marks, one)
                named = {who for mark in marks if not mark.rejected for who in named_by(mark)}
                strangers = (who for who in sorted(named) if not self._readout.cast.get(who))
                self._strangers |= {who: names.get(who, who) for who in strangers}
                self.left[_NOTES] += bool(row.note)
                self.left[_FLAGS] += row.flagged
            self.refused += sum(tag.rejected for tag in one.tags)
            split, lengths = passages.on_each(one, self._suggester.homes, self._units)
            self.passages += lengths
            homes, keys_of = self._suggester.homes, partial(self._keys, split)
            found = gathered(split, homes, keys_of, related=False)
            self.loose += found.loose
            for group in found.groups:
                if not group[0][0].rejected:
                    self._take_group(group, split, source)

    def notices(self) -> tuple[str, ...]:
        """Name those of the file's cast whom the readout's file does not name."""
        if not self._strangers:
            return ()
        names = ", ".join(map(printable, islice(self._strangers.values(), _NAMES)))
        more = len(self._strangers) - _NAMES
        return (
            f"{self._readout.id}: suggestions name {names}{f' and {more} more' * (more > 0)}, whom"
            " the file of the readout does not; a mark that a coder takes has them only where the"
            " coder's cast does. Take them into the cast before.",
        )

    def _keys(self, told: Told, tag: Tag) -> list[int]:
        return self._units.within(*told.range_of(tag))

    def _take_marks(self, where: Span, marks: Sequence[Mark], told: Told) -> None:
        """Suggest the marks of a sentence of ours, without what they refer to."""
        for mark in marks:
            if mark.rejected:
                self.refused += 1
                continue
            slots: Slots = {}
            for name, values in mark.slots.items():
                kept = tuple(value for value in values if not isinstance(value, RefValue))
                self.left[_REFERENCES] += len(values) - len(kept)
                if kept:
                    slots[name] = kept
            source = self._suggester.of(told.coder or mark.provenance.coder)
            self._suggest(mark.layer, mark.label, where, slots, source, told.place, mark=mark)

    def _take_group(self, group: Group, told: Told, source: str) -> None:
        """Suggest what a group of labels says; it is as sure as the least sure of them."""
        tag, home = group[0]
        keys = self._keys(told, tag)
        if len(keys) != 1:
            self.spread += is_spread(tag, keys)
            over = passages.is_passage(tag, keys)
            self.passages += [len(passages.pieces(tag, told, self._units))] * over
            self._refuse(told.place, homeless(tag, keys), passages.REMEDY * over)
            return
        scores = [one.score for one, _ in group if one.score is not None]
        if not all(0 <= score <= 1 for score in scores):
            self._refuse(
                told.place, f"the score of “{printable(tag.label)}” is not between 0 and 1"
            )
            return
        slots: Slots = {}
        unnamed: list[str] = []
        for one, its in group:
            self._fill(slots, unnamed, one, its, told)
        places = [told.range_of(one) for one, _ in group if one.start is not None]
        around = self._units.now(keys[0])
        start = min((first for first, _ in places), default=around.start)
        end = max((last for _, last in places), default=around.end)
        self._suggest(
            home.layer,
            home.to,
            Span.of(self._readout.text, start, end),
            slots,
            source,
            told.place,
            score=min(scores, default=None),
            unnamed=tuple(unnamed) or None,
        )

    def _fill(self, slots: Slots, unnamed: list[str], tag: Tag, home: Home, told: Told) -> None:
        """Put the words of a label into its slot, or the slot to those that name nobody."""
        slot = self._suggester.homes.slot(home.layer, home.to, home.slot)
        parts = [Span.of(self._readout.text, *part) for part in told.parts_of(tag)]
        if slot is None or not parts:
            return
        filled = relating.own(slot, parts, tag.label, self._readout.cast)
        lost: InputError | None
        if isinstance(filled, InputError):
            unnamed.append(slot.id)
            lost = filled
        else:
            slots[slot.id], lost = filled.beside((), home.to)
        if lost is not None:
            self.problems.append(f"{told.place}: {lost}; {relating.WITHOUT}.")

    def _suggest(
        self,
        layer: str,
        label: str,
        span: Span,
        slots: Slots,
        source: str,
        place: str,
        *,
        score: float | None = None,
        mark: Mark | None = None,
        unnamed: tuple[str, ...] | None = None,
    ) -> None:
        readout = self._readout
        try:
            made = Suggestion(
                layer=layer,
                label=label,
                span=span,
                slots=slots,
                unnamed=unnamed,
                source=source,
                score=score,
                certainty=mark.certainty if mark and mark.certainty != "high" else None,
                note=(mark.note or None) if mark else None,
                codebook=self._book.stamp,
                text_sha256=readout.text_sha256,
            )
        except ValidationError:
            self._refuse(place, f"“{printable(label)}” cannot be a label")
            return
        placed = made.placed(readout.text, readout.text_sha256)
        current = placed.current(self._book) if placed else None
        if current is None:
            why = "is not given by the codebook so" if placed else "has words that stand elsewhere"
            self._refuse(place, f"{layer} {label} {why}")
        else:
            self._keep(current)

    def _keep(self, one: Suggestion) -> None:
        """Keep the surest of those that say the same by the same source."""
        known = self.found.setdefault(one.id, one)
        if known != one:
            self.left[_TWICE] += 1
            self.found[one.id] = max(known, one, key=lambda each: each.score or 0)
        elif known is not one:
            self.left[_EQUAL] += 1

    def _refuse(self, place: str, why: str, remedy: str = "") -> None:
        self.problems.append(f"{place}: {why}; it was left out. {remedy}".rstrip())
