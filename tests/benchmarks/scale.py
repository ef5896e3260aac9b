"""What the index of a large project costs: `python -m tests.benchmarks.scale [READOUTS]`.

The journals are written as bytes, from some that were made once, so that a million sentences take
a minute or two to write and not a day. What is to be measured warm is measured in a new process.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Final

from annotator.files import sha256
from annotator.model.edit import CAST, Change, Document, Edit
from annotator.model.mark import Mark
from annotator.model.sentence import Sentence
from annotator.pipeline.init import init
from annotator.pipeline.project import Project
from annotator.session.acts import Pen
from annotator.store import format as form
from annotator.store.base import Header
from annotator.store.lines import journal
from tests.benchmarks import corpus
from tests.benchmarks.report import Row, interleaved, milliseconds, show

SENTENCES: Final = 50
TEMPLATES: Final = 40
Edits = Callable[[Project, Edit, int], Iterable[Edit]]
"""Returns the edits after the first one, by which a readout is coded; given a seed."""
LANGUAGES: Final = ("en", "fr", "ru", "zh", "de")


def project(root: Path, readouts: int, edits: Edits | None = None) -> Project:
    """Make a project of coded readouts; how far the coding is varies from none to all.

    Other `edits` than these can be given; they are called `TEMPLATES` times.
    """
    init(root, samples=False)
    made = Project.open(root)
    folder = made.paths.tags / corpus.CODER
    folder.mkdir(parents=True)
    templates = [_template(made, seed, edits or _edits) for seed in range(TEMPLATES)]
    for number in range(1, readouts + 1):
        text, header, lines = templates[number % TEMPLATES]
        name = corpus.name(number)
        language = f'language = "{LANGUAGES[number % len(LANGUAGES)]}"'
        about = corpus.metadata(number).replace('language = "en"', language)
        (made.paths.seeds / f"{name}.txt").write_text(text, "utf-8")
        (made.paths.seeds / f"{name}.toml").write_text(about, "utf-8")
        head = form.head(header.model_copy(update={"readout": name}))
        (folder / f"{name}.json").write_bytes(b"%b\n%b" % (head, lines))
    return made


def _template(project: Project, seed: int, edits: Edits) -> tuple[str, Header, bytes]:
    """Return a text, the header of its coding, and the lines of that after the first."""
    name = corpus.name(99_999)
    text = corpus.text(seed, SENTENCES)
    (project.paths.seeds / f"{name}.txt").write_text(text, "utf-8")
    readout = project.readout(name)
    header = project.header(corpus.CODER, readout)
    first = project.first_edit(readout, corpus.AT)
    raw = journal(header, [first, *edits(project, first, seed)])
    (project.paths.seeds / f"{name}.txt").unlink()
    if header.text != sha256(text.encode()):
        raise RuntimeError("The text was not read as it was written.")
    return text, header, raw.partition(b"\n")[2]


def _edits(project: Project, first: Edit, seed: int) -> list[Edit]:
    rng = random.Random(seed)  # noqa: S311 - labels, not secrets
    ids = (f"{seed:05}{place:07}" for place in range(1_000_000))
    pen = Pen(corpus.CODER, project.codebook, lambda: corpus.AT, lambda: next(ids))
    topics = next(layer for layer in project.codebook.layers if layer.id == "topics")
    edits = []
    for change in first.changes:
        one: Document | None = change.after
        if change.key == CAST or not isinstance(one, Sentence):
            continue
        if change.key * TEMPLATES > (seed + 1) * SENTENCES:
            continue
        labels = rng.sample(topics.labels, rng.choice((0, 1, 1, 2, 2, 3)))
        marks = tuple(_timed(pen.mark(one, topics.id, label.id), rng) for label in labels)
        after = one.changed(
            state=rng.choice(("done", "done", "done", "unsure")),
            marks=marks,
            flagged=rng.random() < 0.02,
            note="look at this again" if rng.random() < 0.02 else "",
            keys=4,
            seconds=6.25,
        )
        done = Change(key=change.key, before=one, after=after)
        at = f"2026-01-{1 + seed % 28:02}T{8 + change.key % 10:02}:00:00Z"
        edits.append(Edit(act="edit", at=at, what="mark", changes=(done,)))
    return edits


def _timed(mark: Mark, rng: random.Random) -> Mark:
    """Give a mark the effort that a coder might have needed."""
    took = {"keys": rng.choice((1, 2, 2, 3, 5)), "spent": round(rng.lognormvariate(0.5, 0.8), 1)}
    return mark.model_copy(update={"provenance": mark.provenance.model_copy(update=took)})


def _scan(project: Project) -> None:
    """List and stat every journal and every metadata file, and list the texts."""
    for folder in (project.paths.tags / corpus.CODER, project.paths.seeds):
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.endswith(".txt"):
                    entry.stat()


def _read(project: Project) -> None:
    """Read every journal and every metadata file."""
    for folder in (project.paths.tags / corpus.CODER, project.paths.seeds):
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.endswith(".txt"):
                    with Path(entry.path).open("rb", buffering=0) as file:
                        file.read()


def megabytes(field: str) -> float:
    """Return how much memory this process has, by the name of a field of its status."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0.0
    return next(int(row.split()[1]) for row in status.splitlines() if field in row) / 1024


