"""How the library shows a readout: one row of the list, and the look into the lit one."""

from __future__ import annotations

from annotator.pipeline.shelf import Entry, Leaf
from annotator.tui import paint
from annotator.tui.paint import Line, Run, ink

_BAR = 6


def row(entry: Entry, width: int) -> Line:
    """Show a readout in one row: its progress, its title, its date, its side and language."""
    metadata = entry.metadata
    date = metadata.event.date or metadata.publication_date or ""
    about = "  ".join(
        (
            f"{(metadata.language or '')[:3].split('-')[0]:<3}",
            "⇄" if metadata.counterpart_of else " ",
            f"{paint.cut(metadata.issuing_side or '', 5):<5}",
            f"{date:<10}",
        )
    )
    left = (*_progress(entry), Run(" "), ink(entry.title, paint.WARN if entry.problem else ""))
    right = (ink(about, paint.MUTED),) if width >= 56 else (ink(date, paint.MUTED),)
    return paint.ends(left, right, width)


def _progress(entry: Entry) -> Line:
    if entry.problem:
        return (Run("! unreadable".ljust(_BAR + 7), paint.BAD),)
    if entry.decided is None or not entry.sentences:
        return (Run("·" * _BAR, paint.FAINT), Run(" " * 7))
    full = entry.decided * _BAR // entry.sentences
    count = f"{entry.decided}/{entry.sentences}".rjust(6)
    mark = Run("✓" if entry.finished else " ", paint.GOOD)
    bar = (Run("━" * full, "$primary"), Run("━" * (_BAR - full), paint.FAINT))
    return (*bar, Run(count, paint.MUTED), mark)


def leaf(entry: Entry, found: Leaf | str | None, width: int) -> list[Line]:
    """Show what is known of a readout, and how its text begins."""
    metadata, event = entry.metadata, entry.metadata.event
    lines = paint.prose(entry.title, width, paint.TITLE)[:4]
    lines.append((ink(entry.readout, paint.MUTED),))
    lines.append(())
    if entry.problem:
        return [*lines, *paint.prose(entry.problem, width, paint.WARN)]
    kind = (metadata.doc_kind or "").replace("_", " ")
    people = ", ".join(found.participants) if isinstance(found, Leaf) else ""
    facts = (
        ("kind", kind),
        ("issuer", metadata.issuer or ""),
        ("side", metadata.issuing_side or ""),
        ("event", " ".join(x for x in ((event.type or "").replace("_", " "), event.date) if x)),
        ("between", people),
        ("told also", ", ".join(metadata.counterpart_of)),
        ("licence", metadata.licence or ""),
    )
    for name, value in facts:
        if value:
            first, *rest = paint.prose(value, width - 11)
            lines.append((Run(f"{name:<11}", paint.MUTED), *first))
            lines += [(Run(" " * 11), *line) for line in rest]
    lines.append(())
    if isinstance(found, str):
        return [*lines, *paint.prose(found, width, paint.WARN)]
    if found is not None:
        if found.hidden:
            lines += paint.prose(f"{found.hidden} hidden characters", width, paint.WARN)
        for paragraph in found.text[:1500].split("\n")[:12]:
            lines += paint.prose(paragraph, width)
    return lines
