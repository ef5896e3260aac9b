"""The questions by which the codebook is changed on the screen, and the change they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from annotator.errors import InputError
from annotator.model import revision
from annotator.model.codebook import Codebook, Family, Label, Layer
from annotator.model.consistency import RESERVED
from annotator.model.revision import free_key, key_owners, panel_keys
from annotator.pipeline.nearest import nearest
from annotator.tui.inquiry import Answers, Inquiry, Question

Make = Callable[[Codebook], Codebook]
Way = tuple[Inquiry, Callable[[Answers], Make]]
"""What is asked, and what change the answers mean."""
Books = tuple[Codebook, ...]
"""The codebook with the keys that are used, and as its file has it, where that is not the same."""

CHANGES: Final = frozenset(
    f"codebook.{kind}" for kind in ("add", "edit", "rename", "merge", "split", "retire")
)
"""The commands that change the codebook."""

_ID = re.compile(r"[a-z0-9][a-z0-9_.]{0,63}")
_SEVERAL: Final = "several with “ | ” between"
_LISTS: Final = ("include", "exclude")
_FIELDS: Final = ("id", "name", "short", "key", "definition", *_LISTS)


def today() -> str:
    """Return the day in UTC, as the codebook notes it."""
    return datetime.now(UTC).date().isoformat()


def way(
    command: str, books: Books, layer: Layer, family: Family | None, label: Label | None
) -> Way:
    """Return what is asked for a change at a row of the codebook, by the id of the command.

    Raises InputError where there is nothing there that could be changed so.
    """
    if command == "codebook.add":
        return _add(books, layer, family)
    if label is None:
        raise InputError("Light a label first.")
    if label.retired is not None:
        raise InputError(f"“{label.id}” was retired in {label.retired}.")
    match command:
        case "codebook.edit":
            return _edit(books, layer, label)
        case "codebook.rename":
            return _rename(layer, label)
        case "codebook.merge":
            return _merge(layer, label)
        case "codebook.split":
            return _split(books, layer, label)
        case _:
            return _retire(layer, label)


def _new_id(layer: Layer, but: Label | None = None) -> Callable[[str, Answers], str]:
    def problem(typed: str, answers: Answers) -> str:
        if not _ID.fullmatch(typed):
            return "An id is made of small letters, digits, dots and underscores of ASCII."
        taken = layer.label(typed)
        if (taken is not None and taken is not but) or typed in answers.values():
            return f"“{typed}” is taken: {taken.name if taken else 'by the first part'}."
        return ""

    return problem


def _id_of(name: str, what: str, begin: str, layer: Layer) -> Question:
    """Ask for a new id; one without a dot gets the beginning that those beside it have."""
    title = f"Id of the {what}" + (f": {begin}…" if begin else "")
    return Question(name, title, problem=_new_id(layer), whole=_begun(begin))


def _begun(begin: str) -> Callable[[str], str]:
    return lambda typed: typed if "." in typed or not typed else begin + typed


def _needed(typed: str, answers: Answers) -> str:
    return "" if typed else "It needs one."


def _name(label_id: str) -> str:
    return _last(label_id).replace("_", " ").capitalize()


def _key(owners: Mapping[str, str], now: str = "") -> Callable[[str, Answers], str]:
    """Return what is wrong with a key beside those of a panel; an empty one takes what is left.

    The key that a label has `now` may stay.
    """

    def problem(typed: str, answers: Answers) -> str:
        if typed == now:
            return ""
        if not re.fullmatch(r"[!-~]?", typed) or typed in RESERVED:
            return "A key is one letter, digit or sign of ASCII, but for “/” and “?”."
        owner = owners.get(typed)
        return f"The key {typed} is that of {owner}." if owner is not None else ""

    return problem


def _entry(answers: Answers, suffix: str = "", fields: Iterable[str] = _FIELDS) -> dict[str, Any]:
    """Return what was typed as fields of a label."""
    entry: dict[str, Any] = {}
    for name in fields:
        typed = answers.get(f"{name}{suffix}", "")
        parts = [part.strip() for part in typed.split("|")]
        entry[name] = [part for part in parts if part] if name in _LISTS else typed
    return entry


def _last(label_id: str) -> str:
    return label_id.rpartition(".")[2]


def _add(books: Books, layer: Layer, family: Family | None) -> Way:
    within = family.name if family else layer.name
    keys = key_owners(books, layer.id, family.id if family else None)
    begin = _beginning(layer, family)
    questions = [
        _id_of("id", "new label", begin, layer),
        Question("name", "Name", lambda a: _name(a["id"]), _needed),
        Question("short", "Tag: the few letters in the text", lambda a: _last(a["id"])),
        Question("key", "Key", lambda a: free_key(keys, a["short"] or a["id"]), _key(keys)),
        Question("definition", "Definition", problem=_needed),
        Question("include", f"It takes in ({_SEVERAL})"),
        Question("exclude", f"It leaves out ({_SEVERAL})"),
    ]

    def make(answers: Answers) -> Make:
        entry = {**_entry(answers), "family": family.id if family else None}
        return lambda raw: revision.add(raw, layer.id, entry, date=today())

    return Inquiry(f"Add a label to {within}", questions), make


def _beginning(layer: Layer, family: Family | None) -> str:
    """Return how the ids of a family begin, if all do alike."""
    ids = [label.id for label in layer.labels if family and label.family == family.id]
    begin = f"{family.id}." if family else ""
    return begin if begin and all(one.startswith(begin) for one in ids) else ""


def _edit(books: Books, layer: Layer, label: Label) -> Way:
    owners = _beside(books, layer, label)
    now = {
        "name": label.name,
        "short": label.short,
        "key": panel_keys(books[0], layer.id, label.family).get(label.id, ""),
        "definition": label.definition,
        "include": " | ".join(label.include),
        "exclude": " | ".join(label.exclude),
    }

    def changed(answers: Answers) -> bool:
        names = ("definition", *_LISTS)
        return any(answers.get(name) != " ".join(now[name].split()) for name in names)

    questions = [
        Question("name", "Name", lambda _: now["name"], _needed),
        Question("short", "Tag: the few letters in the text", lambda _: now["short"]),
        Question("key", "Key", lambda _: now["key"], _key(owners, now["key"])),
        Question("definition", "Definition", lambda _: now["definition"]),
        Question("include", f"It takes in ({_SEVERAL})", lambda _: now["include"]),
        Question("exclude", f"It leaves out ({_SEVERAL})", lambda _: now["exclude"]),
        Question("means", "Does it mean something else now? y or n", _no, when=changed, keys="yn"),
    ]

    def make(answers: Answers) -> Make:
        entry = _entry(answers, fields=_FIELDS[1:])
        # What was left as it stood is not written anew, however it is spaced in the file.
        kept = {n: v for n, v in entry.items() if answers[n] != " ".join(now[n].split())}
        if not kept:
            raise InputError("Nothing was changed.")
        redefine = answers.get("means") == "y"
        return lambda raw: revision.reword(
            raw, layer.id, label.id, kept, redefine=redefine, date=today()
        )

    return Inquiry(f"Edit {label.id}", questions), make


def _beside(books: Books, layer: Layer, label: Label) -> dict[str, str]:
    """Return who has the keys that are not a label's own."""
    owners = key_owners(books, layer.id, label.family)
    return {key: owner for key, owner in owners.items() if owner != label.id}


