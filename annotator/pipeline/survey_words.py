"""How a split of a dataset is told: how it was made, and what is to be known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from annotator.files import printable
from annotator.formats.markdown import plain
from annotator.model.grouping import STOCK
from annotator.model.splitting import SPLITS, Split, Splits
from annotator.model.tying import BYS, By, Tie
from annotator.plural import many

SHORT: Final = 5
"""Sentences of fewer words are formulas, which many readouts share."""

_GROUPED: Final = (
    "Readouts that tell one event, translate each other or are counterparts, have one text, or"
    " share half of the sentences of the shorter one, at least two where it has two, are in one"
    " group, and so is what these lead to; a group is in one split. Sentences are shared where they"
    " are near-twins, or near-twins of near-twins, and so on. Formulas, which stand in more than"
    f" {STOCK} groups, do not count as shared, but where readouts share four fifths of the longer"
    f" one; sentences of fewer than {SHORT} words never count."
)
_BY_LOT: Final = (
    " Where a group goes, a hash of its name and the seed {seed} tells, or where its readouts were"
    " in an earlier export."
)
_MOVED: Final = (
    " Readouts that moved since an earlier export, as their group is now one with a group that was"
    " held back: {moved}."
)
_ELSEWHERE: Final = "Elsewhere than in {where} ({how}): {names}{spoilt}."
_SPOILT: Final = "; in test there and in train here: {names}"
_UNDATED: Final = (
    " {count} without a date, in a group without one, are in train, though they may be later than"
    " the test: {names}."
)
_VAGUE: Final = (
    " A date that is only a year or a month counts as its last day, as its readout may be that"
    " late: {count}, {names}."
)
_MAY_BE_HELD: Final = (
    " Not held back, though they may be of {held}, as their metadata name no {what}: {count},"
    " {names}."
)
_HOW: Final = {
    "event": _GROUPED + _BY_LOT,
    "time": _GROUPED + " The latest groups are the test, those before them the validation.",
    "side": "The test holds the readouts told by {held}; others that tell the same events are left"
    " out. " + _GROUPED + _BY_LOT,
    "issuer": "The test holds the readouts issued by {held}; others that tell the same events are"
    " left out. " + _GROUPED + _BY_LOT,
    "dyad": "The test holds the readouts of {held}. " + _GROUPED + _BY_LOT,
}
_NEEDED: Final = {
    "side": "issuing_side",
    "issuer": "issuer",
    "dyad": "participants of the event, or not the country of each",
}
_TIES: Final[Mapping[By, str]] = {
    "event": "one event with {to}",
    "relation": "translation, original or counterpart of {to}",
    "text": "same text as {to}",
    "sentences": "shares {shared} of {of} sentences with {to}",
}
_THROUGH: Final = ", {far} of them only through near-twins of near-twins"
_TIED: Final[Mapping[By, str]] = {
    "event": "its event",
    "relation": "a translation or counterpart",
    "text": "the same text",
    "sentences": "shared sentences",
}
_NAMED: Final = 12
"""Labels that are named on a screen where a split lacks more."""


def how(splits: Splits) -> str:
    """Say how a split was made, with all readouts that went where they may not belong."""
    plan, unknown = splits.plan, splits.unknown
    held = printable(plan.held)
    said = _HOW[plan.by].format(seed=splits.seed, held=held)
    said += "".join(f" {plain(one)}" for one in elsewhere(splits))
    if splits.moved:
        said += _MOVED.format(moved=_quoted(splits.moved))
    if unknown:
        told = _UNDATED if plan.by == "time" else _MAY_BE_HELD
        said += told.format(
            count=many(len(unknown), "readout"),
            held=held,
            what=_NEEDED.get(plan.by, ""),
            names=_quoted(unknown),
        )
    if splits.vague:
        count = many(len(splits.vague), "readout")
        said += _VAGUE.format(count=count, names=_quoted(splits.vague))
    return said


def tie(one: Tie) -> str:
    """Say why a readout is in its group."""
    said = _TIES[one.by].format(to=one.to, shared=one.shared, of=one.of)
    return said + (_THROUGH.format(far=one.shared - one.near) if one.near < one.shared else "")


def large(splits: Splits, group: str, share: float) -> str:
    """Say what makes a group that holds such a share of the sentences."""
    names = [name for name, one in splits.groups.items() if one == group]
    found = [splits.ties[name] for name in names if name in splits.ties]
    by = Counter(one.by for one in found)
    ties = ", ".join(f"{many(by[one], 'readout')} by {_TIED[one]}" for one in BYS if by[one])
    far = sum(one.near < one.shared for one in found)
    ties += f" ({far:,} of them in part only through near-twins of near-twins)" if far else ""
    return (
        f"The group “{printable(group)}” holds {len(names):,} of"
        f" {many(len(splits.groups), 'readout')} and {share:.0%} of the sentences, and is never"
        f" divided; what ties it: {ties}."
    )


def of_nobody(by: str) -> str:
    """Say that no metadata tell what readouts are held back by."""
    return f"Their metadata name no {_NEEDED[by]}."


def unknown(splits: Splits) -> list[str]:
    """Say which readouts were placed without what the split goes by, and what can be done."""
    if not splits.unknown:
        return []
    names, by = first(splits.unknown), splits.plan.by
    if by == "time":
        return [
            f"In train, as they have no date: {names}. Give their metadata the date of the event or"
            " of publication (M on the screen)."
        ]
    return [
        f"Not held back, as their metadata name no {_NEEDED[by]}: {names}. Give it to them (M on"
        " the screen)."
    ]


def vague(splits: Splits) -> list[str]:
    """Say which readouts were placed by the last day of a year or a month, and what can be done."""
    if not splits.vague:
        return []
    return [
        "Placed by the last day that they may be of, as their date is only a year or a month:"
        f" {first(splits.vague)}. Give their metadata the day (M on the screen)."
    ]


def elsewhere(splits: Splits) -> list[str]:
    """Say what stands elsewhere than in each earlier split that was made in another way."""
    said = []
    for one, names in splits.elsewhere:
        where = ", ".join(map(printable, one.exports[:3])) or "an earlier export"
        where += ", …" if len(one.exports) > 3 else ""
        lost = [n for n in names if one.parts[n] == "test" and splits.of[n] == "train"]
        spoilt = _SPOILT.format(names=first(lost)) if lost else ""
        how = printable(one.how)
        said.append(_ELSEWHERE.format(where=where, how=how, names=first(names), spoilt=spoilt))
    return said


def first(names: Sequence[str]) -> str:
    """Return how many readouts these are, with the first of them."""
    return f"{many(len(names), 'readout')} ({_some(names, 3)})"


def lacking(lacks: Mapping[Split, Sequence[str]], *, most: int | None = _NAMED) -> list[str]:
    """Say which labels no mark of a split has, train first; of more than `most` the first ones."""
    return [
        f"In {name}, {many(len(labels), 'label')} of the dataset {_have(labels)} no mark:"
        f" {_some(labels, most or len(labels))}."
        for name in SPLITS
        if (labels := lacks.get(name))
    ]


def _have(labels: Sequence[str]) -> str:
    return "has" if len(labels) == 1 else "have"


def _some(names: Sequence[str], most: int) -> str:
    return f"{', '.join(names[:most])}{', …' if len(names) > most else ''}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
