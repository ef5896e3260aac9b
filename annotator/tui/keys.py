"""The one table of commands: their names, keys, and what the help says of them.

Everything that shows or obeys a key reads it here: the screens, the line of keys at their foot, the
command palette, the help and the check of a project's own keys. A key is a printable character as
itself, any other by its name, such as "enter" or "ctrl+r".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from string import ascii_letters
from typing import TYPE_CHECKING, Final, Literal, get_args

from annotator.errors import InputError
from annotator.files import printable

if TYPE_CHECKING:
    from annotator.model.codebook import Panel

Scope = Literal[
    "annotate",
    "library",
    "find",
    "read",
    "codebook",
    "cast",
    "about",
    "figures",
    "formula",
    "applying",
    "export",
]
"""Where a command is obeyed; "read" are the screens that only show something."""
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)

Part = Literal["Move", "Mark", "Decide", "Change", "Look", "Program"]


@dataclass(frozen=True)
class Command:
    """Something a key does; `short` is its name in the line of keys, if it stands there."""

    id: str
    keys: tuple[str, ...]
    title: str
    help: str
    part: Part
    scopes: tuple[Scope, ...]
    short: str = ""


_ANNOTATE: Final[tuple[Scope, ...]] = ("annotate",)
_LISTS: Final[tuple[Scope, ...]] = ("library", "find")
_CAST: Final[tuple[Scope, ...]] = ("cast",)
_CODEBOOK: Final[tuple[Scope, ...]] = ("codebook",)
_EXPORT: Final[tuple[Scope, ...]] = ("export",)
_SCROLLED: Final = SCOPES
_ALL: Final = SCOPES

COMMANDS: Final = (
    Command("sentence.confirm", ("enter",), "Confirm", "This sentence is done; go to the next that waits. With no marks it says: seen, none.", "Decide", _ANNOTATE, "done, next"),
    Command("sentence.unsure", ("w",), "Unsure", "Decide the sentence, but put it aside for a second look.", "Decide", _ANNOTATE),
    Command("sentence.skip", ("p",), "Skip", "Leave the sentence out: it is not to be coded.", "Decide", _ANNOTATE),
    Command("down", ("j", "down"), "Next", "One on; a number before it says how many.", "Move", _SCROLLED),
    Command("up", ("k", "up"), "Previous", "One back; a number before it says how many.", "Move", _SCROLLED),
    Command("page.down", ("ctrl+d", "pagedown"), "Page down", "A screenful on.", "Move", _SCROLLED),
    Command("page.up", ("ctrl+u", "pageup"), "Page up", "A screenful back.", "Move", _SCROLLED),
    Command("first", ("g", "home"), "First", "To the start; with a number before it, to that sentence.", "Move", _SCROLLED),
    Command("last", ("G", "end"), "Last", "To the end; with a number before it, to that sentence.", "Move", _SCROLLED),
    Command("waiting.next", ("n",), "Next that waits", "To the next one that is not decided.", "Move", ("annotate", "library"), "next not done"),
    Command("waiting.previous", ("N",), "Last that waits", "Back to one that is not decided.", "Move", _ANNOTATE),
    Command("readout.next", ("]",), "Next readout", "Close this readout and open the next.", "Move", ("annotate", "about")),
    Command("readout.previous", ("[",), "Previous readout", "Close this readout and open the one before.", "Move", ("annotate", "about")),
    Command("queue.next", ("}",), "Next of the queue", "Open the next place of the queue that is walked through.", "Move", _ANNOTATE),
    Command("queue.previous", ("{",), "Last of the queue", "Open the place before it in the queue.", "Move", _ANNOTATE),
    Command("open", ("enter", "l", "right"), "Open", "Open what is lit.", "Move", _LISTS, "open"),
    Command("span", ("v",), "Span", "Choose words for a slot of a mark: hop, grow, shrink, nudge.", "Mark", _ANNOTATE, "span"),
    Command("spans.all", ("V",), "All spans", "Draw the spans of every mark beneath the lit sentence, or draw them no more.", "Look", _ANNOTATE),
    Command("speaker.inside", ("i",), "Inside this one", "Somebody who speaks inside the lit attribution: a leader inside a press service.", "Mark", _ANNOTATE),
    Command("mark.next", ("tab",), "Next mark", "Light the next mark of this sentence.", "Move", _ANNOTATE),
    Command("mark.edit", ("e",), "Edit mark", "Open the form of the lit mark.", "Mark", _ANNOTATE),
    Command("mark.copy", ("y",), "Copy mark", "Copy the lit mark, for another act under the same terms; its form opens.", "Mark", _ANNOTATE),
    Command("mark.remove", ("backspace", "delete"), "Remove mark", "Take the lit mark away.", "Mark", _ANNOTATE),
    Command("decide", ("d",), "Decide by questions", "Answer the codebook's questions until a label, or nothing, is left.", "Mark", _ANNOTATE),
    Command("repeat", (".",), "Repeat", "Put the last marking on this sentence too.", "Mark", _ANNOTATE),
    Command("suggestions.take", (",",), "Take what is suggested", "Put on this sentence what is suggested for it; with a number before it, only that one.", "Mark", _ANNOTATE),
    Command("suggestions.show", ("O",), "Show suggestions", "Show what is suggested, or hide it and code blind.", "Look", _ANNOTATE),
    Command("formula", ("r",), "Same formula", "Near-identical sentences that you coded: their marks are taken over by one key.", "Mark", _ANNOTATE),
    Command("formula.apply", ("A",), "Apply to all", "Put the marks of this sentence on the near-identical ones of the project, after a preview.", "Mark", _ANNOTATE),
    Command("macro.play", ("@",), "Play a macro", "Then its key: put a kept marking on this sentence.", "Mark", _ANNOTATE),
    Command("macro.keep", ("K",), "Keep a macro", "Keep the last marking under a key of its own, for the whole project.", "Mark", _ANNOTATE),
    Command("formula.take", ("enter",), "Take over", "Put the marks of the lit sentence on the one in work; a digit takes those of its row.", "Mark", ("formula",), "take over"),
    Command("apply.toggle", ("space",), "Choose", "Choose the lit sentence, or leave it out.", "Mark", ("applying",), "choose"),
    Command("apply.all", ("a",), "Choose all", "Choose all sentences that are listed, or none.", "Mark", ("applying",), "all"),
    Command("apply.confirm", ("c",), "And confirm", "Say that the sentences are done as well, or that they stay undecided.", "Mark", ("applying",), "and confirm"),
    Command("apply.now", ("enter",), "Mark them", "Mark the sentences that are chosen, in one act that one undo takes back everywhere.", "Mark", ("applying",), "mark them"),
    Command("reject", ("x",), "Reject a label", "Then a label: considered, and it is not. Tab goes to the next layer.", "Mark", _ANNOTATE),
    Command("undo", ("u",), "Undo", "Take back the last act, also one of yesterday.", "Change", _ANNOTATE, "undo"),
    Command("redo", ("ctrl+r",), "Redo", "Make the undone act again.", "Change", _ANNOTATE),
    Command("about.fill", ("enter", "l", "right"), "Fill in", "Type the value of the lit field.", "Change", ("about",), "fill in"),
    Command("about.next", ("n",), "Next not known", "To the next field that matters and is not known. One that the light came to by itself counts as next.", "Move", ("about",), "next not known"),
    Command("about.again", (".",), "As last given", "Give the field the value that it was last given here.", "Change", ("about",), "as last given"),
    Command("about.empty", ("backspace", "x"), "Not known", "Take the value away: it is not known.", "Change", ("about",), "not known"),
    Command("about.undo", ("u",), "Take back", "The last change of this form is taken back.", "Change", ("about",), "take back"),
    Command("unplaced.away", ("X",), "Put away", "Put away a mark that lost its place when the text changed.", "Change", _ANNOTATE),
    Command("note", ("z",), "Note", "Write a note on this sentence.", "Change", _ANNOTATE),
    Command("flag", ("f",), "Flag", "Flag this sentence, or take the flag away.", "Change", _ANNOTATE),
    Command("role", ("R",), "Role", "Say what this sentence is in its document: heading, body, list item …", "Change", _ANNOTATE),
    Command("split", ("S",), "Split", "Split the sentence before a word.", "Change", _ANNOTATE),
    Command("join", ("J",), "Join", "Join the sentence with the next one.", "Change", _ANNOTATE),
    Command("export.change", ("enter", "l", "right", "space"), "Change", "The next value of the lit choice, in or out, or a line to type.", "Change", _EXPORT, "change"),
    Command("export.other", ("h", "left"), "Change back", "The value before it.", "Change", _EXPORT),
    Command("export.form", ("/",), "Name a format", "Choose a format by the beginning of its name.", "Change", _EXPORT, "format"),
    Command("export.write", ("w",), "Write", "Write the dataset into its folder; escape stops it, and leaves nothing behind.", "Program", _EXPORT, "write"),
    Command("export.replace", ("R",), "Replace", "Put the dataset in the place of an older export, once that was asked.", "Program", _EXPORT),
    Command("export.check", ("c",), "Check all", "Go through everything without writing it: rows, losses, splits and near-twins.", "Look", _EXPORT, "check"),
    Command("export.copy", ("y",), "Copy the command", "Send the command line that does the same to the clipboard, if the terminal allows that.", "Look", _EXPORT, "copy"),
    Command("find", ("/",), "Find", "Find words, labels, slots, people, states, dates … in the whole project.", "Look", ("annotate", "library", "find"), "find"),
    Command("find.sort", ("s",), "Sort", "By readout, by what stands before the words, or by what follows.", "Look", ("find",), "sort"),
    Command("find.copy", ("y",), "Copy", "Send the lit place to the clipboard, if the terminal allows that.", "Look", ("find",), "copy"),
    Command("find.copy.all", ("Y",), "Copy all", "Send all places to the clipboard, as many as it takes.", "Look", ("find",)),
    Command("find.save", ("E",), "Write a spreadsheet", "Write all places to a CSV file in exports.", "Look", ("find",), "CSV"),
    Command("second.pass", ("Q",), "Second pass", "Walk through what is unsure, flagged or doubtful in the whole project.", "Move", ("annotate", "library")),
    Command("codebook", ("?",), "Codebook", "Definitions, rules and edge cases.", "Look", ("annotate", "library", "find"), "codebook"),
    Command("help", ("f1",), "All keys", "Those of this screen, and beneath them those of every other.", "Look", _ALL, "keys"),
    Command("filter", ("f",), "Filter", "List only some readouts: by words, language, side, progress, label, state.", "Look", ("library",), "filter"),
    Command("about", ("M",), "About the readout", "What is known of it: whose account, event, dates, licence; fill it in.", "Look", ("annotate", "library")),
    Command("figures", ("D",), "Figures", "Progress, pace, label shares, and what each mark takes.", "Look", ("annotate", "library")),
    Command("figures.whose", ("tab",), "Whose", "The figures of this readout, of your work in the project, or the counts of everybody.", "Look", ("figures",), "whose"),
    Command("export", ("E",), "Export", "Write a dataset: choose format, scope and split, with a preview, checks and the command line.", "Look", ("annotate", "library")),
    Command("cast", ("C",), "Cast", "Who is in this readout: names, roles, countries, collectives. From the library: everybody in the project.", "Look", ("annotate", "library")),
    Command("cast.other", ("tab",), "Cast or register", "Between the cast of the readout and everybody in the project.", "Look", _CAST, "register"),
    Command("cast.add", ("a",), "Add", "Put somebody into the cast: new, or known from other readouts.", "Change", _CAST, "add"),
    Command("cast.rename", ("r",), "Rename", "Another name; the old one stays an alias. In the register: in all readouts.", "Change", _CAST, "rename"),
    Command("cast.id", ("i",), "Another id", "They are somebody else than whoever has this id in other readouts.", "Change", _CAST),
    Command("cast.aliases", ("n",), "Other names", "The names by which the text calls them.", "Change", _CAST, "names"),
    Command("cast.role", ("o",), "Role", "The office they hold.", "Change", _CAST),
    Command("cast.country", ("c",), "Country", "Whom they belong to: a country in two letters, or an organisation.", "Change", _CAST),
    Command("cast.type", ("t",), "Type", "Person, office, state, organisation, people, group or collective.", "Change", _CAST),
    Command("cast.merge", ("m",), "Merge", "The lit one becomes another, in every mark; then choose which.", "Change", _CAST, "merge"),
    Command("cast.members", ("&",), "Collective", "Make a collective of some of the cast, or change the members of the lit one.", "Change", _CAST, "collective"),
    Command("cast.represents", ("p",), "Stands for", "Whom the lit one represents.", "Change", _CAST),
    Command("cast.words", ("w",), "Keep words", "Keep the words by which marks name the lit one as its names.", "Change", _CAST),
    Command("cast.remove", ("x", "backspace", "delete"), "Remove", "Take somebody out whom no mark names.", "Change", _CAST),
    Command("cast.up", ("K",), "Move up", "One place up, to a key that is nearer.", "Change", _CAST),
    Command("cast.down", ("J",), "Move down", "One place down.", "Change", _CAST),
    Command("cast.sort", ("s",), "Sort by use", "Those first whom most marks name, so that they have the keys from 1 on.", "Change", _CAST, "sort"),
    Command("cast.undo", ("u",), "Take back", "Take back the last act on the readout; in the register, the last change of it.", "Change", _CAST, "take back"),
    Command("cast.redo", ("ctrl+r",), "Make again", "Make the undone act again.", "Change", _CAST),
    Command("cast.go", ("enter",), "Go there", "To the first sentence that names the lit one; in the register, to their first readout.", "Move", _CAST),
    Command("cast.alike", ("=",), "Next alike", "In the register: the next one who may be the same as another.", "Move", _CAST),
    Command("cast.filter", ("/",), "Filter", "In the register: list only those of whom the words are told that are typed; also while one is merged.", "Look", _CAST),
    Command("history", ("H",), "History", "Who did what when, and the readout as it was after any act.", "Look", _ANNOTATE),
    Command("write", ("W",), "Write here", "Take over a readout that is only read, once nobody else writes it.", "Look", _ANNOTATE),
    Command("codebook.marks", ("enter", "l", "right"), "Its marks", "Walk through the sentences that bear the lit label; among precedents, from the lit one on.", "Move", _CODEBOOK, "its marks"),
    Command("codebook.inside", ("tab",), "Precedents", "Go from the list to the precedents of the lit label, and back.", "Move", _CODEBOOK, "precedents"),
    Command("codebook.filter", ("/",), "Filter labels", "List only those that hold the words that are typed.", "Look", _CODEBOOK, "filter"),
    Command("codebook.add", ("a",), "Add a label", "Add a label to the lit family or layer.", "Change", _CODEBOOK, "add"),
    Command("codebook.edit", ("e",), "Edit", "Write name, tag, key, definition or rules of the lit label anew.", "Change", _CODEBOOK, "edit"),
    Command("codebook.rename", ("r",), "Rename", "Give the lit label another id; its marks follow.", "Change", _CODEBOOK),
    Command("codebook.merge", ("m",), "Merge", "Let the lit label go into another, which its marks become.", "Change", _CODEBOOK),
    Command("codebook.split", ("s",), "Split", "Put two labels in the place of the lit one; its marks wait for a choice.", "Change", _CODEBOOK),
    Command("codebook.retire", ("x",), "Retire", "Let the lit label not be given any more; its marks stay.", "Change", _CODEBOOK),
    Command("codebook.review", ("Q",), "Look again", "Walk through the sentences whose marks are older than a change of their label.", "Move", _CODEBOOK, "look again"),
    Command("theme", ("ctrl+t",), "Dark or light", "Change between the dark and the light theme.", "Look", _ALL),
    Command("reader", ("f2",), "Reader mode", "Show everything in words, one thing per line, for a screen reader; or as before.", "Look", _ALL),
    Command("density", ("f3",), "Compact or roomy", "Show more of the text at once, or with more air.", "Look", _ANNOTATE),
    Command("suspend", ("ctrl+z",), "Suspend", "Go back to the shell for a while, once everything is saved; “fg” comes back.", "Program", _ALL),
    Command("back", ("q", "escape"), "Back", "Leave this screen; only q leaves a readout that is coded, and the program, from the library.", "Program", _ALL, "back"),
    Command("quit", ("ctrl+q",), "Quit", "Leave the program; everything is saved.", "Program", _ALL),
    Command("palette", ("ctrl+p",), "Commands", "Search all commands by name.", "Program", _ALL, "commands"),
)  # fmt: skip


def _in_general(command: str) -> str:
    return "annotator.toml, keys"


# A terminal sends control with h, i, j and m as backspace, tab and enter, and knows no others than
# letters; with alt it sends an escape before the key.
_PRESSABLE = re.compile(
    r"\S|ctrl\+[a-gk-ln-z]|f(?:[1-9]|1[0-9]|2[0-4])|enter|tab|space|backspace|escape"
    r"|(?:(?:ctrl|shift)\+)*(?:up|down|left|right|home|end|pageup|pagedown|delete|insert)"
)
DIGITS: Final = frozenset("0123456789")

FIXED: Final = frozenset({"quit", "palette", "back", "sentence.confirm", "codebook", "help"})
"""Commands that keep their keys: nobody locks themselves in, and panels obey them too."""
ANYWHERE: Final = frozenset({"help", "theme", "reader", "density", "suspend", "quit", "palette"})
"""Commands that leave one where one is, or the program: open panels and lines do not stop them."""
_NO_LABELS = re.compile(r"ctrl\+[a-z]|f[0-9]+")
PANEL_KEYS: Final = frozenset(
    {"enter", "space", "tab", "shift+tab", "escape", "up", "down", "left", "right", "backspace"}
)
"""Keys that panels take for themselves, and that no other command can have."""


@dataclass(frozen=True)
class Keymap:
    """Which key means which command where, and the keys of the codebook's panels."""

    commands: tuple[Command, ...]
    panels: tuple[Panel, ...]

    def command(self, scope: Scope, key: str) -> Command | None:
        """Return what a key does on a screen, or None."""
        return next((c for c in self.commands if scope in c.scopes and key in c.keys), None)

    def anywhere(self, scope: Scope, key: str) -> Command | None:
        """Return what a key does that is obeyed in panels and lines too, or None.

        A sign chooses or is typed there, so that only control and function keys are.
        """
        found = self.command(scope, key) if _NO_LABELS.fullmatch(key) else None
        return found if found and found.id in ANYWHERE else None

    def panel(self, key: str) -> Panel | None:
        """Return the panel under a key, or None."""
        return next((panel for panel in self.panels if panel.key == key), None)

    def changes(self, name: str) -> bool:
        """Tell whether a command changes the coding."""
        return any(c.id == name and c.part in ("Mark", "Decide", "Change") for c in self.commands)

    def sign(self, name: str) -> str:
        """Return how the first key of a command is written."""
        return shown(self.first(name))

    def first(self, name: str) -> str:
        """Return the first key of a command."""
        return next(command.keys[0] for command in self.commands if command.id == name)

    def of(self, scope: Scope) -> tuple[Command, ...]:
        """Return the commands of a screen in the table's order."""
        return tuple(command for command in self.commands if scope in command.scopes)


