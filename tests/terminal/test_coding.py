from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .harness import Place, Terminal

pytestmark = pytest.mark.terminal

RETOLD = "2017-01-28-putin-trump-kremlin-retold"
SPEAKER = "key attributes"
LABELS = "key toggles"


def at(number: int) -> str:
    return f"Sentence {number} of 15"


def code_everything(terminal: Terminal) -> None:
    """Code the fifteen sentences of the retelling by keys alone."""
    steps = terminal.steps
    # 1, 2: the headline, twice; the second by repeating the first.
    steps(("1 g", at(1)), ("t", LABELS), ("e", "e ● event"), ("enter", at(3)))
    steps(("2 g", at(2)), (".", "repeated"), ("enter", at(3)))
    # 3: who tells, and the call itself.
    steps(("s", SPEAKER), ("4", "▸ Source"), ("escape", at(3)))
    steps(("t", LABELS), ("e", "e ● event"), ("enter", at(4)))
    # 4: a courtesy is a topic and a near miss.
    steps(("s", SPEAKER), ("1", "▸ Source"), ("escape", at(4)))
    steps(("m", LABELS), ("c", "▸ Action"), ("escape", at(4)))
    steps(("t", LABELS), ("c", "c ● courtesy"), ("enter", at(5)))
    # 5: one speaker inside another.
    steps(("s", SPEAKER), ("4", "▸ Source"), ("escape", at(5)))
    steps(("s", SPEAKER), (">", "indirect: who?"), ("3", "Inside            Press office"))
    steps(("escape", at(5)), ("m", LABELS), ("d", "▸ Action"), ("escape", at(5)))
    steps(("t", LABELS), ("r", "r ● relations"), ("enter", at(6)))
    # 6: words in quotation marks.
    steps(("s", SPEAKER), ("4", "Speakers: Direct"), ("escape", at(6)))
    steps(("t", LABELS), ("e", "e ● event"), ("enter", at(7)))
    # 7: a long list, and doubt.
    steps(("t", LABELS), ("t", "t ● terror"), ("m", "m ● mena"), ("j", "j ● arab-israeli"))
    steps(("i", "i ● iran"), ("n", "n ● arms"), ("k", "k ● korea"), ("u", "u ● ukraine"))
    steps(("escape", at(7)), ("w", at(8)))
    # 8: a commitment with its frame, and a flag.
    steps(("s", SPEAKER), ("3", "▸ Source"), ("escape", at(8)))
    steps(("c", LABELS), ("a", "▸ Strength"), ("2", "▸ Verifiability"), ("1", "▸ Counterparties"))
    steps(("1", "1 ● Vladimir"), ("2", "2 ● Donald"), ("tab", "▸ Beneficiaries"))
    steps(("tab", "▸ Mutual"), ("y", "▸ Side"), ("j", "▸ Time "), ("-", "▸ Class of time"))
    steps(("n", "▸ Date"), ("tab", "▸ Conditional"), ("n", "▸ Condition "), ("-", "▸ Novelty"))
    steps(("n", "▸ Polarity"), ("p", "▸ Topics"), ("r", "● relations"), ("escape", at(8)))
    steps(("f", "✱ flag"), ("enter", at(9)))
    # 9: both sides see it so.
    steps(("s", SPEAKER), ("3", "▸ Source"), ("escape", at(9)))
    steps(("m", LABELS), ("a", "▸ Action"), ("escape", at(9)))
    steps(("t", LABELS), ("t", "t ● terror"), ("enter", at(10)))
    # 10: nobody is named, and the committers are only inferred.
    steps(("s", SPEAKER), ("0", "Source            none stated"), ("escape", at(10)))
    steps(("c", LABELS), ("i", "▸ Committers"), ("5", "5 ● Russian"), ("6", "6 ● United"))
    steps(("~", "(inferred)"), ("tab", "▸ Strength"), ("1", "▸ Verifiability"))
    steps(("1", "▸ Counterparties"), ("up up up up", "▸ Action"), ("space", "Span"))
    steps(("escape", "▸ Action"), ("escape", at(10)))
    steps(("t", LABELS), ("t", "t ● terror"), ("s", "s ● syria"), ("enter", at(11)))
