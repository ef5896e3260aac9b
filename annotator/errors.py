"""The errors that reach a person: one sentence, a remedy, and an exit code.

`AnnotatorError` is the only family that the command line and the screens translate; anything else
that escapes is a defect and goes to the crash report.

Exit codes: 1 the answer is no (nothing to export, damage found), 2 the input or the call is wrong,
3 the file system refused, 4 another process holds what is wanted.
"""

from __future__ import annotations


class AnnotatorError(Exception):
    """What went wrong in one sentence, with the remedy as `hint`."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class NothingToDo(AnnotatorError):  # noqa: N818 - reads as what it says at the place of raising
    """The request is sound, and there is nothing it applies to."""

    exit_code = 1


class InputError(AnnotatorError):
    """A file or value from outside is not what it should be."""


class Contradiction(InputError):  # noqa: N818
    """A change that the codebook does not allow; `field` names what of a label is at fault."""

    def __init__(self, message: str, hint: str = "", *, field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class PartUnread(InputError):  # noqa: N818
    """Something that a file says of a text is not read; the text itself is."""


class PassedOver(PartUnread):
    """What holds no label, such as a note or a column, is not read; all that was asked for is."""


class TextChanged(InputError):  # noqa: N818
    """A readout's bytes are no longer those that its coding is about."""


class NewerFormat(InputError):  # noqa: N818
    """A stored file was written by a newer version of the program, and may say more than this."""


class MarkError(AnnotatorError):
    """A mark or edit that the codebook or the text does not allow."""


class StorageError(AnnotatorError):
    """The file system refused a read or a write."""

    exit_code = 3


class Unwritable(StorageError):  # noqa: N818
    """What can be read may not be written here: no permission, or a read-only file system."""


class DamagedFile(StorageError):  # noqa: N818
    """A stored file holds bytes that nobody may guess about."""


class Busy(AnnotatorError):  # noqa: N818
    """Another process is writing what was to be opened for writing."""

    exit_code = 4


class Conflict(AnnotatorError):  # noqa: N818
    """An edit was made against a state that is no longer the current one."""

    exit_code = 4
