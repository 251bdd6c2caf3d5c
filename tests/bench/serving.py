"""gunicorn as in production, with one sync worker: the application, or a bare function that sends bytes."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from tests.databases import BASE
from tests.letterbox import free_port

SOON = 60  # seconds in which a server must answer
BODIES = "BENCH_BODIES"


def settings(url: str, uploads: Path) -> dict[str, str]:
    """Of production, but for its name: production refuses the demo's public password."""
    return {
        **BASE,
        "PR_TRACKER_ENV": "development",
        "PR_TRACKER_DATABASE_URL": url,
        "PR_TRACKER_UPLOAD_FOLDER": str(uploads),
        "PR_TRACKER_SLOW_MS": "60000",  # the table says what is slow
    }


def environment(**more: str) -> dict[str, str]:
    """This process's, without settings of the program that stand there by chance."""
    return {**{k: v for k, v in os.environ.items() if not k.startswith("PR_TRACKER_")}, **more}


def bare(environ, start_response):
    """The floor of every page: the same bytes by a function of five lines."""
    body = _BODIES.get(environ["PATH_INFO"])
    if body is None:
        body = _BODIES[environ["PATH_INFO"]] = (Path(os.environ[BODIES]) / environ["PATH_INFO"][1:]).read_bytes()
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


_BODIES: dict[str, bytes] = {"/": b"ready"}


class Server:
    """with Server("app:app", settings) as server: it answers on server.port."""

    def __init__(self, application: str, workers: int = 1, **more: str) -> None:
        self.port = free_port()
        command = ["-m", "gunicorn", "--workers", str(workers), "--bind", f"127.0.0.1:{self.port}", "--timeout", "600"]
        command += ["--log-level", "warning", "--no-control-socket", application]
        self.process = subprocess.Popen([sys.executable, *command], env=environment(**more))

    def __enter__(self) -> "Server":
        path = "/healthz" if self.process.args[-1] == "app:app" else "/"
        for _ in range(SOON * 20):
            assert self.process.poll() is None, "the server ended before it answered"
            try:
                urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=SOON).read()
                return self
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        raise TimeoutError("the server does not answer")

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait(30)

    def processor(self) -> float | None:
        """Milliseconds of processor time the workers have used; None where the system does not say."""
        try:
            own = Path(f"/proc/{self.process.pid}")
            workers = (own / "task" / str(self.process.pid) / "children").read_text().split()
            return sum(int(Path(f"/proc/{worker}/schedstat").read_text().split()[0]) for worker in workers) / 1e6
        except (OSError, ValueError):
            return None
