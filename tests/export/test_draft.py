"""A dataset of many files: two for each readout and coder, in some forms."""

from __future__ import annotations

import hashlib
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.formats.card import CHECKSUMS, read_checksums
from annotator.pipeline.draft import Draft


@pytest.fixture
def few_open_files() -> Iterator[None]:
    """Let this process open few files more than it has open."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(int(path.name) for path in Path("/dev/fd").iterdir()) + 40
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, before[0]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("few_open_files")
def test_more_files_are_written_than_may_be_open(tmp_path: Path) -> None:
    with Draft(tmp_path / "dataset") as draft:
        for part in (b"one ", b"two"):
            for number in range(200):
                draft.write(f"coder/{number}.txt", part)
                draft.write("all.txt", part[:1])
        draft.put_in_place()
    folder = tmp_path / "dataset"
    assert {file.read_bytes() for file in (folder / "coder").iterdir()} == {b"one two"}
    assert (folder / "all.txt").read_bytes() == b"o" * 200 + b"t" * 200
    sums = read_checksums((folder / CHECKSUMS).read_bytes())
    assert sums
    assert len(sums) == 201
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", ["/00000.spacy", "a/../../b", "..", ""])
def test_no_file_is_written_outside_of_the_dataset(tmp_path: Path, name: str) -> None:
    with Draft(tmp_path / "dataset") as draft:
        with pytest.raises(ValueError, match="no file of a dataset"):
            draft.write(name, b"x")
        with pytest.raises(ValueError, match="no file of a dataset"):
            draft.path(name)
    assert list(tmp_path.iterdir()) == []
