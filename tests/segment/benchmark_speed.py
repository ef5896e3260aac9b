"""Measures how fast texts are split, and how the time grows with the length of one line.

Run it as a script: `python tests/segment/benchmark_speed.py`. A ratio is the time for a line
divided by the time for one of half the length: 2 is linear, 4 would be quadratic.
"""

from __future__ import annotations

import sys
import time

from annotator.segment import segment

PARAGRAPH = (
    "The President of Orlenia, Mr. Pavel Orsk, spoke by telephone with the Prime Minister of "
    "Brevonia, Ms. Lidia Marchetti, on 5 March 2026. The two leaders (it was their third call "
    "this year) discussed trade, which rose by 3.5 per cent to $1.2 billion, and the U.S. offer. "
    "“We have nothing to hide,” President Orsk said. “Let them come and see.” They agreed to "
    "meet on Apr. 7 in St. Orm, and to stay in close contact until then.\n\n"
)
SENTENCE = PARAGRAPH.strip().replace("\n", " ") + " "
LINES = {
    "prose": SENTENCE,
    "dots": ".",
    "dots and spaces": ". ",
    "dots and commas": "., ",
    "question marks": "?",
    "straight quotes": '"',
    "curly quotes": "“",
    "closing quotes": ".” ",
    "capitals": "A",
    "initials": "A. ",
    "U.S.": "U.S. ",
    "U.S. without spaces": "U.S.",
    "opening parentheses": "(",
    "pairs of parentheses": "(a. B) ",
    "nested parentheses": "(a ",
    "brackets and stops": "[. ",
    "numbers": "1. ",
    "words and stops": "ab.Cde",
    "no spaces": "a.b@c.",
    "addresses": "https://a.example/B.C?d=E. ",
    "spaces": " ",
    "no-break spaces": "\u00a0",
    "hidden characters": "\u200b",
    "Chinese": "两国元首通话。“好。”",
    "dashes": "— ",
    "a word": "a",
}
SHAPES = {
    "short lines": "a\n",
    "blank lines": "\n",
    "list items": "- a\n",
    "wrapped lines": "the leaders of the two states spoke about the road to the lake and\n",
    "wrapped dots": "." * 60 + "\n",
    "quotes over lines": '"We agree. We do\n',
}
MEGABYTE = 1_000_000


def seconds(text: str) -> float:
    before = time.perf_counter()
    segment(text)
    return time.perf_counter() - before


def of_size(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def main(megabytes: int) -> None:
    prose = of_size(PARAGRAPH, 10 * MEGABYTE)
    rates = sorted(10 / seconds(prose) for _ in range(3))
    print(f"prose, 10 MB: {rates[1]:.1f} MB/s (median of 3; {rates[0]:.1f} to {rates[2]:.1f})")
    print(f"{'':24}{'MB/s at':>10}{'time at 2x':>12}{'time at 4x':>12}")
    print(f"{'one line of':24}{f'{megabytes} MB':>10}{'/ at 1x':>12}{'/ at 2x':>12}")
    for name, unit in {**LINES, **SHAPES}.items():
        times = [seconds(of_size(unit, n * megabytes * MEGABYTE)) for n in (1, 2, 4)]
        print(
            f"{name:24}{megabytes / times[0]:>10.1f}"
            f"{times[1] / times[0]:>12.2f}{times[2] / times[1]:>12.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
