"""What coding a readout takes, in keys: the sample gold, coded by keys from a written script.

`python -m tests.benchmarks.coding` codes the readout in the app without a terminal, once for each
script, compares what is stored with the gold, and prints keys for each sentence, for each mark, by
layer and in all. A script has the keys of each sentence in the order in which they are pressed.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from annotator.config import SAMPLE_CODER
from annotator.model.edit import Coding
from annotator.model.mark import ChoiceValue, EntityValue, Mark
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
    "s 1 D n s 1 m c t c enter",
    "s 4 s > 3 m d t r enter",
    "s 4 t e enter",
    "t t m j i n k u enter",
    "s 3 c a S 2 V 0 t r enter",
    "s 3 t t enter",
    "s 0 c i C 5 6 S 1 V 1 t t s enter",
    "s 3 m n t g r enter",
    "s 3 c a S 3 V 1 c a S 2 V 0 t v enter",
    "s 2 s 2 s > 8 m r t c p enter",
    "s 1 s > 5 s 1 t p enter",
    "s 1 s > 5 m s escape x r t t enter",
)
"""The path of a coder who knows the keys."""

QUESTIONED: Final = (
    *EXPERIENCED[:3],
    "s 1 D n s 1 escape d n c t c enter",
    "s 4 s > 3 escape d y y n d t r enter",
    *EXPERIENCED[5:7],
    "s 3 escape d y y y y a S 2 V 0 t r enter",
    EXPERIENCED[8],
    "s 0 escape d y y y i C 5 6 V 1 t t s enter",
    "s 3 escape d y y n n t g r enter",
    "s 3 escape d y y y y a S 3 V 1 escape d y y y y a S 2 V 0 t v enter",
    "s 2 s 2 s > 8 escape d y y n r t c p enter",
    EXPERIENCED[13],
    "s 1 s > 5 escape d n s escape x r t t enter",
)
"""The path of a coder who finds every commitment and near miss by the questions of the codebook."""

SCRIPTS: Final[Mapping[str, Sequence[str]]] = {
    "experienced": EXPERIENCED,
    "by the questions": QUESTIONED,
}
"""The ways to code it, by their names."""

Said = tuple[frozenset[str], Sequence[tuple[str, ...]]]
"""The topics of a sentence, and its other marks in order, each as what a coder decides of it."""


def said(sentence: Sentence) -> Said:
    """Say what a coder decided of a sentence; words in the text are left to what is proposed."""
    given = sorted(
        (_said(mark) for mark in sentence.marks if mark.layer != "topics" or mark.rejected),
    )
    return frozenset(mark.label for mark in sentence.of_layer("topics")), given


def _said(mark: Mark) -> tuple[str, ...]:
    whom = [v.entity for v in mark.values(_WHO[mark.layer]) if isinstance(v, EntityValue)]
    scales = [
        value.choice
        for slot in ("strength", "verifiability")
        for value in mark.values(slot)
        if isinstance(value, ChoiceValue)
    ]
    return (
        mark.layer,
        mark.label,
        *sorted(whom),
        *scales,
        *(["rejected"] if mark.rejected else []),
    )


_WHO: Final = {"speakers": "source", "commitments": "committers", "topics": ""}


async def code(project: Project, script: Sequence[str]) -> Coding:
    """Code the readout by the keys of a script, and return what is on disk after."""
    app = AnnotatorApp(project, CODER, READOUT)
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in script:
            await pilot.press(*keys.split())
        await pilot.press("ctrl+q")
    snapshot = project.store().read(CODER, READOUT)
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
    """Say in which sentences what was decided is not what the gold says."""
    told = []
    for number, key in enumerate(wanted.order, 1):
        one, other = said(coded.sentence(key)), said(wanted.sentence(key))
        if one != other or coded.sentence(key).state != "done":
            told.append(f"sentence {number}: {one} is not {other}")
    return told


def report(name: str, script: Sequence[str], coded: Coding) -> list[str]:
    """Say what a script took: for each sentence, for each mark by layer, and in all."""
    sentences = [sentence for _, sentence in coded.sentences()]
    pressed = sum(len(keys.split()) for keys in script)
    kept = sum(sentence.keys for sentence in sentences)
    lines = [
        f"{name}: {pressed} keys for {len(sentences)} sentences,"
        f" {pressed / len(sentences):.1f} a sentence; {pressed - kept} of them move about",
        "  sentence  keys  of marks  marks",
    ]
    for number, sentence in enumerate(sentences, 1):
        own = sum(mark.provenance.keys or 0 for mark in sentence.marks)
        lines.append(f"  {number:>8}  {sentence.keys:>4}  {own:>8}  {len(sentence.marks):>5}")
    of_marks = 0
    for layer in dict.fromkeys(m.layer for sentence in sentences for m in sentence.marks):
        keys = [m.provenance.keys or 0 for s in sentences for m in s.marks if m.layer == layer]
        of_marks += sum(keys)
        lines.append(
            f"  {layer}: {len(keys)} marks, {sum(keys)} keys, {sum(keys) / len(keys):.1f} a mark,"
            f" median {median(keys):g}, at most {max(keys)}"
        )
    lines.append(f"  marks took {of_marks} keys; {kept - of_marks} confirm, open and close")
    return lines


def main() -> int:
    """Code the readout by each script, and print what it took; 1 where it is not the gold."""
    wrong = 0
    for name, script in SCRIPTS.items():
        with tempfile.TemporaryDirectory(prefix="coding-") as folder:
            project = project_in(Path(folder))
            coded = asyncio.run(code(project, script))
            found = differences(coded, gold(project))
        print("\n".join([*report(name, script, coded), *found]))
        wrong += len(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
