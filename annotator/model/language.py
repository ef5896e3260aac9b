"""Language tags: which there can be, and by which language's rules a text is read."""

from __future__ import annotations

import re
from typing import Final

DEFAULT: Final = "en"
"""The language whose rules serve where a text's own is not known."""

REMEDY: Final = "Type a BCP 47 tag, such as en, fr, zh-Hans or pt-BR; nothing, if it is not known."

_TAG = re.compile(
    r"[a-z]{2,3}"  # language
    r"(-[a-z]{4})?"  # script
    r"(-([a-z]{2}|\d{3}))?"  # region
    r"(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*",  # variants
    re.ASCII | re.IGNORECASE,
)
_UNDETERMINED = "und"


def is_tag(said: str) -> bool:
    """Tell whether this can be a BCP 47 tag: two or three letters, script, region, variants."""
    return _TAG.fullmatch(said) is not None


def trouble(said: str | None) -> str:
    """Say what is wrong with what stands for a language; empty where nothing is."""
    return f"“{said}” is no language tag." if said is not None and not is_tag(said) else ""


def read_as(said: str | None) -> str:
    """Return the letters of the language by whose rules a text is read, in lower case.

    They are `DEFAULT` where its language is not known, or what is said of it is no tag.
    """
    if said is None or not is_tag(said):
        return DEFAULT
    code = said.partition("-")[0].lower()
    return DEFAULT if code == _UNDETERMINED else code


def within(tag: str | None, wanted: str) -> bool:
    """Tell whether a tag is of a language, or of the part of one that is wanted.

    `en` has `en-US` within it, and case says nothing (RFC 4647, basic filtering).
    """
    return tag is not None and f"{tag}-".casefold().startswith(f"{wanted}-".casefold())