def keymap(
    wishes: Mapping[str, str],
    panels: Iterable[Panel],
    where: Callable[[str], str] = _in_general,
    of_panel: Callable[[Panel], str] | None = None,
) -> Keymap:
    """Return the table with the settings' own keys in place of the first of each command.

    `where` says in which file and line the settings name a command, `of_panel` in which the
    codebook gives a panel its key. Raises InputError where a wish
    names no command, or two would want one key on one screen, for a key that does two things does
    neither.
    """
    known = {command.id: command for command in COMMANDS}
    for name, key in wishes.items():
        if name not in known or name in FIXED:
            near = get_close_matches(name, [*known], 1)
            remedy = f"Did you mean “{near[0]}”?" if near and near[0] != name else ""
            problem = "keeps its key" if name in FIXED else "is no command"
            raise InputError(f"{where(name)}: “{printable(name)}” {problem}.", remedy)
        refused = f"{where(name)}: {printable(name)} cannot have the key “{printable(key)}”"
        if not _PRESSABLE.fullmatch(key):
            raise InputError(
                f"{refused}: there is no such key, or a terminal does not tell it from others.",
                "Name a letter, a sign or a key such as “ctrl+e” or “f4”.",
            )
        if is_digit(key) or _is_a_panels(key, known[name]):
            raise InputError(
                f"{refused}.",
                "Digits are counts, and panels have keys of their own; name a letter, a sign or a"
                " key such as “ctrl+e”.",
            )
    table = tuple(
        replace(command, keys=_with_first(wishes[command.id], command.keys))
        if command.id in wishes
        else command
        for command in COMMANDS
    )
    made = Keymap(table, tuple(panels))
    _require_one_meaning(made, {name: where(name) for name in wishes}, of_panel)
    return made


