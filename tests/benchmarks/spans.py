"""Keys for a sentence with two topics and a span, over all places and lengths of the span.

`python -m tests.benchmarks.spans` takes the readouts of the project, drives the panels as the
screen does, and finds the fewest keys from a sentence to the next for every span of 1 to 12 words:
the panel of topics, two topics, Tab, the keys that select the words, Enter to give them, Enter to
go on. It counts twice more with a mistake that is put right: a hop to the word beside the right
one, and an end one word too far. Whatever none of the ways tried puts right is counted apart, with
the worst spans of each language, so that nobody takes it for a number of keys.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from annotator.model.mark import SpanValue
from annotator.pipeline.project import Project
from annotator.session import words
from annotator.session.words import Range
from annotator.tui.modes.hops import BLOCK
from annotator.tui.modes.span import EDGES, SpanMode
from tests.session.making import Coder, session_of

ROOT = Path(__file__).parents[2]
LONGEST = 12
AROUND = 6
"""Keys that are pressed whatever the span: topics, two labels, Tab, and Enter twice."""
OTHERS = (";", "up", "down", "left", "right", *EDGES)
HEAD = (
    f"  {'':<9}{'spans':>7}"
    + "".join(f"{f'≤ {n}':>8}" for n in (6, 7, 8, 9))
    + "   mean  median  90%  max  lost"
)
WORST = 3
"""Of the spans that took most keys, how many are shown."""
DEEP = 2
"""Keys up to which every way is tried; behind them only ways from where one edge is right."""

State = tuple[object, ...]
Path_ = tuple[str, ...]


def state(mode: SpanMode) -> State:
    """Return all that decides what a mode's next key does."""
    shown = (mode.selection, mode.reason, mode.block, mode.turned, mode.fresh)
    return (*shown, mode._again, mode._pressed)


def pressed(mode: SpanMode, keys: Iterable[str]) -> SpanMode:
    """Return a copy of a mode in which keys were pressed."""
    after = copy.copy(mode)
    for key in keys:
        after.press(key)
    return after


def keys_of(mode: SpanMode) -> Iterator[str]:
    """Yield the keys that may shape the selection: letters, CAPITALS, and the others."""
    letters = {mode.hops.letter(place) for place in range(min(26, len(mode.hops.words)))}
    yield from sorted(letters)
    yield from sorted(letter.upper() for letter in letters)
    yield from OTHERS


def ways(mode: SpanMode, wanted: set[Range]) -> dict[Range, Path_]:
    """Return the shortest way to each wanted selection."""
    found: dict[Range, Path_] = {} if mode.reason == "unlikely" else {mode.selection: ()}
    seen = {state(mode)}
    front: list[tuple[SpanMode, Path_]] = [(mode, ())]
    while front and not wanted <= found.keys():
        following = []
        missing = wanted - found.keys()
        edges = {edge for stretch in missing for edge in stretch}
        for before, path in front:
            if len(path) >= DEEP and not edges & set(before.selection):
                continue
            for key in keys_of(before):
                after = pressed(before, (key,))
                if state(after) not in seen:
                    seen.add(state(after))
                    if after.reason != "unlikely":
                        found.setdefault(after.selection, (*path, key))
                    following.append((after, (*path, key)))
        front = following
    return {stretch: path for stretch, path in found.items() if stretch in wanted}


