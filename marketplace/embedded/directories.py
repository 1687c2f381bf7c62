"""The directories of one ``var``, made so that only their owner can use them."""

import os
import stat
from pathlib import Path

from marketplace.embedded import addresses
from marketplace.embedded.errors import StartError


def make_var(var: Path) -> None:
    """Make ``var`` and its parts.

    :raises StartError: if it cannot be made or written.
    """
    try:
        var.mkdir(parents=True, exist_ok=True)
        addresses.log_dir(var).mkdir(mode=0o700, exist_ok=True)  # logs name people
        (var / "static").mkdir(exist_ok=True)  # or each start of the web server warns of it
        probe = var / f".writable-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"The data directory {var} cannot be written ({error.strerror}); "
            "change its permissions or set FAIRGROUND_VAR to another directory."
        ) from error


def make_socket_dir(var: Path) -> Path:
    """Make the directory the servers listen in.

    With a long ``var`` it has a predictable name in ``/tmp``, where somebody else
    could have made it first; such a directory is refused.

    :raises StartError: if it belongs to another user or is a symbolic link.
    """
    directory = addresses.socket_dir(var)
    directory.mkdir(mode=0o711, parents=True, exist_ok=True)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise StartError(f"{directory} belongs to another user; remove it or set FAIRGROUND_VAR.")
    # PostgreSQL's user passes through it to a directory of its own; nobody else can write.
    directory.chmod(0o711)
    return directory
