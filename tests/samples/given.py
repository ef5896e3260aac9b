"""The words in which the coding of a sample is described.

A span is said by quoting it: its words stand once in the sentence. An entity is said by its id,
with the words that name it behind a colon ("temir: He"), or with "~" before it where only context
tells. Of several, a slot takes a tuple. None says that the text states nothing; an empty tuple
leaves the slot out, as not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model.entity import Entity
from annotator.model.mark import Certainty

Said = str | tuple[str, ...] | None


@dataclass(frozen=True)
class Given:
    """A mark: `name` is its id where others refer to it, `slots` say what it says."""

    layer: str
    label: str
    slots: Mapping[str, Said] = field(default_factory=dict)
    name: str = ""
    rejected: bool = False
    certainty: Certainty = "high"
    note: str = ""


@dataclass(frozen=True)
class Coded:
    """A decided sentence, known by the words it begins with."""

    begins: str
    marks: tuple[Given, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Described:
    """The coding of a readout, sentence by sentence; `entities` come to the cast that it has."""

    sentences: tuple[Coded, ...]
    entities: tuple[Entity, ...] = ()


def coded(begins: str, *marks: Given, note: str = "") -> Coded:
    """Describe a sentence."""
    return Coded(begins, marks, note)


def topic(label: str, *evidence: str, primary: bool = False, note: str = "") -> Given:
    """Describe a topic with the words that speak for it."""
    slots: dict[str, Said] = {"evidence": evidence, "primary": "yes" if primary else ()}
    return Given("topics", label, slots, note=note)


def says(
    name: str,
    form: str,
    source: Said,
    *,
    cue: str,
    lemma: str,
    act: str,
    content: str | None,
    holder: str,
    to: Said = None,
    inside: str | tuple[()] = (),
    likely: str | tuple[()] = (),
    note: str = "",
) -> Given:
    """Describe an attribution; `inside` names the one it is told in, `likely` an unnamed source."""
    slots: dict[str, Said] = {
        "source": source,
        "cue": cue,
        "cue_lemma": lemma,
        "cue_class": act,
        "content": content,
        "holder": holder,
        "addressee": to,
        "parent": inside,
        "source_inferred": likely,
    }
    return Given("speakers", form, slots, name=name, note=note)


def commits(
    kind: str,
    action: str,
    by: Said,
    *,
    to: Said,
    mutual: bool,
    side: str,
    strength: int,
    verifiability: int,
    novelty: str,
    about: Said,
    gains: Said = None,
    when: str | None = None,
    time: str = "none",
    date: str | None = None,
    condition: str | None = None,
    polarity: str = "positive",
    told: str | None = None,
    certainty: Certainty = "high",
    note: str = "",
) -> Given:
    """Describe a commitment with every slot; `told` names the attribution that it stands in."""
    slots: dict[str, Said] = {
        "action": action,
        "committers": by,
        "strength": str(strength),
        "verifiability": str(verifiability),
        "counterparties": to,
        "beneficiaries": gains,
        "mutual": "yes" if mutual else "no",
        "side": side,
        "timeframe": when,
        "timeframe_class": time,
        "timeframe_date": date,
        "conditional": "yes" if condition else "no",
        "condition": condition,
        "novelty": novelty,
        "polarity": polarity,
        "topics": about,
        "attribution": told,
    }
    return Given("commitments", kind, slots, certainty=certainty, note=note)


def near_miss(
    reason: str,
    action: str,
    *,
    told: str | None = None,
    certainty: Certainty = "high",
    note: str = "",
) -> Given:
    """Describe what looks like a commitment and is none."""
    slots: dict[str, Said] = {"action": action, "attribution": told}
    return Given("commitments", reason, slots, certainty=certainty, note=note)


def rejects(layer: str, label: str, note: str) -> Given:
    """Describe a label that was considered and is not given."""
    return Given(layer, label, rejected=True, note=note)


def voice(label: str, note: str) -> Given:
    """Describe a voice that does not follow from the attributions."""
    return Given("voice", label, note=note)
