"""The folder in which each web worker counts in a file of its own (prometheus_client's multiprocess mode)."""

import os
from pathlib import Path

from prometheus_client import values
from prometheus_client.multiprocess import mark_process_dead


def count_in(folder: str) -> None:
    """Let this process count in `folder` from here on; before the first figure is counted."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # where the library looks
    if not getattr(values.ValueClass, "_multiprocess", False):
        values.ValueClass = values.MultiProcessValue()


def forget_gone(folder: str) -> None:
    """Take away what processes counted that run no more: when the server starts."""
    for file in Path(folder).glob("*_*.db"):
        number = file.stem.rpartition("_")[2]
        if number.isdigit() and not _runs(int(number)):
            file.unlink(missing_ok=True)


def forget_connections(folder: str, process: int) -> None:
    """The connections of a process that ended are no connections any more; what it counted stays."""
    mark_process_dead(process, folder)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True
