"""What an office with several machines runs: PostgreSQL, Redis, web instances and workers, each its own process."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from pr_tracker.config import ROOT
from tests.databases import BASE, Postgres, dispose, make_app, make_schema
from tests.letterbox import Letterbox, free_port

PATIENCE_SECONDS = 120  # for a machine with much else to do
KEEPS = "-c fsync=off -c synchronous_commit=on -c full_page_writes=off -c max_connections=60"  # what it said yes to


def until(found, *, seconds=PATIENCE_SECONDS, what="it"):
    """Ask again and again until there is something; returns it."""
    for _ in range(seconds * 20):
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} seconds")


class Redis:
    """A server of our own, which keeps nothing on disk and always comes back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self._answers, what="Redis")

    def _answers(self):
        import redis

        assert self.process.poll() is None, "Redis has died"
        try:
            return redis.Redis(port=self.port).ping()
        except redis.RedisError:
            return False

    def all_keys(self) -> list[str]:
        import redis

        return [key.decode() for key in redis.Redis(port=self.port).scan_iter()]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()


class Machines:
    """An office over its own database; `with Machines(…) as machines`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres.start()
        self.redis = Redis(folder)
        self.letterbox = Letterbox()
        self.desks: list[Desk] = []
        self.workers: list[subprocess.Popen] = []
        self.restart_database("fast")

    def __enter__(self) -> "Machines":
        self.letterbox.__enter__()
        self.app = self.office("office")
        return self

    def __exit__(self, *_) -> None:
        for process in [*self.workers, *(desk.process for desk in self.desks)]:
            process.kill()
            process.wait()
        dispose(self.app)
        self.letterbox.__exit__()
        self.redis.stop()
        self.postgres.stop()

    def restart_database(self, how: str) -> None:
        """`fast` breaks off what is under way, `immediate` is as a crash."""
        data, log = str(self.postgres.folder / "data"), str(self.postgres.folder / "log")
        options = f"-k {self.postgres.folder} -c listen_addresses='' {KEEPS}"
        self.postgres._command("pg_ctl", "-D", data, "-l", log, "-o", options, "-m", how, "-w", "restart")

    def office(self, name: str):
        """A new database with its tables, and an application of this process over it."""
        self.postgres.run(f"CREATE DATABASE {name} TEMPLATE template0")
        app = make_app(self.postgres.url(name), self.folder / "uploads")
        make_schema(app)
        return app

    def environment(self, office: str = "office") -> dict[str, str]:
        """The settings that all machines of an office share."""
        return {
            **os.environ,
            **BASE,
            "PR_TRACKER_ENV": "development",
            "PR_TRACKER_DATABASE_URL": self.postgres.url(office),
            "PR_TRACKER_REDIS_URL": self.redis.url,
            "PR_TRACKER_UPLOAD_FOLDER": str(self.folder / "uploads"),
            "PR_TRACKER_MAIL_SERVER": "127.0.0.1",
            "PR_TRACKER_MAIL_PORT": str(self.letterbox.port),
        }

    def start_desks(self, count: int, office: str = "office") -> list["Desk"]:
        """So many web instances, all ready."""
        started = [Desk(self.environment(office), self.folder) for _ in range(count)]
        self.desks += started
        for desk in started:
            until(desk.answers, what="a web instance")
        return started

    def start_workers(self, count: int) -> None:
        """So many workers; each begins with a pass."""
        command = [sys.executable, "-m", "pr_tracker.worker"]
        for _ in range(count):
            with (self.folder / "worker.log").open("ab") as log:
                self.workers.append(subprocess.Popen(command, cwd=ROOT, env=self.environment(), stderr=log))

    def kill(self, worker: subprocess.Popen) -> None:
        """Without a word of warning."""
        worker.kill()
        worker.wait()
        self.workers.remove(worker)

    def worker_with(self, part: str) -> subprocess.Popen | None:
        """The worker that has a file open whose name contains this."""
        return next((one for one in self.workers if any(part in name for name in open_files(one.pid))), None)

    def freeze(self, part: str) -> subprocess.Popen | None:
        """Stop the worker that has such a file open, in the middle of what it does."""
        worker = self.worker_with(part)
        if worker is not None:
            worker.send_signal(signal.SIGSTOP)
            until(lambda: is_stopped(worker.pid), what="the worker's rest")
            if self.worker_with(part) is worker:
                return worker
            worker.send_signal(signal.SIGCONT)
        return None


class Desk:
    """A web instance: gunicorn with one worker, as on a machine of its own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port = free_port()
        command = ["-m", "gunicorn", "--workers", "1", "--threads", "2", "--no-control-socket"]
        command += ["--timeout", "120", "--log-level", "warning", "--bind", f"127.0.0.1:{self.port}", "app:app"]
        with (folder / "desks.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stderr=log)

    def answers(self) -> bool:
        assert self.process.poll() is None, "the web instance has died"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def open_files(pid: int) -> list[str]:
    """The names of a process's open files."""
    found = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.append(os.readlink(link))
        except FileNotFoundError:
            continue
    return found


def is_stopped(pid: int) -> bool:
    """Whether each of its threads rests: a signal takes a moment to get to all."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return all(thread.read_text().rsplit(")", 1)[1].split()[0] in "tT" for thread in threads)


def installed() -> bool:
    """Whether this machine can run them."""
    return bool(shutil.which("redis-server"))
