"""What one edit costs on disk, and what it costs to open and to hold what edits made.

The same mark is put on one sentence and taken away again, in turn, so that a file grows by what an
edit writes and its state stays what it is.
"""

from __future__ import annotations

import gc
import os
import random
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from annotator.model.edit import Edit, Timeline
from annotator.pipeline.project import Project
from annotator.store import format as form
from annotator.store.base import Header
from annotator.store.lines import parse, render
from tests.benchmarks import corpus, rivals
from tests.benchmarks.report import Row, interleaved, milliseconds
from tests.benchmarks.rivals import Ours

SIZES: Final = (20, 300, 10_000)
"""Sentences in a readout."""
PER_READOUT: Final = 50
"""Sentences in each readout of a project of many."""
FEW: Final = 50
"""Readouts of the project that one of many is held against."""
IN_A_ROW: Final = 4
"""Edits of one readout before the next is opened; even, so that every mark is taken away again."""
OTHER, WORN = "ada", "bo"
"""Coders whose journals no program has open; the second makes very many edits."""
MOST: Final = 1.6
"""How many times a bare append and fsync an edit may cost."""
SQLITE: Final = "SQLite, WAL, synchronous=FULL"
_MEGABYTE: Final = 1 << 20
_LOTS: Final = random.Random(1)  # noqa: S311 - turns and places, not secrets

Act = Callable[[], object]