def _no(answers: Answers) -> str:
    return "n"


def _rename(layer: Layer, label: Label) -> Way:
    family = next((one for one in layer.families if one.id == label.family), None)
    begin = _beginning(layer, family)
    title = "New id" + (f": {begin}…" if begin else "") + " (e changes the name)"
    question = Question(
        "id", title, lambda _: label.id, _new_id(layer, but=label), whole=_begun(begin)
    )

    def make(answers: Answers) -> Make:
        if answers["id"] == label.id:
            raise InputError("Nothing was changed.")
        return lambda raw: revision.rename(raw, layer.id, label.id, answers["id"], date=today())

    return Inquiry(f"Rename {label.id}", [question]), make


def _merge(layer: Layer, label: Label) -> Way:
    others = tuple(one.id for one in layer.in_use if one is not label)

    def problem(typed: str, answers: Answers) -> str:
        if not typed:
            return "Name the label that takes over."
        other = layer.label(typed)
        if other is None or other.retired is not None:
            near = nearest(typed, others)
            return f"{layer.name} has no label {typed}." + (f" {near[0]}?" if near else "")
        return "A label cannot go into itself." if other is label else ""

    questions = [
        Question("into", "Id of the label that takes over", problem=problem, values=others),
        Question("note", "Why (may be left empty)"),
    ]

    def make(answers: Answers) -> Make:
        into, note = layer.label(answers["into"]), answers["note"]
        target = into.id if into else answers["into"]
        return lambda raw: revision.merge(raw, layer.id, label.id, target, date=today(), note=note)

    return Inquiry(f"Merge {label.id}", questions), make


def _split(books: Books, layer: Layer, label: Label) -> Way:
    keys = _beside(books, layer, label)  # Its own is free from now on.
    begin = label.id[: label.id.rfind(".") + 1]
    questions: list[Question] = []
    for part, which in (("1", "first"), ("2", "second")):
        questions += _part(layer, part, which, begin, keys)
    questions.append(Question("note", "Why (may be left empty)"))

    def make(answers: Answers) -> Make:
        fields = ("id", "name", "short", "key", "definition")
        parts = [_entry(answers, part, fields) for part in ("1", "2")]
        return lambda raw: revision.split(
            raw, layer.id, label.id, parts, date=today(), note=answers["note"]
        )

    return Inquiry(f"Split {label.id}", questions), make


def _part(
    layer: Layer, part: str, which: str, begin: str, keys: Mapping[str, str]
) -> list[Question]:
    def id_of(answers: Answers) -> str:
        return answers[f"id{part}"]

    def beside(answers: Answers) -> dict[str, str]:
        return {**keys, **({answers["key1"]: answers["id1"]} if part == "2" else {})}

    def problem(typed: str, answers: Answers) -> str:
        return _key(beside(answers))(typed, answers)

    def proposed(answers: Answers) -> str:
        return free_key(beside(answers), _last(id_of(answers)))

    return [
        _id_of(f"id{part}", f"{which} part", begin, layer),
        Question(f"name{part}", f"Name of the {which} part", lambda a: _name(id_of(a)), _needed),
        Question(f"key{part}", f"Key of the {which} part", proposed, problem),
        Question(f"definition{part}", f"Definition of the {which} part", problem=_needed),
    ]


def _retire(layer: Layer, label: Label) -> Way:
    def make(answers: Answers) -> Make:
        return lambda raw: revision.retire(
            raw, layer.id, label.id, date=today(), note=answers["note"]
        )

    question = Question("note", "Why (may be left empty)")
    return Inquiry(f"Retire {label.id}", [question]), make
