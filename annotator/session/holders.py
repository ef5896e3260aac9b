"""Whose it is that is said: the issuer's own, one side's, of all together, or a third party's."""

from __future__ import annotations

from collections.abc import Sequence

from annotator.model.entity import Cast, Entity


def holder(
    sources: Sequence[Entity], source_chain: Sequence[str], participants: Sequence[str], cast: Cast
) -> str:
    """Propose whose it is that these say.

    `source_chain` and `participants` are ids from the metadata of the readout.
    """
    if not sources:
        return "unspecified"
    if len(sources) > 1 or sources[0].type == "collective":
        return "joint"
    (source,) = sources
    if source.id in source_chain:
        return "issuer"
    if source.type in ("people", "group") or _takes_no_part(source, participants, cast):
        return "third_party"
    return "individual"


def _takes_no_part(source: Entity, participants: Sequence[str], cast: Cast) -> bool:
    """Tell whether the metadata name the participants, and neither this one nor its own side."""
    known = [entity for one in participants if (entity := cast.get(one)) is not None]
    sides = {value for e in known for value in (e.id, e.affiliation, *e.members, *e.represents)}
    if not known or None in {source.affiliation, *(e.affiliation for e in known)}:
        return False
    return source.id not in sides and source.affiliation not in sides
