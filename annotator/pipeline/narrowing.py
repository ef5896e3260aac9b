"""What limits a selection besides coders, layers and states: how it is said, chosen and typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from annotator.errors import InputError
from annotator.files import printable
from annotator.model.language import is_tag
from annotator.model.mark import Certainty, Origin
from annotator.pipeline.selection import Selection

ORIGINS: Final[tuple[Origin, ...]] = ("human", "accepted", "edited")
CERTAINTIES: Final[tuple[Certainty | None, ...]] = (None, "high", "low")


def options(chosen: Selection) -> list[str]:
    """Return what the call of `annotator export` says of it."""
    said: list[str] = []
    for origin in chosen.origins or ():
        said += ["--origin", origin]
    for language in chosen.languages or ():
        said += ["--language", language]
    single = (("certainty", chosen.certainty), ("from", chosen.since), ("to", chosen.until))
    for name, value in single:
        said += [f"--{name}", value] if value else []
    return [*said, "--asked"] if chosen.asked else said


def summary(chosen: Selection) -> str:
    """Say in a few words what limits it; empty where nothing does."""
    dates = [f"from {chosen.since}"] if chosen.since else []
    dates += [f"to {chosen.until}"] if chosen.until else []
    parts = [
        " or ".join(chosen.origins or ()),
        f"{chosen.certainty} certainty" if chosen.certainty else "",
        "asked" if chosen.asked else "",
        " or ".join(chosen.languages or ()),
        " ".join(dates),
    ]
    return ", ".join(part for part in parts if part)


def with_origin(chosen: Selection, origin: str) -> Selection:
    """Return the selection with an origin in it, or not any more.

    Raises InputError where none would be left.
    """
    now = {*(chosen.origins or ORIGINS)} ^ {origin}
    if not now:
        raise InputError("One origin stays: without any there are no marks to export.")
    origins = tuple(one for one in ORIGINS if one in now)
    return replace(chosen, origins=None if origins == ORIGINS else origins)


def with_certainty(chosen: Selection, by: int) -> Selection:
    """Return the selection with the next certainty, or with -1 the one before it."""
    place = CERTAINTIES.index(chosen.certainty) + by
    return replace(chosen, certainty=CERTAINTIES[place % len(CERTAINTIES)])


def with_languages(chosen: Selection, typed: str) -> Selection:
    """Return the selection with languages in one line; raises InputError for what is no tag."""
    codes = tuple(dict.fromkeys(typed.replace(",", " ").split()))
    for code in codes:
        if not is_tag(code):
            raise InputError(
                f"“{printable(code)}” is no language tag.", "Write codes such as en fr zh-Hant."
            )
    return replace(chosen, languages=codes or None)


def with_date(chosen: Selection, bound: Literal["since", "until"], typed: str) -> Selection:
    """Return the selection with `since` or `until`; raises InputError as `Selection.bounds`."""
    date = typed or None
    first = bound == "since"
    changed = replace(chosen, since=date) if first else replace(chosen, until=date)
    _ = changed.bounds
    return changed
