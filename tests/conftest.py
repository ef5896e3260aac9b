"""What no test may depend on: the settings of the person who runs it."""

from __future__ import annotations

import gc

import pytest


def pytest_collection_finish() -> None:
    """Never look for garbage among what was loaded: it is much, and is looked through each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nobody_in_particular(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    nowhere = tmp_path_factory.getbasetemp() / "nowhere"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(nowhere))
    monkeypatch.setenv("XDG_STATE_HOME", str(nowhere))
    monkeypatch.delenv("NO_COLOR", raising=False)
