"""The choices of an export as rows, without a screen: what each key leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from annotator.errors import AnnotatorError
from annotator.model.codebook import Layer
from annotator.pipeline import exporting, narrowing
from annotator.pipeline.export import require_name
from annotator.pipeline.exporting import (
    ELSEWHERE,
    FOR_TRAINING,
    FORMS,
    WAYS,
    Choice,
    Older,
    People,
)
from annotator.pipeline.selection import STATES
from annotator.tui.keys import Keymap
from annotator.tui.modes.base import Ask, Step

Kind = Literal[
    "form",
    "coder",
    "adjudicator",
    "layer",
    "state",
    "filters",
    "origin",
    "certainty",
    "asked",
    "languages",
    "since",
    "until",
    "way",
    "held",
    "validation",
    "test",
    "seed",
    "training",
    "extra",
    "strict",
    "name",
]
_HEADINGS: Final[dict[Kind, str]] = {
    "form": "Format",
    "coder": "Coders",
    "adjudicator": "  adjudicated",
    "layer": "Layers",
    "state": "Sentences",
    "filters": "Filters",
    "origin": "  marks",
    "certainty": "  certainty",
    "asked": "  layers",
    "languages": "  languages",
    "since": "  from",
    "until": "  to",
    "way": "Split",
    "held": "  held back",
    "validation": "  validation",
    "test": "  test",
    "seed": "  seed",
    "training": "Training",
    "extra": "  also",
    "strict": "Strict",
    "name": "Folder",
}
_ORIGINS: Final = {
    "human": "human: from no suggestion",
    "accepted": "accepted: a suggestion as it was",
    "edited": "edited: a suggestion changed",
}
_EXTRAS: Final = {
    "multi_hot": "topics as numbers",
    "tokens": "tokens with tags of words",
    "soft": "shares of the coders",
}
_WAYS: Final = {
    "": "none",
    "event": "by event",
    "time": "by time, the latest are the test",
    "side": "by side, a country is the test",
    "issuer": "by issuer, one is the test",
    "dyad": "by dyad, one is the test",
}
_QUESTIONS: Final[dict[Kind, str]] = {
    "form": f"The beginning of a format's name: {', '.join(form.name for form in FORMS)}",
    "languages": "Languages of the readouts, such as en fr; empty takes all",
    "since": "Events from this year, month or day on, such as 2024; empty for all",
    "until": "Events up to this year, month or day, such as 2024-05; empty for all",
    "held": "The side or issuer that is the test, such as ru; of a dyad both, such as ru-us",
    "validation": "The share of the validation, such as 0.1",
    "test": "The share of the test, such as 0.1",
    "seed": "A whole number that draws the lots; empty takes one that spreads the rare labels",
    "name": "A folder of the exports, or a path with a slash; empty for the codebook's name",
}


@dataclass(frozen=True)
class Row:
    """One choice: `on` tells whether something is in, None where it is a value, not in or out.

    `opens` tells of a row that shows or hides those beneath it whether it shows them. `blocked`
    says why what is chosen cannot be had.
    """

    kind: Kind
    text: str
    on: bool | None = None
    id: str = ""
    opens: bool | None = None
    blocked: str = ""

    @property
    def heading(self) -> str:
        """What the choice is about; rows of one kind share it."""
        return _HEADINGS[self.kind]


class ExportDesk:
    """The choice, the lit row `at`, the question that waits for a line, and what was last said.

    It begins with a `choice` that was made before, as far as what it names is still there.
    """

    def __init__(
        self,
        layers: Sequence[Layer],
        people: People,
        default_name: Callable[[str], str],
        choice: Choice | None = None,
    ) -> None:
        every = [layer.id for layer in layers]
        self.choice = exporting.still(choice, people, every) if choice else Choice()
        self.people = people
        self.at = 0
        self.ask: Ask | None = None
        self.message = ""
        self._layers = layers
        self._default_name = default_name
        self._open: set[Kind] = set()

    @property
    def rows(self) -> list[Row]:
        """Every choice there is now, in the order in which they are shown."""
        now, chosen = self.choice, self.choice.selection
        taken = self.people.taken(chosen)
        coders = [(one, one) for one in self.people.own]
        coders += [(one, f"{one}, with the program") for one in self.people.samples]
        rows = [Row("form", f"{now.form}: {now.dialect.title}")]
        rows += [Row("coder", text, one in taken, one) for one, text in coders]
        if len(taken) > 1:
            rows.append(Row("adjudicator", chosen.adjudicator or "no coding"))
        rows += [
            Row("layer", one.name, chosen.layers is None or one.id in chosen.layers, one.id)
            for one in self._layers
        ]
        rows += [Row("state", one, one in chosen.states, one) for one in STATES]
        rows += self._filters()
        rows.append(Row("way", _WAYS[now.way]))
        if now.holds:
            rows.append(Row("held", now.held or "not said yet"))
        if now.way:
            rows.append(Row("validation", str(now.validation)))
        if now.way and not now.holds:
            rows.append(Row("test", str(now.test)))
        if now.way and now.way != "time":
            spread = "one that spreads the rare labels"
            rows.append(Row("seed", spread if now.seed is None else str(now.seed)))
        rows += self._training()
        rows.append(Row("strict", "refuse any loss", now.strict))
        rows.append(Row("name", now.output or now.name or self._default_name(now.form)))
        return rows

    def _filters(self) -> list[Row]:
        chosen, opens = self.choice.selection, "filters" in self._open
        said = narrowing.summary(chosen)
        rows = [Row("filters", said or "none", bool(said), opens=opens)]
        if opens:
            origins = chosen.origins or narrowing.ORIGINS
            rows += [Row("origin", said, one in origins, one) for one, said in _ORIGINS.items()]
            rows.append(Row("certainty", chosen.certainty or "any"))
            rows.append(Row("asked", "each looked at by somebody", chosen.asked))
            rows.append(Row("languages", " ".join(chosen.languages or ()) or "any"))
            rows.append(Row("since", chosen.since or "any date"))
            rows.append(Row("until", chosen.until or "any date"))
        return rows

    def _training(self) -> list[Row]:
        wanted = [one for one in FOR_TRAINING if getattr(self.choice.extras, one)]
        blocked, opens = self.blocked, "training" in self._open
        said = ", ".join(one.replace("_", "-") for one in wanted)
        trouble = next((blocked[one] for one in wanted if one in blocked), "")
        shown = said or "no forms besides"
        rows = [Row("training", shown, bool(said), opens=opens, blocked=trouble)]
        if opens:
            rows += [
                Row("extra", said, one in wanted, one, blocked=blocked.get(one, ""))
                for one, said in _EXTRAS.items()
            ]
        return rows

    @property
    def blocked(self) -> dict[str, str]:
        """Why a form for training cannot be had of what is chosen, by its name."""
        return self.choice.blocked([layer.id for layer in self._layers])

    @property
    def row(self) -> Row:
        """The lit row."""
        return self.rows[self.at]

    def light(self, place: int) -> None:
        """Light another row."""
        self.at = max(0, min(len(self.rows) - 1, place))

    def change(self, by: int) -> None:
        """Change the lit choice: to the next value or, with -1, to the one before it."""
        self.message, one = "", self.row
        try:
            self._change(one, by)
        except AnnotatorError as error:
            self.message = str(error)

    def _change(self, one: Row, by: int) -> None:
        chosen, every = self.choice.selection, [layer.id for layer in self._layers]
        match one.kind:
            case "form":
                names = [form.name for form in FORMS]
                self._take(
                    self._with(form=names[(names.index(self.choice.form) + by) % len(names)])
                )
            case "way":
                self._take(self._with(way=WAYS[(WAYS.index(self.choice.way) + by) % len(WAYS)]))
            case "coder":
                self._take(self._with(selection=self.people.turned(chosen, one.id)))
            case "adjudicator":
                self._take(self._with(selection=self.people.adjudicated(chosen, by)))
            case "layer":
                self._take(self._with(selection=exporting.with_layer(chosen, one.id, every)))
            case "state":
                self._take(self._with(selection=exporting.with_state(chosen, one.id)))
            case "origin":
                self._take(self._with(selection=narrowing.with_origin(chosen, one.id)))
            case "certainty":
                self._take(self._with(selection=narrowing.with_certainty(chosen, by)))
            case "asked":
                self._take(self._with(selection=replace(chosen, asked=not chosen.asked)))
            case "filters" | "training":
                (self._open.discard if one.opens else self._open.add)(one.kind)
            case "extra" if one.blocked and not one.on:
                self.message = f"“{one.text}” cannot be had: {one.blocked}."
            case "extra":
                self._take(self._with(extras=exporting.with_extra(self.choice.extras, one.id)))
            case "strict":
                self._take(self._with(strict=not self.choice.strict))
            case _:
                self._ask(one.kind)

    def ask_form(self) -> None:
        """Light the format, and ask for its name."""
        self.message = ""
        self.light(next(place for place, row in enumerate(self.rows) if row.kind == "form"))
        self._ask("form")

    def _ask(self, kind: Kind) -> None:
        typed = self._typed(kind)
        self.ask = Ask(_QUESTIONS[kind], typed, lambda said: Step(None), proposed=True)

    def _typed(self, kind: Kind) -> str:
        """Return a value as it would be typed."""
        if kind in ("languages", "since", "until"):
            value = getattr(self.choice.selection, kind)
            return " ".join(value or ()) if kind == "languages" else value or ""
        if kind == "name":
            return self.choice.output or self.choice.name
        value = getattr(self.choice, kind)
        return "" if value is None else str(value)

    def answer(self, typed: str) -> None:
        """Take the line that was typed; where it cannot be, it waits to be put right."""
        kind, said = self.row.kind, typed.strip()
        try:
            changed = self._with(**self._values(kind, said))
            if kind != "held" or said:
                changed.plan()
            if changed.name:
                require_name(changed.name, ELSEWHERE)
        except ValueError:
            self.message = f"“{said}” is no number."
        except RuntimeError:
            self.message = f"“{said}” names the home of nobody."
        except AnnotatorError as error:
            self.message = str(error)
        else:
            self.ask, self.message = None, ""
            self._take(changed)

    def _values(self, kind: Kind, said: str) -> dict[str, object]:
        """Return what of the choice a typed line gives another value."""
        chosen = self.choice.selection
        match kind:
            case "languages":
                return {"selection": narrowing.with_languages(chosen, said)}
            case "since" | "until":
                return {"selection": narrowing.with_date(chosen, kind, said)}
            case "validation" | "test":
                return {kind: float(said)}
            case "seed":
                return {"seed": int(said) if said else None}
            case "form":
                return {"form": exporting.form_beginning(said or self.choice.form)}
            case "name":
                name = "" if said == self._default_name(self.choice.form) else said
                path = str(Path(name).expanduser()) if "/" in name else ""
                return {"output": path, "name": "" if path else name}
            case _:
                return {kind: said}

    def may_write(self, keymap: Keymap, older: Older | None, *, anew: bool) -> bool:
        """Tell whether the dataset may be written, and say why not.

        An `older` export where it goes is replaced only `anew`: by another key than the one that
        writes, and after it was said.
        """
        if anew and not self.choice.force:
            sign = keymap.sign("export.write")
            self.message = f"Nothing waits to be replaced; {sign} writes the dataset."
            return False
        if older is not None and not anew:
            self.choice = replace(self.choice, force=True)
            sign = keymap.sign("export.replace")
            there, goes = "There is an export of that name already", f"{sign} replaces it"
            if older.edited:
                there = f"{there}, and its {older.edited} was changed by hand"
                goes = f"{goes}, and keeps that file beside it, in {older.kept}"
            self.message = f"{there}. {goes}; or give the folder another name."
            return False
        return True

    def _with(self, **changed: object) -> Choice:
        """Return another choice: that an older export may go was said of this one only."""
        return replace(self.choice, **{"force": False, **changed})  # type: ignore[arg-type]

    def _take(self, choice: Choice) -> None:
        self.choice = choice
        self.light(self.at)