def measure(folder: Path, *, runs: int, plain_runs: int) -> list[Row]:
    """Time an edit of readouts of each size, a bare append, and the rivals, in turns."""
    made = _readouts(folder / "edited")
    with ExitStack() as stack:
        ours = [Ours(made[size], corpus.name(1), OTHER) for size in SIZES]
        tables = [
            rivals.Sqlite(folder / f"edited-{size}.sqlite", mine.rows())
            for size, mine in zip(SIZES, ours, strict=True)
        ]
        widths = ours[0].widths()
        bare = rivals.Append(folder / "bare", widths)
        ways: list[Ours | rivals.Sqlite | rivals.Append] = [*ours, *tables, bare]
        for way in ways:
            stack.enter_context(closing(way))
        commits = [mine.beside(table) for table, mine in zip(tables, ours, strict=True)]
        stack.enter_context(_frozen())
        appended, *times = _timed(runs, [bare, *ours, *commits])
    edited, committed = times[: len(SIZES)], times[len(SIZES) :]
    names = [f"edit, {size:,} sentences" for size in SIZES]
    rows = [
        Row(name, mine, _floor(widths), appended, most=MOST)
        for name, mine in zip(names, edited, strict=True)
    ]
    rows += [_rare(name, mine, appended) for name, mine in zip(names, edited, strict=True)]
    rows.append(Row(names[-1], edited[-1], names[0], edited[0]))
    rows += [
        Row(f"{SQLITE}, {size:,} rows", theirs, f"our edit, {size:,}", mine)
        for size, theirs, mine in zip(SIZES, committed, edited, strict=True)
    ]
    for size, project in made.items():
        rows += _plain(folder, project, size, plain_runs if size == SIZES[-1] else runs // 10)
    return rows


def opening(folder: Path, *, runs: int, history: int) -> list[Row]:
    """Time opening journals and reading the same otherwise, in turns, and weigh both."""
    rows: list[Row] = []
    made = _readouts(folder / "opened")
    for size, project in made.items():
        rows += _opened(folder, project, size, max(3, runs // 10) if size == SIZES[-1] else runs)
    return [*rows, *_worn(made[SIZES[0]], runs, history)]


def in_project(folder: Path, *, runs: int, amount: int) -> list[Row]:
    """Time edits of readouts drawn by lot in a project of many and in one of few, in turns."""
    begun = perf_counter()
    many = _Many(folder / "many", amount)
    making = perf_counter() - begun
    few = _Many(folder / "few", FEW)
    times: dict[str, list[float]] = defaultdict(list)

    def time(turns: int, named: Mapping[str, Act]) -> None:
        for name, found in zip(named, _timed(turns, list(named.values())), strict=True):
            times[name] += found

    with ExitStack() as stack:
        table = stack.enter_context(closing(rivals.Sqlite(folder / "many.sqlite", many.rows())))
        with closing(few.edited()) as mine:
            widths = mine.widths()
        bare = stack.enter_context(closing(rivals.Append(folder / "bare-beside-many", widths)))
        os.sync()
        stack.enter_context(_frozen())
        for _ in range(runs):
            time(1, {"open many": many.opening(), "open few": few.opening()})
            time(1, {"find many": many.finding(), "find few": few.finding()})
            with closing(many.edited()) as one, closing(few.edited()) as other:
                commit = one.beside(table)
                time(IN_A_ROW, {"append": bare, "many": one, "few": other, "commit": commit})
    here = f"{amount * PER_READOUT:,}"
    edit, there = f"edit, {here} sentences in the project", f"{FEW * PER_READOUT:,} sentences"
    return [
        Row(edit, times["many"], _floor(widths), times["append"], most=MOST),
        _rare(edit, times["many"], times["append"]),
        Row(edit, times["many"], there, times["few"]),
        Row(f"{SQLITE}, {here} rows", times["commit"], "our edit", times["many"]),
        Row("opening a journal to write", times["open many"], there, times["open few"]),
        Row("opening a readout to code", times["find many"], there, times["find few"]),
        Row(f"making {amount:,} texts and journals", [making], unit="s"),
    ]


class _Many:
    """A project of so many readouts, all of one text, which one coder has begun."""

    def __init__(self, root: Path, amount: int) -> None:
        self._project = corpus.project(root, 1, sentences=PER_READOUT)
        self._amount = amount
        self._readout = self._project.readout(corpus.name(1))
        with closing(self._project.journal(OTHER, corpus.name(1), corpus.AT)) as journal:
            self._header = journal.header
            self._rows = list(rivals.rows(journal))
        self._copy(rivals.journal_path(self._project, OTHER, corpus.name(1)).read_bytes())

    def _copy(self, journal: bytes) -> None:
        """Give every other readout the same text and the same lines below a head of its own."""
        bodies, text = parse(journal, "the first").bodies, self._readout.text
        for number in range(2, self._amount + 1):
            name = corpus.name(number)
            seed = self._project.paths.seeds / f"{name}.txt"
            seed.write_text(text, "utf-8")
            seed.with_suffix(".toml").write_text(corpus.metadata(number), "utf-8")
            head = form.head(self._header_of(name))
            rivals.journal_path(self._project, OTHER, name).write_bytes(render(head, bodies))

    def _header_of(self, readout: str) -> Header:
        return self._header.model_copy(update={"readout": readout})

    def _lot(self) -> str:
        return corpus.name(_LOTS.randint(1, self._amount))

    def rows(self) -> Iterator[tuple[str, int, str]]:
        """Yield the name, the key and the document of every sentence."""
        for number in range(1, self._amount + 1):
            name = corpus.name(number)
            yield from ((name, key, document) for _, key, document in self._rows)

    def opening(self) -> Act:
        """Return what opens the journal of a readout whose text is known."""
        name = self._lot()
        header = self._header_of(name)
        readout = self._readout.model_copy(update={"id": name})
        store = self._project.store()
        return lambda: store.open(header, readout, _begun_before).close()

    def finding(self) -> Act:
        """Return what opens a readout as the program does: its metadata, text and journal."""
        name = self._lot()
        return lambda: self._project.journal(OTHER, name, corpus.AT).close()

    def edited(self) -> Ours:
        """Open a readout, and return what edits it."""
        return Ours(self._project, self._lot(), OTHER)


def _plain(folder: Path, project: Project, size: int, runs: int) -> list[Row]:
    """Time plain TinyDB, the same with its cache, and ours, in turns."""
    with ExitStack() as stack:
        mine = stack.enter_context(closing(Ours(project, corpus.name(1), OTHER)))
        documents, turns = mine.documents(), mine.turns()
        plain, cached = (
            stack.enter_context(
                closing(rivals.Tiny(folder / f"{name}.json", documents, mine.key, turns, cached))
            )
            for name, cached in ((f"plain-{size}", False), (f"cached-{size}", True))
        )

        def settled() -> float:
            for _ in range(4):  # Ours is not to pay for the megabytes that plain TinyDB just wrote.
                mine()
            return median(milliseconds(mine) for _ in range(5))

        stack.enter_context(_frozen())
        ways = [lambda: milliseconds(plain), settled, lambda: milliseconds(cached), settled]
        plains, beside_plain, cacheds, beside_cached = interleaved(runs, ways)
    ours = f"our edit, {size:,}"
    return [
        Row(
            f"plain TinyDB, {size:,} documents", plains, ours, beside_plain,
            least=300 if size == SIZES[-1] else None,
        ),
        Row(f"TinyDB, cached (not durable), {size:,}", cacheds, ours, beside_cached),
    ]  # fmt: skip


def _opened(folder: Path, project: Project, size: int, runs: int) -> list[Row]:
    """Time opening a journal, and weigh it open."""
    name = corpus.name(1)
    path, table = rivals.journal_path(project, OTHER, name), folder / f"opened-{size}.sqlite"
    store, readout = project.store(), project.readout(name)
    header = project.header(OTHER, readout)
    with closing(store.open(header, readout, _begun_before)) as journal:
        rivals.Sqlite(table, rivals.rows(journal)).close()
    ways: list[Act] = [
        lambda: store.open(header, readout, _begun_before).close(),
        lambda: store.read(OTHER, name),
        lambda: rivals.read_json(path),
        lambda: rivals.read_tiny(path),
        lambda: rivals.read_sqlite(table, name),
    ]
    with _frozen():
        ours, reading, json, tiny, sqlite = _timed(runs, ways)
    held = _weighed(lambda: store.read(OTHER, name)) / _MEGABYTE
    kept = _weighed(lambda: rivals.read_tiny(path)) / _MEGABYTE
    what = f"opening {size:,} sentences"
    return [
        Row(what, ours, _parsing(path), json),
        Row(what, ours, "plain TinyDB, the same file", tiny),
        Row(what, ours, "SQLite, select, orjson.loads", sqlite),
        Row(f"reading {size:,} sentences", reading, "opening them", ours),
        Row(f"memory of {size:,} sentences", [held], "plain TinyDB", [kept], unit="MB"),
    ]


def _worn(project: Project, runs: int, history: int) -> list[Row]:
    """Weigh what very many edits of a journal leave in memory, then time opening it again."""
    name = corpus.name(1)
    with closing(Ours(project, name, WORN)) as ours:
        widths = ours.widths()
        grown = _weighed(lambda: _repeat(ours, history))
    path, store = rivals.journal_path(project, WORN, name), project.store()
    readout = project.readout(name)
    header = project.header(WORN, readout)

    def opened(*, undo: bool) -> None:
        with closing(store.open(header, readout, _begun_before)) as journal:
            if undo:
                Timeline.of(journal.history)

    ways: list[Act] = [
        lambda: opened(undo=False),
        lambda: opened(undo=True),
        lambda: rivals.read_json(path),
    ]
    with _frozen():
        times, undone, json = _timed(runs, ways)
    what = f"opening {SIZES[0]} sentences after {history:,} edits"
    line = sum(widths) / len(widths)
    return [
        Row(what, times, _parsing(path), json),
        Row("the same, to the first undo", undone, "opening them", times),
        Row(
            "memory that an edit adds", [grown / history], "its line in the file", [line], unit="B"
        ),
    ]


def _readouts(folder: Path) -> dict[int, Project]:
    """Make a project for each size, with one readout of so many sentences.

    All of them have a topic but the one that is to be marked.
    """
    made = {size: corpus.project(folder / f"of-{size}", 1, sentences=size) for size in SIZES}
    for project in made.values():
        with closing(project.journal(OTHER, corpus.name(1), corpus.AT)) as journal:
            rivals.code(project, journal)
    os.sync()
    return made


@contextmanager
def _frozen() -> Iterator[None]:
    """Keep the garbage collector from what is in memory, which no run is to pay for."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _weighed(make: Act) -> float:
    """Return the bytes of what something makes and leaves in memory."""
    gc.collect()
    tracemalloc.start()
    try:
        made = make()
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
        del made
    finally:
        tracemalloc.stop()
    return size


def _repeat(act: Act, times: int) -> None:
    for _ in range(times):
        act()


def _timed(runs: int, acts: Sequence[Act]) -> list[list[float]]:
    """Time all acts in turn, so often, each time in another order; return the figures of each.

    What follows on its like finds its code at hand, so no act may always do.
    """
    figures: list[list[float]] = [[] for _ in acts]
    places = list(range(len(acts)))
    for _ in range(runs):
        _LOTS.shuffle(places)
        for place in places:
            figures[place].append(milliseconds(acts[place]))
    return figures


def _rare(edit: str, ours: Sequence[float], appended: Sequence[float]) -> Row:
    beyond = _percentile(ours) - _percentile(appended)
    return Row(f"{edit}: p99 beyond the append's", [beyond])


def _percentile(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * 99 // 100]


def _floor(widths: Sequence[int]) -> str:
    return f"append + fsync, {sum(widths) // len(widths)} bytes"


def _parsing(path: Path) -> str:
    return f"read, orjson.loads, {path.stat().st_size / _MEGABYTE:.2f} MB"


def _begun_before() -> Edit:
    raise RuntimeError("The readout was to be begun before.")
