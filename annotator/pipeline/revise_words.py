"""What a change of the codebook is and does, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.model.codebook import Codebook, Label, Layer, RevisionKind
from annotator.pipeline.revise import Done, Plan
from annotator.plural import many

_WORDS: Final[dict[RevisionKind, str]] = {
    "add": "would be a new label",
    "reword": "would be worded anew, and mean what it means",
    "redefine": "would mean something else from then on",
    "rename": "would be called {into} from then on",
    "merge": "would go into {into}, which its marks would become",
    "split": "would be split into {into}: for each of its marks a person would choose",
    "retire": "would not be given any more; its marks would stay what they are",
}
_FEW: Final = 3
"""How many readouts are named."""


def described(made: Plan, coder: str) -> Sequence[str]:
    """Say in a few sentences what a change would do, which version it makes and what it touches."""
    change = made.revision
    words = _WORDS[change.kind].replace("{into}", " and ".join(change.into))
    versions = f"{made.before.version} to {made.after.version}"
    found = [
        f"{change.label} {words}.",
        f"The codebook {made.after.name} would go from {versions}.",
    ]
    if change.kind != "add":
        own = sum(one.marks for one in made.touched if one.coder == coder)
        codings = sum(one.marks > 0 for one in made.touched)
        where = f"{many(made.marks, 'mark')} in {many(codings, 'coding')}"
        found.append(
            f"It would touch {where}, {own:,} of them yours."
            if made.marks
            else "It would touch no mark."
        )
    if made.rejections:
        found.append(
            f"{many(made.rejections, 'rejection')} would fall away: nobody considered"
            f" {change.into[0]} there."
        )
    if made.opposed:
        stands = "stands" if made.opposed == 1 else "stand"
        found.append(
            f"{many(made.opposed, 'mark')} {stands} where {change.into[0]} was rejected: that"
            " rejection would fall away too, and what is given be in doubt until somebody looks"
            " (Q)."
        )
    if made.macros:
        noun = "A macro" if len(made.macros) == 1 else "Macros"
        found.append(f"{noun} could not be played any more: {', '.join(made.macros)}.")
    return found


def facts(made: Plan) -> list[tuple[str, str]]:
    """Return what the labels of a change are after it, by fields; what it changes as old → new.

    Several labels follow one another; each begins with its id.
    """
    change = made.revision
    before, after = made.before.layer(change.layer), made.after.layer(change.layer)
    if before is None or after is None:
        return []
    now_keys, then_keys = _keys(made.after, change.layer), _keys(made.before, change.layer)
    was = next((one for one in before.labels if one.id == change.label), None)
    same = change.kind in ("reword", "redefine", "rename")
    ids = change.into if change.kind == "rename" else (change.label, *change.into)
    found: list[tuple[str, str]] = []
    for label_id in ids:
        label = next((one for one in after.labels if one.id == label_id), None)
        if label is None:
            continue
        now = _fields(after, label, now_keys.get(label.id, ""))
        then = _fields(before, was, then_keys.get(was.id, "")) if was and same else now
        found += [
            (name, value if then[name] == value else f"{then[name] or 'none'} → {value or 'none'}")
            for name, value in now.items()
            if value or then[name]
        ]
    return found


def _keys(book: Codebook, layer: str) -> dict[str, str]:
    return {
        label: key
        for panel in reversed(book.panels)
        if panel.layer == layer
        for label, key in panel.keys.items()
    }


def _fields(layer: Layer, label: Label, key: str) -> dict[str, str]:
    family = next((one.name for one in layer.families if one.id == label.family), "")
    return {
        "id": label.id,
        "name": label.name,
        "tag": label.tag,
        "family": family or layer.name,
        "key": key,
        "definition": label.definition,
        "takes in": " | ".join(label.include),
        "leaves out": " | ".join(label.exclude),
    }


def said(made: Plan, done: Done, review: str) -> str:
    """Say what was done, and what was left; `review` is how to look at older marks again."""
    words = [f"The codebook is {made.after.stamp} now."]
    if done.readouts:
        words.append(f"Your marks were changed in {many(done.readouts, 'readout')}.")
        words.append("Undo in a readout takes back what you coded, and leaves this.")
    if done.left:
        names = ", ".join(one.readout for one in done.left[:_FEW])
        more = f" and {len(done.left) - _FEW} more" if len(done.left) > _FEW else ""
        words.append(f"Left as they were, and changed once you open them: {names}{more}.")
        words.append(done.left[0].problem)
    if made.revision.review and made.marks:
        words.append(review)
    return " ".join(words)