def hop_to(mode: SpanMode, place: int) -> Path_:
    """Return the keys that begin a stretch at a word when nothing else was pressed before."""
    letter = mode.hops.letter(place)
    if BLOCK <= place < 2 * BLOCK:
        return (letter.upper(),)
    return (*(";" for _ in range(place // BLOCK)), letter)


def put_right(mode: SpanMode, wrong: Path_, target: Range, tries: Iterable[Path_]) -> int | None:
    """Return the keys of a wrong way and of the first try that leads from there to the target."""
    astray = pressed(mode, wrong)
    good = (t for t in tries if pressed(astray, t).selection == target)
    best = min(good, key=len, default=None)
    return None if best is None else len(wrong) + len(best)


@dataclass
class Tally:
    """How many spans of each length took how many keys."""

    keys: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    lost: Counter[int] = field(default_factory=Counter)
    worst: list[tuple[int, str]] = field(default_factory=list)

    def add(self, length: int, keys: int | None, words_of_it: str) -> None:
        """Count a span; None where no way that was tried leads to it."""
        if keys is None:
            self.lost[length] += 1
        else:
            self.keys[length][AROUND + keys] += 1
        self.worst.append((AROUND + keys if keys is not None else sys.maxsize, words_of_it))
        if len(self.worst) > WORST:
            self.worst.remove(min(self.worst))

    def lines(self) -> Iterator[str]:
        """Yield a line for each length, one for all, and the spans that took most."""
        every: Counter[int] = Counter()
        for length, counts in sorted(self.keys.items()):
            every += counts
            yield _line(f"{length} word{'s' * (length > 1)}", counts, self.lost[length])
        yield _line("all", every, self.lost.total())
        for keys, words_of_it in sorted(self.worst, reverse=True):
            yield f"    {'lost' if keys == sys.maxsize else keys}: {words_of_it}"


def _line(name: str, counts: Counter[int], lost: int) -> str:
    total = counts.total()
    shares = [sum(n for keys, n in counts.items() if keys <= most) / total for most in (6, 7, 8, 9)]
    mean = sum(keys * n for keys, n in counts.items()) / total
    said = "".join(f"{share:>8.1%}" for share in shares)
    middle, most = _reached(counts, 0.5), _reached(counts, 0.9)
    return f"  {name:<9}{total:>7}{said}{mean:>7.2f}{middle:>8}{most:>5}{max(counts):>5}{lost:>6}"


def _reached(counts: Counter[int], share: float) -> int:
    """Return the fewest keys with which a share of the spans is given."""
    left = share * counts.total()
    for keys, amount in sorted(counts.items()):
        left -= amount
        if left <= 0:
            return keys
    return max(counts)


def sentences(project: Project, readout_id: str) -> Iterator[Coder]:
    """Yield a coder at each sentence of a readout, with two topics and the span to choose."""
    readout = project.readout(readout_id)
    session = session_of(readout, project.segment(readout), codebook=project.codebook)
    panel = project.codebook.panels[0]
    for key in session.coding.order:
        coder = Coder.at(session=session)
        coder.bench.goto(key)
        coder.press(panel.key, *list(panel.keys.values())[:2], "tab")
        yield coder


def measure(coder: Coder, best: Tally, astray: Tally, too_far: Tally) -> None:
    """Count the keys of every span of a sentence."""
    mode = coder.bench.mode
    assert isinstance(mode, SpanMode)
    found = words.words(mode.desk.text, *mode.desk.bounds)
    spans = {
        (first, length): (found[first][0], found[first + length - 1][1])
        for first in range(len(found))
        for length in range(1, min(LONGEST, len(found) - first) + 1)
    }
    paths = ways(mode, set(spans.values()))
    for (first, length), span in spans.items():
        said = f"“{mode.desk.text[slice(*span)]}” at {span[0]} of {coder.session.readout.id}"
        best.add(length, len(paths[span]), said)
        small = mode.hops.letter(first)
        through = mode.hops.letter(first + length - 1).upper()
        beside = first + 1 if first + 1 < len(found) else first - 1
        if beside >= 0:
            hop = hop_to(mode, beside)
            again = [
                paths[span],
                (small, through),
                (";", small, through),
                (small, *paths[span][1:]),
                (small, small, through),
            ]
            astray.add(length, put_right(mode, hop, span, again), said)
        if (first, length + 1) in spans:
            longer = paths[spans[first, length + 1]]
            keys = put_right(mode, longer, span, [(through,), ("shift+left",), (";", through)])
            too_far.add(length, keys, said)
    _prove(coder, spans, paths)


def _prove(coder: Coder, spans: dict[tuple[int, int], Range], paths: dict[Range, Path_]) -> None:
    """Press the whole way to one span of the sentence, and see that it is given."""
    length = min(3, max((n for _, n in spans), default=0))
    chosen = [span for (_, n), span in spans.items() if n == length]
    if not chosen:
        return
    span = chosen[len(chosen) // 2]
    sentence = coder.bench.key
    coder.press(*paths[span], "enter")
    marks = coder.session.sentence(sentence).marks
    given = [
        v.span for m in marks for vs in m.slots.values() for v in vs if isinstance(v, SpanValue)
    ]
    assert [(s.start, s.end) for s in given] == [span]
    coder.press("enter")
    assert coder.session.sentence(sentence).state == "done"


def main(arguments: list[str]) -> None:
    """Print the keys by length, for each language that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks.spans")
    parser.add_argument("languages", nargs="*", default=["en", "ru"], help="two letters each")
    parser.add_argument("--most", type=int, default=1000, help="readouts of each language")
    asked = parser.parse_args(arguments)
    project = Project.open(ROOT)
    for language in asked.languages:
        of = [r for r in project.readout_ids() if _language(project, r) == language][: asked.most]
        tallies = (Tally(), Tally(), Tally())
        count = 0
        for readout_id in of:
            for coder in sentences(project, readout_id):
                measure(coder, *tallies)
                count += 1
        print(f"\n{language}: {len(of)} readouts, {count} sentences")
        if not count:
            continue
        titles = ("the best way", "after a hop to the word beside", "after an end one word too far")
        for title, tally in zip(titles, tallies, strict=True):
            print(f"  {title}\n{HEAD}")
            print("\n".join(tally.lines()))


def _language(project: Project, readout_id: str) -> str:
    return (project.metadata(readout_id).language or "en").partition("-")[0]


if __name__ == "__main__":
    main(sys.argv[1:])
