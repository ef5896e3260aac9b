"""Language tags, and whose rules a text is read by."""

from __future__ import annotations

import pytest

from annotator.model.language import is_tag, read_as, trouble


@pytest.mark.parametrize(
    "tag", ["en", "fil", "zh-Hans", "pt-BR", "es-419", "sr-Latn-RS", "de-1996"]
)
def test_a_tag_is_a_language_with_script_region_and_variants(tag: str) -> None:
    assert is_tag(tag)
    assert trouble(tag) == ""


@pytest.mark.parametrize(
    "said", ["", "e", "english", "foo bar", "foo-bar", "4 May 2024", "en_US", "en-", "en\n", "ру"]
)
def test_what_is_no_tag_is_named_and_read_as_english(said: str) -> None:
    assert "is no language tag" in trouble(said)
    assert read_as(said) == "en"


@pytest.mark.parametrize(
    ("said", "code"),
    [(None, "en"), ("und", "en"), ("FR-ca", "fr"), ("zh-Hant", "zh"), ("kk", "kk")],
)
def test_a_text_is_read_by_the_letters_of_its_language(said: str | None, code: str) -> None:
    assert read_as(said) == code
