"""Any walk of edits, undos, restarts and torn writes: files, memory and plain TinyDB agree."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB

from annotator.model.edit import Coding, Edit, Timeline
from annotator.store import Journal, MemoryStore, Store, TinyStore

if TYPE_CHECKING:
    from tests.store.conftest import Work

STEPS = st.one_of(
    st.tuples(st.sampled_from(["note", "split", "join"]), st.integers(0, 9)),
    st.tuples(st.sampled_from(["mark", "undo", "redo", "restart", "tear"]), st.just(0)),
)


def _edit(work: Work, journal: Journal, step: str, place: int) -> Edit | None:
    coding = journal.coding
    key = coding.order[place % len(coding.order)]
    timeline = Timeline.of(journal.history)
    if step == "undo":
        return timeline.undo("2024")
    if step == "redo":
        return timeline.redo("2024")
    if step == "note":
        return work.note(coding, key, f"{place}\u2028")
    if step == "mark":
        return work.mark(coding, coding.order[0]) if coding.sentence(key).end > 3 else None
    if step == "split":
        long = coding.sentence(key).end - coding.sentence(key).start > 6
        return work.split(coding, key) if long else None
    return work.join(coding, key) if coding.position[key] + 1 < len(coding.order) else None


def _plain(path: Path) -> dict[int, dict[str, Any]]:
    with TinyDB(path, access_mode="r") as db:
        return {
            doc.doc_id: {name: value for name, value in doc.items() if name != "_"}
            for doc in db.all()
            if not doc["_"].get("gone")
        }


def _fields(coding: Coding) -> dict[int, dict[str, Any]]:
    return {key: document.model_dump(mode="json") for key, document in coding.docs.items()}


def test_every_walk_leaves_the_same_state_everywhere(work: Work) -> None:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(STEPS, max_size=25))
    def walk(steps: list[tuple[str, int]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            stores: list[Store] = [TinyStore(Path(folder)), MemoryStore()]
            path = Path(folder) / "ada" / "call-1.json"
            tiny, memory = (store.open(work.header, work.readout, work.first) for store in stores)
            for step, place in steps:
                if step in ("restart", "tear"):
                    tiny.close()
                    if step == "tear":
                        path.write_bytes(path.read_bytes()[:-3] + b',"1":{"start":0,"en')
                    tiny = stores[0].open(work.header, work.readout, work.first)
                    continue
                edit = _edit(work, memory, step, place)
                if edit is not None:
                    memory.put(edit)
                    tiny.put(edit)
                assert tiny.coding == memory.coding
            assert list(tiny.history) == list(memory.history)
            assert _plain(path) == _fields(memory.coding)
            assert list(stores[0].check(lambda name: work.readout)) == []
            tiny.close()
            assert Timeline.of(tiny.history) == Timeline.of(memory.history)
            read = stores[0].read("ada", "call-1")
            assert read is not None
            assert [*reversed(read.history)] == [*reversed(memory.history)]

    walk()
