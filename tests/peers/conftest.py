"""The small project of the tests of the export, for those who read what it writes."""

from ..export.conftest import code, coded, project

__all__ = ["code", "coded", "project"]
