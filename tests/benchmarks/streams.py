"""Work without a screen: export, segmentation, adding files."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import orjson

from annotator import files
from annotator.formats.jsonl_out import ROW_FILES
from annotator.pipeline.add import add
from annotator.pipeline.export import export
from annotator.pipeline.init import init
from annotator.pipeline.portions import worth
from annotator.pipeline.project import Project
from annotator.pipeline.selection import Chosen, Selection
from annotator.segment import segment
from tests.benchmarks import corpus
from tests.benchmarks.report import Row, interleaved, milliseconds


def exporting(folder: Path, project: Project, *, runs: int) -> list[Row]:
    """Time an export, and reading the store and dumping the same rows with orjson, in turns.

    The store looks at every value that it reads. The rows are plain values, and there already:
    nothing is made of what was read. A second floor reads the readouts with their metadata as well,
    without which no offset can be compared with its words. Ours has as many processes as it takes
    by itself, and then one, which is what the floor has.
    """
    report = export(project)
    tables = {
        file: [orjson.loads(line) for line in (report.folder / file).read_bytes().splitlines()]
        for file in ROW_FILES
    }

    # The rows are ours, and no export would find them in memory.
    gc.collect()
    gc.freeze()

    def floor(*, readouts: bool = False) -> None:
        store = project.store()
        for coder in store.coders():
            for readout_id in store.coded(coder):
                snapshot = store.read(coder, readout_id)
                if snapshot is not None:
                    snapshot.coding.sentences()
                if readouts:
                    project.readout(readout_id)
        for file, rows in tables.items():
            with (folder / file).open("wb") as opened:
                for row in rows:
                    opened.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    ours, alone, theirs, more = interleaved(
        runs,
        [
            lambda: milliseconds(lambda: export(project)),
            lambda: milliseconds(lambda: export(project, processes=1)),
            lambda: milliseconds(floor),
            lambda: milliseconds(lambda: floor(readouts=True)),
        ],
    )
    gc.unfreeze()
    what = f"export of {report.rows[ROW_FILES[0]]:,} sentences"
    amount = max(1, worth(sum(Chosen(project, Selection()).sizes())))
    by = "1 process" if amount == 1 else f"{amount} processes"
    floor_of_one = "read store, orjson.dumps: 1 process"
    with_readouts = "read store and readouts, orjson.dumps: 1 process"
    return [
        Row(f"{what} by {by}", ours, floor_of_one, theirs, most=1.5),
        Row(f"{what} by 1 process", alone, floor_of_one, theirs),
        Row(f"{what} by {by}", ours, with_readouts, more),
        Row(f"{what} by 1 process", alone, with_readouts, more),
    ]


def segmenting(*, runs: int, megabytes: float) -> list[Row]:
    """Time the segmenter on prose, and on one line and one of twice the length, in turns."""
    prose = corpus.text(7, int(megabytes * 1_000_000 / 105))
    line = prose.replace("\n\n", " ")
    half = line[: len(line) // 2]

    def rate() -> float:
        return len(prose.encode()) / 1000 / milliseconds(lambda: segment(prose))

    rates, one, two = interleaved(
        runs,
        [
            rate,
            lambda: milliseconds(lambda: segment(half)),
            lambda: milliseconds(lambda: segment(line)),
        ],
    )
    size = len(prose.encode()) / 1_000_000
    return [
        Row(f"segmentation, {size:.1f} MB of prose", rates, least=2, unit="MB/s"),
        Row("one line of double length (2 is linear)", two, "the line", one, most=2.4),
    ]


def adding(folder: Path, *, runs: int, amount: int) -> list[Row]:
    """Time adding files, and reading and segmenting the same alone, in turns."""
    source = folder / "incoming"
    source.mkdir()
    for number in range(amount):
        (source / f"{corpus.name(number)}.txt").write_text(corpus.text(number, 20), "utf-8")
    fresh = _projects(folder)

    def ours() -> float:
        project = next(fresh)
        os.sync()  # so that nothing is brought to disk but what is added
        return milliseconds(lambda: _all_of(add(project, [source]).added, amount))

    def floor() -> None:
        for path in sorted(source.iterdir()):
            segment(files.decode(files.read_bytes(path), name=path.name).text)

    added, alone = interleaved(runs, [ours, lambda: milliseconds(floor)])
    return [Row(f"adding {amount:,} files", added, "read and segment", alone, most=2)]


def _projects(folder: Path) -> Iterator[Project]:
    for number in count():
        root = folder / f"added-{number}"
        init(root, samples=False)
        yield Project.open(root)


def _all_of(added: tuple[object, ...], amount: int) -> None:
    if len(added) != amount:
        raise RuntimeError(f"Only {len(added)} of {amount} files were added.")
