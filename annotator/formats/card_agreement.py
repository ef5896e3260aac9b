"""What the card of a dataset says of how far its coders agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from annotator.formats.markdown import share, table
from annotator.plural import many

if TYPE_CHECKING:
    from annotator.formats.counts import Counts
    from annotator.model.agreement import Agreement


def agreement(counts: Counts) -> Iterator[str]:
    """Yield the paragraphs: a measure of each label, or why nothing can be told."""
    found = counts.agreement
    total = found.units.total()
    if not total:
        yield (
            "No agreement can be told: no sentence was decided by more than one coder with the same"
            " boundaries, an adjudicator not counted."
        )
        return
    yield (
        f"Agreement is measured on {many(total, 'sentence')} that at least two of the"
        f" {len(found.coders)} coders {', '.join(sorted(found.coders))} decided with the same"
        " boundaries, skipped ones left out. Each label was given to such a sentence or not, which"
        " is all that is compared: neither its words nor its slots are, nor how often it was given."
    )
    if found.lacking:
        yield (
            "A coder whose row has a layer in `unasked` decided nothing on its labels, and is left"
            " out of their n."
        )
    yield table(
        ("layer", "label", "n", "given", "prevalence", "observed agreement", "alpha"),
        list(_measures(found)),
    )
    yield (
        "n counts decisions of a coder on a sentence, given those that gave the label, prevalence"
        " is their share. Alpha is Krippendorff's for nominal data, with missing values"
        " (Krippendorff, “Content Analysis”, 2018, the chapter on reliability). Where few gave a"
        " label, it rests on those few, and observed agreement is high by itself. Labels that"
        " nobody gave to these sentences are not shown: without variation alpha is undefined."
    )
    if any(origin != "human" for origin, *_ in counts.kinds):
        yield (
            "Some marks were taken from suggestions: coders who saw the same ones did not decide"
            " independently, and these figures do not tell them apart."
        )


def _measures(found: Agreement) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each label that was given, the most frequent first."""
    for label in sorted(found.given, key=lambda one: (-found.givers(one), one)):
        measure = found.of(label)
        if measure is not None:
            alpha = (
                "undefined: no variation"
                if measure.alpha is None
                else f"{round(measure.alpha, 3) + 0:.3f}"
            )
            yield (
                *(f"`{name}`" for name in label),
                measure.values,
                found.givers(label),
                share(found.givers(label), measure.values),
                f"{measure.observed:.1%}",
                alpha,
            )
