"""The rows of the table of formats, as parameters of tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from _pytest.mark import ParameterSet

from annotator.formats.dialect import Dialect
from annotator.formats.dialects import DIALECTS

SLOW_TO_INSTALL = frozenset({"spacy"})


def forms(wanted: Callable[[Dialect], bool] = lambda form: True) -> Iterable[ParameterSet]:
    """Return the wanted forms; those whose library installs slowly are for `-m peers`."""
    return [
        pytest.param(
            form,
            id=form.name,
            marks=[pytest.mark.peers] if form.extra in SLOW_TO_INSTALL else [],
        )
        for form in DIALECTS
        if wanted(form)
    ]
