"""Filled databases of the bench: made once, kept in a folder outside git, left as they were.

BENCH_FOLDER says where (else ~/.cache/pr_tracker-bench). A file is made anew when the fill or the tables changed, or
when it is older than AGE: its newest inquiries would no longer be of these days. KEEP=yes takes what is there.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pr_tracker.config import ROOT
from tests.bench.serving import environment, settings
from tests.databases import Postgres

AGE = 2 * 24 * 3600
BYTES_EACH = 20_000  # of an inquiry with all that belongs to it, about
_READ_ON = """import sqlite3, sys
kept = sqlite3.connect(sys.argv[1], isolation_level=None)
kept.execute("BEGIN")
kept.execute("SELECT count(*) FROM sqlite_master").fetchone()
print("reading", flush=True)
sys.stdin.read()
"""
MADE_BY = ("pr_tracker/bench", "pr_tracker/migrations/versions")


class NoRoom(Exception):
    """The disk is too full for this size; the words say how much is missing."""


@dataclass(frozen=True)
class Filled:
    """A database with so many inquiries, the folder of its attachments, and how many a second were filled."""

    engine: str
    size: int
    url: str
    folder: Path
    rate: float


def folder() -> Path:
    """Where the bench keeps its files."""
    kept = Path(os.environ.get("BENCH_FOLDER") or Path.home() / ".cache" / "pr_tracker-bench")
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@contextlib.contextmanager
def database(engine: str, size: int) -> Iterator[Filled]:
    """A filled database; what is written into it is gone afterwards. Raises NoRoom."""
    work = folder() / f"work-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    (work / "uploads").mkdir(parents=True)
    try:
        if engine == "sqlite":
            with _borrowed(size, work) as filled:
                yield filled
        else:
            with _server() as server:
                require_room(size)
                server.run("CREATE DATABASE bench TEMPLATE template0")
                url = server.url("bench")
                rate = _fill(url, work, size)
                server.vacuum("bench")
                yield Filled(engine, size, url, work, rate)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def require_room(size: int) -> None:
    """Raises NoRoom where the disk cannot hold a file of this size."""
    needed, free = size * BYTES_EACH + 10**9, shutil.disk_usage(folder()).free
    if free < needed:
        raise NoRoom(
            f"{size:,} inquiries need about {needed / 1e9:.0f} GB of free disk in {folder()}, there are "
            f"{free / 1e9:.0f} GB: left out. BENCH_FOLDER=… names another folder."
        )


@contextlib.contextmanager
def _server() -> Iterator[Postgres]:
    server = Postgres.start(durable=True)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def _borrowed(size: int, work: Path) -> Iterator[Filled]:
    """The kept file itself: what is written stays in its log while somebody reads the first state, and goes with it.

    That spares a copy of many gigabytes. The reader is killed, for a reader that leaves last writes the log back.
    """
    path, rate = _template(size)
    reading = subprocess.Popen(
        [sys.executable, "-c", _READ_ON, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert reading.stdout.readline() == b"reading\n"
        if os.environ.get("KEEP") == "yes":
            _flask(f"sqlite:///{path}", work, "db", "upgrade")
        yield Filled("sqlite", size, f"sqlite:///{path}", work, rate)
    finally:
        reading.kill()
        reading.communicate()
        for log in path.parent.glob(f"{path.name}-*"):
            log.unlink()


def _template(size: int) -> tuple[Path, float]:
    known = sorted(folder().glob(f"sqlite-{size}-*.sqlite3"), key=lambda path: path.stat().st_mtime)
    wanted = folder() / f"sqlite-{size}-{_fingerprint()}.sqlite3"
    if known and os.environ.get("KEEP") == "yes":
        return known[-1], _rate(known[-1])
    if wanted in known and time.time() - wanted.stat().st_mtime < AGE:
        return wanted, _rate(wanted)
    for old in known:
        old.unlink()
        old.with_suffix(".json").unlink(missing_ok=True)
    require_room(size)
    unfinished = folder() / f"unfinished-{os.getpid()}.sqlite3"
    try:
        rate = _fill(f"sqlite:///{unfinished}", folder(), size)
        unfinished.rename(wanted)
    finally:
        for left in folder().glob(f"{unfinished.name}*"):
            left.unlink()
    wanted.with_suffix(".json").write_text(json.dumps({"rate": rate}))
    return wanted, rate


def _rate(path: Path) -> float:
    told = path.with_suffix(".json")
    return json.loads(told.read_text())["rate"] if told.exists() else 0.0


def _fingerprint() -> str:
    seal = hashlib.sha256()
    for name in MADE_BY:
        for path in sorted((ROOT / name).rglob("*.py")):
            seal.update(path.read_bytes())
    return seal.hexdigest()[:10]


def _fill(url: str, work: Path, size: int) -> float:
    """Inquiries filled a second, the time of the command as a whole."""
    sys.stderr.write(f"Filling {size:,} inquiries …\n")
    _flask(url, work, "db", "upgrade")
    started = time.perf_counter()
    _flask(url, work, "bench", "fill", str(size))
    spent = time.perf_counter() - started
    if url.startswith("sqlite"):
        _in_one_file(url.removeprefix("sqlite:///"))
    return size / spent


def _in_one_file(path: str) -> None:
    import sqlite3

    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _flask(url: str, work: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
    done = subprocess.run(
        command, env=environment(**settings(url, work / "uploads")), capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