def opened(root: Path) -> Mapping[str, float]:
    """Open and refresh the index of a project as a new program does, and ask it everything."""
    # What a screen has loaded before, whichever project it shows.
    import annotator.tui.app  # noqa: F401

    found: dict[str, float] = {}
    made = Project.open(root)
    book = made.codebook
    before = megabytes("VmRSS")
    begun = perf_counter()
    from annotator.pipeline.filter import parse_filter
    from annotator.pipeline.find import find
    from annotator.pipeline.index import Index
    from annotator.pipeline.postings import Wanted
    from annotator.pipeline.query import parse

    with Index.of(made) as index:
        fresh = index.refresh()
        found["open"] = (perf_counter() - begun) * 1000
        found["memory"] = megabytes("VmRSS") - before
        if not fresh.complete or index.in_memory:
            raise RuntimeError("The index could not be used.")
        found["read"] = fresh.read
        from annotator.pipeline.figures import of_project

        def timed(name: str, act: Callable[[], object]) -> None:
            found[name] = milliseconds(act)

        def first(typed: str, count: int | None) -> Callable[[], object]:
            query = parse(typed, book)
            return lambda: list(islice(find(made, corpus.CODER, query, index), count))

        def kept(typed: str) -> Callable[[], object]:
            wanted = parse_filter(typed, book)
            return lambda: index.readouts(wanted, corpus.CODER)

        timed("again", index.refresh)
        timed("totals", index.totals)
        timed("figures", lambda: of_project(index, corpus.CODER, book))
        timed("tallies", lambda: list(index.tallies()))
        timed("entries", lambda: [index.entry(corpus.CODER, corpus.name(n)) for n in range(1, 41)])
        timed("filter words", kept("talk 00"))
        timed("filter coding", kept("lang:fr progress:begun label:sec.terror state:unsure"))
        timed("places", lambda: sum(
            len(hits.spots)
            for hits in index.postings.places(corpus.CODER, [Wanted((("label", "sec.terror"),))])
        ))  # fmt: skip
        timed("find first", first("label:sec.terror", 100))
        timed("find rare", first("label:sec.terror state:unsure flag:yes", 100))
        timed("find all", first("label:sec.terror", None))
        timed("find words", first("trade label:sec.terror", 100))
        timed("find note", first("note:again", 100))
        found["memory after"] = megabytes("VmRSS") - before
        found["peak"] = megabytes("VmHWM") - before
    return found


def _in_a_new_process(root: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.scale", "--opened", str(root)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(made: Project, *, runs: int) -> list[Row]:
    """Time the index of a project that has none yet: its building, its opening, its answers."""
    from annotator.pipeline.index import FILE, Index

    with Index.of(made) as index:
        build = milliseconds(index.refresh)
        size = (made.paths.cache / FILE).stat().st_size / 1_000_000
    read = milliseconds(lambda: _read(made))
    _in_a_new_process(made.root)  # So that no run pays for what was too young to be trusted.
    answers: list[dict[str, float]] = []

    def warm() -> float:
        answers.append(_in_a_new_process(made.root))
        return answers[-1]["open"]

    touched = made.paths.tags / corpus.CODER / f"{corpus.name(1)}.json"

    def changed() -> float:
        os.utime(touched)
        return _in_a_new_process(made.root)["open"]

    floor, opens = interleaved(runs, [lambda: milliseconds(lambda: _scan(made)), warm])
    floor_again, changes = interleaved(runs, [lambda: milliseconds(lambda: _scan(made)), changed])

    def said(name: str) -> list[float]:
        return [answer[name] for answer in answers]

    stats = "scandir + stat"
    return [
        Row("index, first build", [build], "read the same files", [read]),
        Row("index, size of its file", [size], unit="MB"),
        Row("index, warm open and refresh", opens, stats, floor, most=250, absolute=True),
        Row("index, refresh again", said("again"), stats, floor),
        Row("index, open after one journal changed", changes, stats, floor_again),
        Row("index, memory of an open", said("memory"), most=40, unit="MB"),
        Row("index, memory after all of these", said("memory after"), unit="MB"),
        Row("index, peak of memory", said("peak"), unit="MB"),
        Row("totals of all", said("totals"), most=100),
        Row("figures of a coder, whole project", said("figures")),
        Row("tallies of each journal", said("tallies")),
        Row("40 entries of the library", said("entries")),
        Row("filter by words", said("filter words")),
        Row("filter by language, progress, label, state", said("filter coding")),
        Row("places of a label, all", said("places")),
        Row("find a label, first 100 places", said("find first")),
        Row("find a label, a state and a flag, first 100", said("find rare")),
        Row("find a label, all places with their texts", said("find all")),
        Row("find a word and a label, first 100", said("find words")),
        Row("find a note, first 100", said("find note")),
    ]


def main(readouts: int) -> None:
    """Make a project of so many readouts, and print what its index costs."""
    with tempfile.TemporaryDirectory(prefix="scale-") as temporary:
        begun = perf_counter()
        made = project(Path(temporary) / "project", readouts)
        os.sync()
        print(f"{readouts:,} readouts written in {perf_counter() - begun:.0f} s.", flush=True)
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        print(f"Load: {load} on {os.cpu_count()} processors.", flush=True)
        rows = measure(made, runs=5)
        show(f"The index of {readouts:,} readouts, {readouts * SENTENCES:,} sentences", rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--opened"]:
        print(json.dumps(opened(Path(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000)
