"""What coding a readout takes, in keys: the sample gold, coded by keys from a written script.

`python -m tests.benchmarks.coding` codes the readout in the app without a terminal, once for each
script, compares what is stored with the gold, and prints keys for each sentence, for each mark, by
layer and in all. A script has the keys of each sentence in the order in which they are pressed.
Every slot is compared but those in `UNSEEN`; other texts are coded likewise by `code`.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from annotator.config import SAMPLE_CODER
from annotator.model.codebook import Codebook
from annotator.model.edit import Coding
from annotator.model.mark import EntityValue, Mark, RefValue, SlotValue, SpanValue
from annotator.model.sentence import Sentence
from annotator.pipeline.project import Project
from annotator.tui.app import AnnotatorApp

ROOT: Final = Path(__file__).parents[2]
READOUT: Final = "2017-01-28-putin-trump-kremlin-retold"
CODER: Final = "ada"

EXPERIENCED: Final = (
    "g t e enter",
    "k . enter",
    "s 4 t e enter",
    "s 1 !D !n s 1 m c t c enter",
    "s 4 s > 3 m d t r enter",
    "s 4 t e enter",
    "t t m j i n k u enter",
    "s 3 c a N n W = t r enter",
    "s 3 t t enter",
    "s 0 3 c i !C !backspace !5 !6 !~ N n Y l t t s enter",
    "s 3 m n t g r enter",
    "s 3 c a N n c a N u t v enter",
    "s 2 s 2 s > 8 m r t c p enter",
    "s 1 s > 5 s 1 t p enter",
    "s 1 s > 5 m s escape x r t t enter",
)
"""The path of a coder who knows the keys; keys with a “!” correct what was proposed wrong."""

QUESTIONED: Final = (
    *EXPERIENCED[:3],
    "s 1 !D !n s 1 d n c t c enter",
    "s 4 s > 3 d n d t r enter",
    *EXPERIENCED[5:7],
    "s 3 d y y y y a N n W = t r enter",
    EXPERIENCED[8],
    "s 0 3 d y y y i !C !backspace !5 !6 !~ N n Y l t t s enter",
    "s 3 d y y n n t g r enter",
    "s 3 d y y y y a N n d y y y y a N u t v enter",
    "s 2 s 2 s > 8 d y y n r t c p enter",
    EXPERIENCED[13],
    "s 1 s > 5 d n s escape x r t t enter",
)
"""The path of a coder who finds every commitment and near miss by the questions of the codebook."""

SCRIPTS: Final[Mapping[str, Sequence[str]]] = {
    "experienced": EXPERIENCED,
    "by the questions": QUESTIONED,
}
"""The ways to code it, by their names."""

UNSEEN: Final = frozenset({"evidence", "primary", "cue_lemma"})
"""Slots that the scripts leave out: those of topics, and a text that is typed."""

Said = list[tuple[str, str, str, str]]
"""What stands on a sentence: layer and label, slot, a value, and its words or whether inferred."""


def keys_of(script: str) -> list[str]:
    """Return the keys of a sentence, without the marks of corrections."""
    return [key.removeprefix("!") if len(key) > 1 else key for key in script.split()]


def corrections(script: str) -> int:
    """Return how many keys of a sentence correct what was proposed wrong."""
    return sum(len(key) > 1 and key.startswith("!") for key in script.split())


def said(coding: Coding, sentence: Sentence) -> Said:
    """Say what a coding holds of a sentence, slot by slot, in an order of its own.

    “None stated” counts as nothing, and so do the words that name a committer.
    """
    found: Said = []
    for mark in sentence.marks:
        name = f"{mark.layer} {mark.label}{' rejected' * mark.rejected} {_begin(mark)}"
        found.append((name, "", mark.certainty, ""))
        for slot in mark.slots:
            if slot not in UNSEEN:
                found += ((name, slot, *_value(coding, slot, v)) for v in mark.values(slot))
    return sorted(found)


def _begin(mark: Mark) -> str:
    """Say by which words two marks of one label are told apart."""
    return " ".join(str(span.start) for span in mark.spans()[:1] if mark.layer != "topics")


def _value(coding: Coding, slot: str, value: SlotValue) -> tuple[str, str]:
    match value:
        case EntityValue():
            where = value.mention.exact if value.mention and slot != "committers" else ""
            return value.entity, f"{where}{' inferred' * value.inferred}"
        case SpanValue():
            return value.span.exact, str(value.span.start)
        case RefValue():
            named = (s.mark(value.mark) for _, s in coding.sentences())
            mark = next((m for m in named if m is not None), None)
            cue = mark.values("cue") if mark else ()
            return "mark", " ".join(v.span.exact for v in cue if isinstance(v, SpanValue))
        case _:
            return str(value.model_dump(exclude={"type"})), ""


async def code(project: Project, script: Sequence[str], readout: str = READOUT) -> Coding:
    """Code a readout by the keys of a script, and return what is on disk after."""
    app = AnnotatorApp(project, CODER, readout)
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in script:
            await pilot.press(*keys_of(keys))
        await pilot.press("ctrl+q")
    snapshot = project.store().read(CODER, readout)
    if snapshot is None:
        raise RuntimeError("Nothing was coded.")
    return snapshot.coding


def project_in(folder: Path) -> Project:
    """Make a project of the sample readouts in a folder."""
    for name in ("seeds", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    return Project.open(folder)


def gold(project: Project) -> Coding:
    """Return the gold of the readout."""
    snapshot = project.samples().read(SAMPLE_CODER, READOUT)
    if snapshot is None:
        raise RuntimeError("The sample gold is missing.")
    return snapshot.coding


def differences(coded: Coding, wanted: Coding) -> list[str]:
    """Say where a slot does not hold what the gold says, or a sentence is not done."""
    told = []
    for number, key in enumerate(wanted.order, 1):
        one, other = said(coded, coded.sentence(key)), said(wanted, wanted.sentence(key))
        told += [f"sentence {number}: not in the gold: {' '.join(x)}" for x in _but(one, other)]
        told += [f"sentence {number}: missing: {' '.join(x)}" for x in _but(other, one)]
        if coded.sentence(key).state != "done":
            told.append(f"sentence {number} is not done")
    return told


def _but(one: Said, other: Said) -> Said:
    return list((Counter(one) - Counter(other)).elements())


def report(name: str, script: Sequence[str], coded: Coding, codebook: Codebook) -> list[str]:
    """Say what a script took: for each sentence, for each mark by layer, and in all."""
    sentences = [sentence for _, sentence in coded.sentences()]
    pressed = sum(len(keys_of(keys)) for keys in script)
    kept = sum(sentence.keys for sentence in sentences)
    lines = [
        f"{name}: {pressed} keys for {len(sentences)} sentences,"
        f" {pressed / len(sentences):.1f} a sentence; {pressed - kept} of them move about,"
        f" {sum(map(corrections, script))} correct what was proposed",
        "  sentence  keys  of marks  marks",
    ]
    for number, sentence in enumerate(sentences, 1):
        own = sum(mark.provenance.keys or 0 for mark in sentence.marks)
        lines.append(f"  {number:>8}  {sentence.keys:>4}  {own:>8}  {len(sentence.marks):>5}")
    of_marks = 0
    every = [(_kind(mark, codebook), mark) for sentence in sentences for mark in sentence.marks]
    for layer in dict.fromkeys(kind for kind, _ in every):
        keys = [mark.provenance.keys or 0 for kind, mark in every if kind == layer]
        of_marks += sum(keys)
        lines.append(
            f"  {layer}: {len(keys)} marks, {sum(keys)} keys, {sum(keys) / len(keys):.1f} a mark,"
            f" median {median(keys):g}, at most {max(keys)}"
        )
    lines.append(f"  marks took {of_marks} keys; {kept - of_marks} confirm, open and close")
    return lines


def _kind(mark: Mark, codebook: Codebook) -> str:
    """Return the layer of a mark, but of a near miss that it is one."""
    layer = codebook.layer(mark.layer)
    return "near misses" if layer and layer.negative(mark.label) else mark.layer


def main() -> int:
    """Code the readout by each script, and print what it took; 1 where it is not the gold."""
    wrong = 0
    for name, script in SCRIPTS.items():
        with tempfile.TemporaryDirectory(prefix="coding-") as folder:
            project = project_in(Path(folder))
            coded = asyncio.run(code(project, script))
            found = differences(coded, gold(project))
        print("\n".join([*report(name, script, coded, project.codebook), *found]))
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
