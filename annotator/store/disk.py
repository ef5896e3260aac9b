"""Every call with which a journal touches the file system, so that a test can make each fail."""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from pathlib import Path

from annotator import files

_LOCKS = Path("/proc/locks")


class Disk:
    """The file system; every method raises OSError as the system does."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file without waiting for the other end of a pipe."""
        return os.open(path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o666)

    def close(self, descriptor: int) -> None:
        """Close a file, and with it let go of its lock."""
        os.close(descriptor)

    def pread(self, descriptor: int, size: int, offset: int) -> bytes:
        """Read at most `size` bytes from `offset`."""
        return os.pread(descriptor, size, offset)

    def pwrite(self, descriptor: int, data: bytes | memoryview, offset: int) -> int:
        """Write at `offset`, and return how many bytes were taken."""
        return os.pwrite(descriptor, data, offset)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut a file to `size` bytes."""
        os.ftruncate(descriptor, size)

    def fsync(self, descriptor: int) -> None:
        """Return when a file's contents are on the medium."""
        if sys.platform == "darwin":
            # There, fsync only hands the bytes to the drive, which may keep them in its cache.
            try:
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            except OSError as error:
                if error.errno not in (errno.ENOTSUP, errno.EINVAL, errno.ENOTTY):
                    raise
            else:
                return
        os.fsync(descriptor)

    def lock(self, descriptor: int, *, shared: bool = False) -> None:
        """Lock a file for one writer until it is closed; BlockingIOError says that one is there.

        The lock belongs to the open file: opening it again, even in this process, gets none.
        `shared` keeps writers out, and not others that share.
        """
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)

    def holder(self, descriptor: int) -> int | None:
        """Return the id of the process that has the lock, None where the system does not tell."""
        status = os.fstat(descriptor)
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"
        place = f"{device}:{status.st_ino}"
        try:
            rows = [row.split() for row in _LOCKS.read_text("ascii").splitlines()]
        except OSError:
            return None
        holders = (
            int(row[4])
            for row in rows
            if row[1] == "FLOCK" and row[3] == "WRITE" and row[5] == place
        )
        return next((pid for pid in holders if pid > 0), None)

    def stat(self, path: Path) -> os.stat_result:
        """Tell what stands at a path."""
        return path.stat()

    def fstat(self, descriptor: int) -> os.stat_result:
        """Tell what an open file is."""
        return os.fstat(descriptor)

    def chmod(self, descriptor: int, mode: int) -> None:
        """Say who may read and write an open file."""
        os.fchmod(descriptor, mode)

    def rename(self, old: Path, new: Path) -> None:
        """Move a file to a name, in place of what stands there."""
        old.replace(new)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def make_folder(self, folder: Path) -> None:
        """Make a folder and those around it that are missing, and bring their names to disk."""
        if not folder.is_dir():
            self.make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            self.sync_folder(folder.parent)

    def sync_folder(self, folder: Path) -> None:
        """Bring the names in a folder to disk."""
        files.sync_folder(folder)
