"""The real server over a SQLite file, with two workers, that can be killed as by a fault of the machine."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from pr_tracker.config import ROOT
from tests.databases import BASE
from tests.letterbox import free_port
from tests.many.machines import Desk, until


class Server(Desk):
    """gunicorn with two workers, in a process group of its own."""

    def __init__(self, url: str, folder: Path, **more: str) -> None:
        self.port = free_port()
        settings = {"ENV": "development", "DATABASE_URL": url, "UPLOAD_FOLDER": str(folder / "uploads"), **more}
        environment = {**os.environ, **BASE, **{f"PR_TRACKER_{name}": value for name, value in settings.items()}}
        command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--no-control-socket"]
        command += ["--timeout", "120", "--log-level", "warning", "--bind", f"127.0.0.1:{self.port}", "app:app"]
        with (folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, start_new_session=True)
        until(self.answers, what="the server")

    def kill(self) -> None:
        """All of it at once, without a word of warning."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
