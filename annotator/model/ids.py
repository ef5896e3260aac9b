"""Ids of entities, made of their names: the same name and type have the same id everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from hashlib import sha256
from itertools import count
from typing import Final

from annotator.model.entity import EntityType

_LONGEST: Final = 45
# Letters that no accent makes of another, and that Unicode therefore leaves as they are.
_LETTERS: Final = str.maketrans(
    {
        **{"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "ð": "d"},
        **{"æ": "ae", "œ": "oe", "þ": "th", "ə": "e", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ĸ": "k"},
    }
)
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_OTHERS = re.compile("[^a-z0-9]+")


def plain(name: str) -> str:
    """Return a name in small letters and single blanks, Latin letters without their accents.

    Other scripts stay what they are.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    apart = unicodedata.normalize("NFKD", folded).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).split())


def entity_id(name: str, kind: EntityType, taken: Container[str] = ()) -> str:
    """Return an id for somebody of this name and type that is none of those `taken`.

    It depends on the two alone, unless it is taken. A name that Latin letters and digits cannot
    hold, as it is of another script or too long, is told by a checksum.
    """
    folded = plain(name)
    latin = _OTHERS.sub("_", folded).strip("_")
    stem = latin[:_LONGEST].strip("_")
    if stem != latin or not stem or any(x.isalnum() and not x.isascii() for x in folded):
        digest = sha256(f"{kind}\n{folded}".encode("utf-8", "surrogatepass")).hexdigest()
        stem = f"{stem or kind}_{digest[:12]}"
    numbered = (f"{stem}_{number}" for number in count(2))
    return stem if stem not in taken else next(one for one in numbered if one not in taken)
