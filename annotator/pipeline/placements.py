"""Where older splits put each readout, so that the next one leaves it there.

A dataset tells it in its `splits.json`, and the project keeps it in one of its own for datasets of
any other name: for each way, shares and seed, in the order in which they were first used, the split
and the group of every readout, and the datasets that were split so.
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
from annotator.model.splitting import SPLITS, Earlier, Placed, Plan, Splits

if TYPE_CHECKING:
    from annotator.pipeline.project import Project

SPLITS_FILE: Final = "splits.json"
_MOST: Final = 200_000_000
_INDENTED: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


@dataclass(frozen=True)
class _Record:
    """How something was split before; `exports` names the datasets that were, the first one first.

    None is named where an older version of the program wrote it.
    """

    by: str
    held: str
    validation: float
    test: float
    seed: int
    placed: Mapping[str, Placed] = field(default_factory=dict)
    exports: tuple[str, ...] = ()

    @classmethod
    def read(cls, said: Any) -> _Record:
        """Return what JSON says; raises ValueError, LookupError or TypeError where it is none."""
        placed = {}
        for readout, one in said["readouts"].items():
            if one["split"] is not None and one["split"] not in SPLITS:
                raise ValueError(one["split"])
            placed[readout] = Placed(one["split"], str(one["group"]))
        shares = float(said["validation"]), float(said["test"])
        exports = tuple(map(str, said.get("exports", ())))
        return cls(said["by"], said["held"] or "", *shares, int(said["seed"]), placed, exports)

    def is_of(self, plan: Plan) -> bool:
        """Tell whether it is of the same kind: what else differs, its shares and seed tell."""
        return _kind(self) == _kind(plan)

    def is_like(self, other: Plan | _Record) -> bool:
        """Tell whether a plan, or what another record is of, would have put everything there."""
        return _made(self) == _made(other)

    @property
    def earlier(self) -> Earlier:
        """What a later split is compared with."""
        held = f"={self.held}" if self.held else ""
        seed = "" if self.by == "time" else f", seed {self.seed}"
        how = f"{self.by}{held}, {self.validation:g} and {self.test:g}{seed}"
        parts = {readout: one.split for readout, one in self.placed.items()}
        return Earlier(how, self.exports, parts)


def _kind(one: Plan | _Record) -> tuple[str, ...]:
    held = one.held.casefold()
    return one.by, *(sorted(held.split("-")) if one.by == "dyad" else [held])


def _made(one: Plan | _Record) -> tuple[object, ...]:
    seed = 0 if one.by == "time" else one.seed
    return _kind(one), one.validation, one.test, seed


def as_before(plan: Plan, folder: Path, project: Project) -> Plan:
    """Return a plan by which what was placed stays put, and which knows where else it was.

    A plan without a seed takes that of the dataset in `folder`, which it replaces; without one,
    that of the project's first split of its kind, which no later one changes. Only what was split
    with the same seed and shares stays where it is, and what is split by time goes by its date.
    Raises InputError where the project's file is none.
    """
    if plan.placed or plan.earlier:
        return plan
    kept = _of_project(project)
    records = [*_of_dataset(folder), *kept]
    if plan.by != "time" and plan.seed is None:
        alike = sorted(
            (one for one in records if one.by == plan.by), key=lambda r: not r.is_of(plan)
        )
        plan = replace(plan, seed=alike[0].seed) if alike else plan
    placed: dict[str, Placed] = {}
    for one in reversed(records):
        if plan.by != "time" and one.is_like(plan):
            placed |= one.placed
    known = [*kept, *(one for one in records if not any(map(one.is_like, kept)))]
    # By time, no readout stays for where it was, so an earlier split by time is told of, too.
    others = tuple(one.earlier for one in known if plan.by == "time" or not one.is_like(plan))
    return replace(plan, placed=placed, earlier=others)


def remember(project: Project, splits: Splits, export: str) -> None:
    """Keep in the project where each readout is; what is in no such split now stays where it was.

    How anything else was split is kept beside it. A project that may not be written remembers
    nothing: the dataset itself still tells.
    """
    plan = replace(splits.plan, seed=splits.seed)
    now = {name: Placed(where, splits.groups[name]) for name, where in splits.of.items()}
    records = _of_project(project)
    placed = dict(plan.placed)
    exports: dict[str, None] = {}
    for one in records:
        if one.is_like(plan):
            placed |= one.placed
            exports |= dict.fromkeys(one.exports)
    exports[export] = None
    shares = plan.validation, plan.test
    record = _Record(plan.by, plan.held, *shares, splits.seed, placed | now, tuple(exports))
    place = next((at for at, one in enumerate(records) if one.is_like(plan)), len(records))
    kept = [one for one in records if not one.is_like(plan)]
    kept.insert(place, record)
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
            "exports": list(one.exports),
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
            record = _Record.read(orjson.loads(read_bytes(folder / SPLITS_FILE, limit=_MOST)))
            yield replace(record, exports=(folder.name,))


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
