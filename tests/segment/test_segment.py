from __future__ import annotations

import pytest
from cases import CASES, Case

from annotator.segment import SEGMENTER, segment


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hard_text_is_split_as_a_reader_would(case: Case) -> None:
    expected = [(part, "body") if isinstance(part, str) else part for part in case.expected]
    assert [(case.text[start:end], role) for start, end, role in segment(case.text)] == expected
