"""A project that wants the terminal for itself: every text that can be shown holds an attack.

The attacks are those of any terminal: sequences that set titles, links, the clipboard, colours,
modes and the cursor; single control characters; text that runs the other way, that nobody sees, or
that piles up; and the markup of the library that draws the screens.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

from .harness import Place

SENTINEL: Final = "7391"
"""A number that no sequence of the program's own has cause to hold."""

ATTACKS: Final = {
    "osc title": f"\x1b]0;TITLE{SENTINEL}\x07",
    "osc link": f"\x1b]8;;http://{SENTINEL}.example\x1b\\link\x1b]8;;\x1b\\",
    "osc clipboard": f"\x1b]52;c;{SENTINEL}\x1b\\",
    "dcs": f"\x1bP{SENTINEL};1|17/41\x1b\\",
    "strings": f"\x1b_A{SENTINEL}\x1b\\\x1b^P{SENTINEL}\x1b\\\x1bXS{SENTINEL}\x1b\\",
    "csi": f"\x1b[2J\x1b[{SENTINEL};1H\x1b[31m\x1b[?{SENTINEL}h\x1b[?1049l\x1b[6n\x1b[c\x1bc",
    "c1": f"\x9b31m\x9d52;c;{SENTINEL}\x9c\x90{SENTINEL}\x9c\x85\x8d",
    "c0": "\x07\x08\x0b\x0c\x0e\x0f\x1a\x7f",
    "tab": "a\tb",
    "overrides": "\u202eruoy\u202c \u202dgnol\u202c \u202a\u202b",
    "isolates": "\u2066left\u2069 \u2067right\u2069 \u2068first\u2069 \u200e\u200f\u061c",
    "separators": "one\u2028two\u2029three",
    "zero width": "pass\u200bword\u200c\u200d\ufeff\u2060\u00ad\u180e" + "\u200d" * 20,
    "tag characters": "flag\U000e0001\U000e0041\U000e0042\U000e007f",
    "combining": "z" + "\u0301\u0327\u20dd" * 7 + "algo",
}  # fmt: skip

MARKUP: Final = (
    "[inaudible]", "[/]", "[/red]", '[q="x]', "[@click=app.quit]x[/]", "[ZRANGE [a + b]", "a\\",
    "[bold red]b[/]", "[link=http://a.example]l[/link]", "[sic", "{{x}}", "$text", "%s{0}",
)  # fmt: skip

_GLYPHS: Final = "\x1b\u202e\u200b\x9b"
_HIDDEN_LETTERS: Final = {0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0, *range(0xFE00, 0xFE0E)}


def forbidden(char: str) -> bool:
    """Tell whether a terminal might obey a character, or a reader not see it."""
    hidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return hidden or ord(char) in _HIDDEN_LETTERS or 0xE0000 <= ord(char) <= 0xE0FFF


def hidden_in(text: str) -> int:
    """Count what a reader of a text would not see."""
    return sum(forbidden(char) and char not in "\n\t" for char in text)


EVERYTHING: Final = " ".join([*ATTACKS.values(), *MARKUP])
READOUT: Final = "hostile"
PILE: Final = "z" + "\u0301\u0327\u20dd" * 700 + "algo"
JOINERS: Final = "pass" + "\u200d" * 2000 + "word"
ENDLESS: Final = "every word of this line is harmless and it does not end " * 18_000
# One line for each attack, so that each is a sentence of its own; the longest line is a megabyte.
TEXT: Final = (
    "\n\n".join(
        [
            "The transcript breaks off [inaudible] and goes on after a while.",
            "President Ada said that [/] and [@click=app.quit]x[/] will be met in \u202eMay\u202c.",
            *(
                f"The {name} attack says {attack} and agreed to meet."
                for name, attack in ATTACKS.items()
            ),
            f"All markup at once: {' '.join(MARKUP)} and agreed to meet.",
            f"A pile {PILE} and a run {JOINERS} agreed to meet.",
            ENDLESS,
        ]
    )
    + "\n"
)


def short(name: str) -> str:
    """Return an attack that fits on one line of a list, with markup before it."""
    return f"[/] {ATTACKS[name]} [@click=app.quit]{name}[/]"


def toml(text: str) -> str:
    """Write a string of TOML that stands for any text."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char.isascii() and char.isprintable() and char not in '"\\':
        return char
    return f"\\U{ord(char):08x}"


NUL: Final = "\x00"
METADATA: Final = f"""
title = {toml("Title " + EVERYTHING)}
issuer = {toml("Issuer " + short("osc clipboard"))}
issuing_side = {toml("XP" + ATTACKS["osc title"])}
outlet = {toml(EVERYTHING)}
language = {toml("en-" + ATTACKS["csi"])}
licence = {toml(short("c1"))}
note = {toml(NUL + EVERYTHING)}

[event]
id = {toml(short("strings"))}
tone = {toml(EVERYTHING)}
participants = ["ada"]

[[entities]]
id = "ada"
type = "person"
name = {toml("Ada " + EVERYTHING)}
role = {toml(EVERYTHING)}
aliases = ["President Ada", {toml(short("dcs"))}]

[[entities]]
id = "bob"
type = "person"
name = {toml(short("overrides"))}
"""


def _poisoned(codebook: str) -> str:
    """Put an attack into every name, definition and glyph of a codebook."""
    return "".join(
        f"{_with_attack(line, place)}\n" for place, line in enumerate(codebook.splitlines())
    )


def _with_attack(line: str, place: int) -> str:
    key, _, value = line.partition(" = ")
    if key.strip() == "glyph":
        return f"{key} = {toml(_GLYPHS[place % len(_GLYPHS)])}"
    if key.strip() in ("name", "short", "definition", "title") and value.count('"') == 2:
        attack = short([*ATTACKS][place % len(ATTACKS)])
        return f'{key} = "{toml(attack)[1:-1]} {value[1:]}'
    return line


def make(folder: Path) -> Place:
    """Make the project, in a folder whose name is an attack as well."""
    place = Place(folder, root=f"p{ATTACKS['osc title']}[@click=app.quit]{chr(0x202E)}")
    seeds = place.root / "seeds"
    (seeds / f"{READOUT}.txt").write_text(TEXT, encoding="utf-8", newline="")
    (seeds / f"{READOUT}.toml").write_text(METADATA, encoding="utf-8")
    (seeds / f"{ATTACKS['csi'][:40]}.txt").write_text("No readout by its name.", encoding="utf-8")
    codebook = place.root / "schemas" / "readouts.toml"
    head, *layers = codebook.read_text("utf-8").partition("[[layers]]")
    codebook.write_text(head + _poisoned("".join(layers)), encoding="utf-8")
    return place
