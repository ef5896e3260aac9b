"""On what terms the wording takes an act on: time, condition, strength and the like.

Rules only, from the wordings of `phrases`. What the words do not speak for is left out.
"""

from __future__ import annotations

import re
from typing import Final

from annotator.model.mark import (
    NONE_STATED,
    ChoiceValue,
    DateValue,
    NoneStated,
    Slots,
    SlotValue,
    SpanValue,
)
from annotator.model.text import Span
from annotator.session.phrases import pattern, phrases
from annotator.session.scene import Scene
from annotator.session.timeframe import calendar_of, time_words, when
from annotator.session.undertakings import Told

_BINDING: Final = {"intention": "1", "instruction": "3", "refusal": "3", "warning": "3"}
"""Strength that goes with a kind as a rule; the others have that of their wording."""

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def from_words(scene: Scene, label_id: str, told: Told, given: Slots | None = None) -> Slots:
    """Propose time, condition, strength, verifiability, novelty and polarity from the wording.

    What is `given` stands already: what it decides about other slots goes before the wording.
    """
    text, language = scene.text, scene.language
    given = given or {}
    slots = Slots()
    condition = given.get("condition", ())
    if not condition and told.condition is not None and given.get("conditional") != choice("no"):
        condition = slots["condition"] = (SpanValue(span=Span.of(text, *told.condition)),)
    if condition:
        slots |= of_condition(condition)
    elif _tells_no_condition(scene):
        slots["conditional"] = choice("no")
    act = _bare_act(scene, told)
    goes_on = pattern(language, "course").match(act) is not None
    timeless = given.get("timeframe_class") == choice("none")
    timeframe = given.get("timeframe", ())
    if not timeframe and told.time is not None and not timeless:
        timeframe = slots["timeframe"] = (SpanValue(span=Span.of(text, *told.time)),)
    hangs = any(isinstance(value, SpanValue) for value in condition)
    slots |= of_time(scene, timeframe, from_event=not hangs)
    if goes_on and "timeframe" not in given and "timeframe_class" not in slots:
        slots["timeframe_class"] = choice("ongoing")
    elif not timeframe and _tells_no_time(scene):
        slots["timeframe_class"] = choice("none")
    if pattern(language, "again").search(text, told.around[0], told.end):
        slots["novelty"] = choice("reaffirmed")
    elif goes_on and not pattern(language, "kept").match(act):
        slots["novelty"] = choice("continuing")
    polarity = "negative" if label_id == "refusal" else _polarity(scene, told)
    if polarity is not None:
        slots["polarity"] = choice(polarity)
    if phrases(language) is not None:
        slots["strength"] = choice(_strength(scene, label_id, told, goes_on=goes_on))
        slots["verifiability"] = choice(_verifiability(scene, told, {**slots, **given}))
    return slots


def _tells_no_condition(scene: Scene) -> bool:
    """Tell whether a sentence in a language whose conditions are known has none.

    What must come before something else may hang on it, so that nothing is said of it; but
    “before long” and “until 3 May” are times.
    """
    text, language = scene.text, scene.language
    bounds = scene.sentence.start, scene.sentence.end
    if phrases(language) is None or pattern(language, "condition").search(text, *bounds):
        return False
    times = time_words(text, *bounds, language)
    found = (match.start() for match in pattern(language, "temporal").finditer(text, *bounds))
    return all(any(start <= place < end for start, end in times) for place in found)


def _polarity(scene: Scene, told: Told) -> str | None:
    """Return whether an act is to be done or left; None where its words may mean either."""
    if phrases(scene.language) is None:
        return None
    held = pattern(scene.language, "held")
    if held.search(scene.text, told.head, told.start) or held.match(_bare_act(scene, told)):
        return "negative"
    return None if held.search(scene.text, told.start, told.end) else "positive"


def _bare_act(scene: Scene, told: Told) -> str:
    """Return the words of an act from its verb on."""
    manner = pattern(scene.language, "manner").match(scene.text, told.start, told.end)
    return scene.text[manner.end() if manner else told.start : told.end]


def _tells_no_time(scene: Scene) -> bool:
    """Tell whether a sentence in a language whose times are known has none.

    A year is one, and so is whatever comes before or after something else.
    """
    text, language = scene.text, scene.language
    bounds = scene.sentence.start, scene.sentence.end
    if calendar_of(language) is None or phrases(language) is None:
        return False
    told = _YEAR.search(text, *bounds) or pattern(language, "temporal").search(text, *bounds)
    return told is None and not time_words(text, *bounds, language)


def of_condition(values: tuple[SlotValue, ...]) -> Slots:
    """Propose whether an act hangs on something, from the words or from that none are stated."""
    if not values:
        return {}
    stated = any(isinstance(value, SpanValue) for value in values)
    return {"conditional": choice("yes" if stated else "no")}


def of_time(scene: Scene, values: tuple[SlotValue, ...], *, from_event: bool) -> Slots:
    """Propose class and date of a time, from its words as far as they are understood.

    Terms of so many days run from the event or, without `from_event`, from a day nobody knows.
    """
    if any(isinstance(value, NoneStated) for value in values):
        return {"timeframe_class": choice("none"), "timeframe_date": NONE_STATED}
    said = next((value.span.exact for value in values if isinstance(value, SpanValue)), None)
    amounts = when(said, scene.day, scene.language, from_event=from_event) if said else None
    if amounts is None:
        return {}
    slots: Slots = {"timeframe_class": choice(amounts.kind)}
    if amounts.date is not None:
        slots["timeframe_date"] = (DateValue(date=amounts.date),)
    return slots


def _strength(scene: Scene, label_id: str, told: Told, *, goes_on: bool) -> str:
    if label_id in _BINDING:
        return _BINDING[label_id]
    language, act = scene.language, _bare_act(scene, told)
    if pattern(language, "ready").search(scene.text, told.around[0], told.start):
        return "1"
    return "2" if goes_on or pattern(language, "more").match(act) else "3"


def _verifiability(scene: Scene, told: Told, slots: Slots) -> str:
    language, act = scene.language, _bare_act(scene, told)
    if slots.get("timeframe_class") == choice("dated"):
        return "2"
    if pattern(language, "vague").match(act):
        return "0"
    # A place in what the act is for is not where it is done.
    purpose = pattern(language, "purpose").search(act)
    done = act[: purpose.start()] if purpose else act
    return "2" if pattern(language, "pinned").search(done) else "1"


def choice(chosen: str) -> tuple[SlotValue, ...]:
    """Return a choice as what a slot holds."""
    return (ChoiceValue(choice=chosen),)
