"""Where older splits put each readout, so that the next one leaves it there.

A dataset tells it in its `splits.json`, and the project keeps it in one of its own for datasets of
any other name: for each kind of split the seed, and the split and the group of every readout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from annotator.errors import InputError, StorageError
from annotator.files import printable, read_bytes, write_atomic
from annotator.model.splitting import SPLITS, Placed, Plan, Splits

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

SPLITS_FILE: Final = "splits.json"
_MOST: Final = 200_000_000
_INDENTED: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True)
class _Record:
    """How something was split before."""

    by: str
    held: str
    validation: float
    test: float
    seed: int
    placed: Mapping[str, Placed] = field(default_factory=dict)

    @classmethod
    def read(cls, said: Any) -> _Record:
        """Return what JSON says; raises ValueError, LookupError or TypeError where it is none."""
        placed = {}
        for readout, one in said["readouts"].items():
            if one["split"] is not None and one["split"] not in SPLITS:
                raise ValueError(one["split"])
            placed[readout] = Placed(one["split"], str(one["group"]))
        shares = float(said["validation"]), float(said["test"])
        return cls(said["by"], said["held"] or "", *shares, int(said["seed"]), placed)

    def is_of(self, plan: Plan) -> bool:
        """Tell whether it is of the same kind: what else differs, its shares and seed tell."""
        return (self.by, self.held.casefold()) == (plan.by, plan.held.casefold())

    def is_like(self, plan: Plan) -> bool:
        """Tell whether a plan would have put everything where it is."""
        alike = (self.validation, self.test, self.seed) == (plan.validation, plan.test, plan.seed)
        return self.is_of(plan) and alike


def as_before(plan: Plan, folder: Path, project: Project) -> Plan:
    """Return a plan by which what was placed stays put: with the seed, and the place of each.

    The dataset that is in `folder` tells more than the project. A plan with a seed of its own, or
    with other shares, takes no place over, and what is split by time goes by its date. Raises
    InputError where the project's file is none.
    """
    if plan.by == "time" or plan.placed:
        return plan
    records = [*_of_dataset(folder), *_of_project(project)]
    if plan.seed is None:
        alike = sorted(
            (one for one in records if one.by == plan.by), key=lambda r: not r.is_of(plan)
        )
        plan = replace(plan, seed=alike[0].seed) if alike else plan
    placed: dict[str, Placed] = {}
    for one in reversed(records):
        if one.is_like(plan):
            placed |= one.placed
    return replace(plan, placed=placed)


def remember(project: Project, splits: Splits) -> None:
    """Keep in the project where each readout is; what is in no such split now stays where it was.

    A project that may not be written remembers nothing: the dataset itself still tells.
    """
    plan = replace(splits.plan, seed=splits.seed)
    if plan.by == "time":
        return
    now = {name: Placed(where, splits.groups[name]) for name, where in splits.of.items()}
    records = _of_project(project)
    older: dict[str, Placed] = {}
    for one in records:
        if one.is_like(plan):
            older |= one.placed
    record = _Record(
        plan.by, plan.held, plan.validation, plan.test, splits.seed, {**plan.placed, **older, **now}
    )
    kept = [record, *(one for one in records if not one.is_of(plan))]
    with suppress(StorageError):
        write_atomic(project.paths.splits, _as_json(kept))


def _as_json(records: list[_Record]) -> bytes:
    said = [
        {
            "by": one.by,
            "held": one.held or None,
            "seed": one.seed,
            "validation": one.validation,
            "test": one.test,
            "readouts": readouts(one.placed),
        }
        for one in records
    ]
    return orjson.dumps({"splits": said}, option=_INDENTED)


def readouts(placed: Mapping[str, Placed]) -> dict[str, dict[str, str | None]]:
    """Return where each readout is, as JSON says it, in the order of their ids."""
    return {
        name: {"split": placed[name].split, "group": placed[name].group} for name in sorted(placed)
    }


def _of_dataset(folder: Path) -> Iterator[_Record]:
    """Yield how the dataset is split that is in a folder, if there is one."""
    if (folder / SPLITS_FILE).is_file():
        with suppress(ValueError, LookupError, TypeError, AttributeError):
            yield _Record.read(orjson.loads(read_bytes(folder / SPLITS_FILE, limit=_MOST)))


def _of_project(project: Project) -> list[_Record]:
    path = project.paths.splits
    if not path.is_file():
        return []
    try:
        said = orjson.loads(read_bytes(path, limit=_MOST))
        return [_Record.read(one) for one in said["splits"]]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"{printable(project.paths.shown(path))} does not say where readouts were placed.",
            "Put an older one back; without it, a new name of an export may place them anew.",
        ) from error
