"""By what a row of JSON shows which program's it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from annotator.errors import InputError

SHOWN: Final = {
    "jsonl": "a dataset of Annotator",
    "labelstudio": "Label Studio JSON",
    "prodigy": "Prodigy JSON Lines",
    "doccano": "doccano JSON Lines",
    "cas-json": "UIMA CAS JSON",
}
"""What is said of each form that a row can show."""

_PRODIGY: Final = frozenset(
    (
        "accept",
        "answer",
        "options",
        "spans",
        "tokens",
        "_annotator_id",
        "_input_hash",
        "_session_id",
        "_task_hash",
        "_timestamp",
        "_view_id",
    )
)
_DOCCANO: Final = frozenset(("cats", "entities", "Comments"))
_MINIMAL: Final = frozenset(("annotation_id", "annotator", "lead_time"))
_CAS: Final = frozenset(("%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"))


def signs(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the forms that a row may be in, the likeliest first; none where plain."""
    keys = row.keys()
    if keys & _CAS:
        return ("cas-json",)
    if isinstance(row.get("readout"), str) and keys & {"marks", "coder", "text_sha256"}:
        return ("jsonl",)
    if isinstance(row.get("data"), dict) or ("data" not in row and len(row.keys() & _MINIMAL) > 1):
        return ("labelstudio",)
    listed = any(isinstance(row.get(key), list) for key in ("label", "labels"))
    found = {"doccano": len(keys & _DOCCANO) + listed, "prodigy": len(keys & _PRODIGY)}
    return tuple(sorted((one for one in found if found[one]), key=found.__getitem__, reverse=True))


def is_minimal(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one of Label Studio's JSON-MIN."""
    return "data" not in row and not _MINIMAL.isdisjoint(row)


def require_own(row: Mapping[str, Any], place: str, *own: str) -> None:
    """Raise InputError where a row shows another form than its `own`; a plain one passes."""
    shown = signs(row)
    if shown and not {*shown} & {*own}:
        raise of_another(place, shown[0])


def of_another(place: str, form: str) -> InputError:
    """Return what says that a file or a part of it is in that form."""
    return InputError(f"{place} looks like {SHOWN[form]}.", f"Name its form: --format {form}.")
