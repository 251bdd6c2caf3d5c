"""gunicorn reads this by itself: its own lines in the form of ours, and the files in which web workers count."""

from typing import Any

from gunicorn.glogging import Logger

from pr_tracker.config import read
from pr_tracker.web import logs, metrics_folder

SETTINGS = read()


class Log(Logger):
    """gunicorn's log, in the form of the settings."""

    def setup(self, cfg: Any) -> None:
        """Exchange the form of each line."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(logs.formatter_of(SETTINGS))


def on_starting(_server: Any) -> None:
    """Forget what processes counted that are no more."""
    if SETTINGS["METRICS"]:
        metrics_folder.forget_gone(SETTINGS["METRICS_FOLDER"])


def child_exit(_server: Any, worker: Any) -> None:
    """The connections of a worker that ended are no connections any more."""
    if SETTINGS["METRICS"]:
        metrics_folder.forget_connections(SETTINGS["METRICS_FOLDER"], worker.pid)


logger_class = Log