def _is_a_panels(key: str, command: Command) -> bool:
    return key in PANEL_KEYS and key not in command.keys


def _with_first(wish: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((wish, *keys[1:])))


def is_digit(key: str) -> bool:
    """Tell whether a key is one of the ten that counts are typed with."""
    return key in DIGITS


def free_for_panels() -> str:
    """Return the letters that a codebook may give to its panels, as no command has them."""
    taken = {key for command in keymap({}, ()).of("annotate") for key in command.keys}
    return "".join(letter for letter in ascii_letters if letter not in taken)


def _require_one_meaning(
    made: Keymap, places: Mapping[str, str], of_panel: Callable[[Panel], str] | None
) -> None:
    for panel in made.panels:
        if is_digit(panel.key):
            place = f"{of_panel(panel)}: " if of_panel else ""
            raise InputError(
                f"{place}The panel {printable(panel.name)} cannot have the key {panel.key}.",
                "Digits are counts; give it a letter in the codebook.",
            )
    for scope in SCOPES:
        meaning = {p.key: f"the panel {p.name}" for p in made.panels} if scope == "annotate" else {}
        for command in made.of(scope):
            for key in command.keys:
                if key in meaning:
                    wished = [places[n] for n in (command.id, meaning[key]) if n in places]
                    named = [p for p in made.panels if p.key == key] if scope == "annotate" else []
                    wished += [of_panel(panel) for panel in named if of_panel]
                    raise InputError(
                        f"{': '.join([*wished[:1], 'The key'])} {printable(key)} would mean both"
                        f" {printable(meaning[key])} and {command.id}.",
                        "Give one of them another key, in the settings or in the codebook.",
                    )
                meaning[key] = command.id


_SHOWN: Final = {
    "enter": "⏎", "tab": "⇥", "backspace": "⌫", "escape": "esc", "up": "↑", "down": "↓",
    "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "space": "␣", "f1": "F1", "f2": "F2", "f3": "F3",
    "home": "Home", "end": "End", "delete": "Del",
}  # fmt: skip


_PRESSED: Final = {sign: key for key, sign in _SHOWN.items()}


def pressed(sign: str) -> str:
    """Return the key that is written so, or nothing where it is none by itself."""
    return _PRESSED.get(sign, sign if len(sign) == 1 and sign.isascii() else "")


def shown(key: str) -> str:
    """Return how a key is written on the screen: a sign, or `^r` for control and r."""
    return "^" + key.removeprefix("ctrl+") if key.startswith("ctrl+") else _SHOWN.get(key, key)
