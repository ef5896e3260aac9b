"""What is read as one sign is not taken apart."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.session.signs import is_cut, step
from annotator.tui.modes.span import SpanMode
from tests.session.making import Coder

SIGNS = [
    "e\u0301",
    "a\u0323\u0302",
    "\u0995\u09be",
    "\N{THUMBS UP SIGN}\U0001f3fd",
    "\N{WOMAN}\u200d\N{HEAVY BLACK HEART}\ufe0f\u200d\N{MAN}",
    "\N{WAVING WHITE FLAG}\ufe0f\u200d\N{RAINBOW}",
    "\U0001f1eb\U0001f1f7",
    "\U0001f1e9\U0001f1ea",
    "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e007f",
    "1\ufe0f\u20e3",
    normalize("NFD", "\ud55c"),
    normalize("NFD", "\uad6d"),
    "\uac00\u11a8",
    "\r\n",
    "x",
    "\u2014",
    "\N{GRINNING FACE}",
    "\u4e2d",
]


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_sign_is_one_step_and_cut_only_at_its_ends(sign: str) -> None:
    text = f"a{sign}b"
    assert step(text, 1, 1) == 1 + len(sign)
    assert step(text, 1 + len(sign), -1) == 1
    cuts = [at for at in range(len(text) + 1) if is_cut(text, at)]
    assert cuts == [0, 1, 1 + len(sign), len(text)]


@given(st.lists(st.sampled_from(SIGNS), max_size=12))
def test_whatever_signs_follow_one_another_each_is_one_step(signs: list[str]) -> None:
    text, at, found = "".join(signs), 0, []
    while at < len(text):
        following = step(text, at, 1)
        found.append(text[at:following])
        assert step(text, following, -1) == at
        at = following
    assert found == signs
    assert step(text, 0, len(signs)) == len(text)


def test_a_joiner_behind_a_letter_joins_nothing_to_it() -> None:
    assert is_cut("a\u200d\N{RAINBOW}", 2)


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [((".",), "caf\u00e9 e\u0301t"), ((",",), "caf\u00e9 "), ((">",), "af\u00e9 e\u0301")],
)
def test_the_edge_of_a_span_goes_by_signs(keys: tuple[str, ...], chosen: str) -> None:
    text = "caf\u00e9 e\u0301te\u0301 ferme\u0301."
    coder = Coder.at(text).press("t", "t", "tab", "a")
    mode = coder.bench.mode
    assert isinstance(mode, SpanMode)
    mode.draw((0, 7))
    coder.press(*keys)
    start, end = coder.view.selection or (0, 0)
    assert text[start:end] == chosen
