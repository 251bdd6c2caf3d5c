"""make bench: the real server with one worker, over databases of a thousand to a million inquiries.

SIZES=1000,10000 narrows, ENGINE=postgresql takes a server of its own, GOALS=strict ends with status 1 where a goal is
missed, OUT=file.ldjson names the results' file, RATES=no leaves out papers and imports. Times are wall clock at the
reader's end, from the request to the last byte; CPU is the worker's processor time for one request. BY=cpu judges the
goals by processor time alone, for a machine that is busy with other things: it says less than the wall clock promises.
"""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pr_tracker.config import ROOT
from pr_tracker.demo.people import DOMAIN, PASSWORD
from tests.bench import acts, showing
from tests.bench.asked import CLERK, HEAD, OFFICER, Asked, pages
from tests.bench.floor import Plain, Recorded, Recorder, Spent, median_of
from tests.bench.reading import Reader
from tests.bench.serving import BODIES, Server, settings
from tests.bench.store import Filled, NoRoom, database, folder

SIZES = "1000,10000,100000,1000000"
ROUNDS, FEW = int(os.environ.get("ROUNDS") or 60), 20
SLOW = 200  # milliseconds from which a page is asked FEW times
ACTS = 15
WORTH_PACKING = 500  # bytes; a smaller file fits into one packet as it is
FOR_EVER = 365 * 24 * 3600


def main() -> int:
    """Measure, print, write; the exit status."""
    engine = os.environ.get("ENGINE", "sqlite")
    out = Path(os.environ.get("OUT") or folder() / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{_commit()}-{engine}.ldjson")
    results: list[dict[str, Any]] = []
    for size in map(int, (os.environ.get("SIZES") or SIZES).split(",")):
        try:
            with database(engine, size) as filled:
                sys.stdout.write(f"\n{size:,} inquiries, {engine}\n{showing.HEAD}\n")
                for one in measured(filled):
                    sys.stdout.write(f"{showing.line(one)}\n")
                    sys.stdout.flush()
                    results.append(one)
        except NoRoom as words:
            sys.stderr.write(f"{words}\n")
        out.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in results))
    sys.stdout.write("\nGoals: met or not, times what is allowed\n")
    found = showing.verdicts(results)
    sys.stdout.write(f"Written to {out}; `python -m tests.bench compare OLD NEW`, `… markdown FILE`.\n")
    return int(os.environ.get("GOALS") == "strict" and not all(goal.is_met for goal in found))


def measured(filled: Filled) -> Iterator[dict[str, Any]]:
    """Every measurement of one database."""
    about = {
        "engine": filled.engine,
        "size": filled.size,
        "machine": machine(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
    }
    if filled.rate:
        yield {"name": "fill", "rate": round(filled.rate, 1), **about}
    for one in Bench(filled).run():
        yield {**one, **about}


class Bench:
    """One database, the server over it, three readers signed in, the floor beside."""

    def __init__(self, filled: Filled) -> None:
        self.settings = settings(filled.url, filled.folder / "uploads")
        self.bodies = filled.folder / "bodies"
        self.bodies.mkdir()
        self.recorder, self.plain = Recorder(self.settings), Plain(filled.url)
        self.readers: dict[str, Reader] = {}

    def run(self) -> Iterator[dict[str, Any]]:
        """Pages, static files, acts."""
        with self.recorder.app.app_context():
            asked, desk = pages(), acts.Desk.found()
        bare = Server("tests.bench.serving:bare", **{BODIES: str(self.bodies)})
        with bare as self.bare, Server("app:app", **self.settings) as self.server:
            for name in (CLERK, OFFICER, HEAD):
                self.readers[name] = Reader(self.server.port)
                self.readers[name].sign_in(f"{name}@{DOMAIN}", PASSWORD)
            for one in asked:
                yield self._page(one)
            yield self._static_files()
            yield from self._acts(desk)
        self.plain.close()
        self.recorder.close()

    def _page(self, asked: Asked) -> dict[str, Any]:
        reader = self.readers[asked.reader]
        for _ in range(3):
            answer = reader.get(asked.path)
            assert answer.status == 200, f"{asked.path}: {answer.status}"
        rounds, before = FEW if answer.spent > SLOW else ROUNDS, self.server.processor()
        spent = [reader.get(asked.path).spent for _ in range(rounds)]
        used = _difference(before, self.server.processor())
        for _ in range(2):  # the first may ask what a process asks once
            recorded = self.recorder.ask("GET", asked.path, reader.cookies)
        assert recorded.status == 200, f"{asked.path}: {recorded.status} in this process"
        floor = median_of([self.plain.replay(recorded, "ROLLBACK") for _ in range(2 + rounds)][2:])
        slowest, statement = self.plain.slowest(recorded)
        return {
            **_line(asked.name, "GET", spent, recorded, answer.body, used and used / rounds, asked.note),
            **self._floor(answer.body, floor, rounds),
            "path": asked.path,
            "slowest_ms": round(slowest, 3),
            "slowest": statement,
        }

    def _floor(self, body: bytes, sql: Spent, rounds: int) -> dict[str, float]:
        name = f"{len(list(self.bodies.iterdir()))}.html"
        (self.bodies / name).write_bytes(body)
        plain = Reader(self.bare.port)
        plain.get(f"/{name}")
        before = self.bare.processor()
        waited = statistics.median(plain.get(f"/{name}").spent for _ in range(rounds))
        used = _difference(before, self.bare.processor())
        return {
            "floor_ms": round(sql.wall + waited, 3),
            "floor_sql_ms": round(sql.wall, 3),
            "floor_bytes_ms": round(waited, 3),
            "floor_cpu_ms": None if used is None else round(sql.cpu + used / rounds, 3),
        }

    def _static_files(self) -> dict[str, Any]:
        """Those the first screen wants: compressed where that helps, cached for ever, known by their content."""
        page = self.readers[CLERK].get("/queue").text
        paths = sorted(set(re.findall(r'(?:href|src)="(/[^"]*static/[^"]*)"', page)))
        wrong = []
        for path in paths:
            answer = Reader(self.server.port).get(path.replace("&amp;", "&"), **{"Accept-Encoding": "gzip, br"})
            kept = re.search(r"max-age=(\d+)", answer.headers.get("Cache-Control", ""))
            helps = len(answer.body) >= WORTH_PACKING and not path.split("?")[0].endswith((".woff2", ".png", ".webp"))
            compressed = answer.headers.get("Content-Encoding") or not helps
            if not (compressed and kept and int(kept[1]) >= FOR_EVER and "?v=" in path):
                wrong.append(path)
        return {"name": "static files", "count": len(paths), "wrong": len(wrong), "which": wrong}

    def _acts(self, desk: acts.Desk) -> Iterator[dict[str, Any]]:
        spent = self._by_the_server(desk)
        floors: dict[str, list[Spent]] = defaultdict(list)
        recorded = self._recorded(desk)
        for act, one in recorded:
            floors[act].append(self.plain.replay(one, "COMMIT"))
        for name in acts.TIMED:
            times, used, body = zip(*spent[name], strict=True)
            last = next(one for act, one in reversed(recorded) if act == name)
            cpu = None if None in used else sum(used) / len(used)
            yield {
                **_line(name, "POST", times, last, body[-1], cpu),
                **self._floor(body[-1], median_of(floors[name]), ACTS),
            }

    def _by_the_server(self, desk: acts.Desk) -> dict[str, list[tuple[float, float | None, bytes]]]:
        spent: dict[str, list[Any]] = defaultdict(list)

        def ask(name: str, method: str, path: str, fields: acts.Fields, act: str) -> tuple[int, str, str]:
            before = self.server.processor()
            answer = self.readers[name].post(path, fields) if fields else self.readers[name].get(path)
            spent[act].append((answer.spent, _difference(before, self.server.processor()), answer.body))
            return answer.status, answer.text, answer.headers.get("Location", "")

        for number in range(ACTS):
            acts.handle(ask, desk, number)
        return spent

    def _recorded(self, desk: acts.Desk) -> list[tuple[str, Recorded]]:
        """The same acts once more in this process, taken back, in the order in which the floor writes them again."""
        kept: list[tuple[str, Recorded]] = []

        def ask(name: str, method: str, path: str, fields: acts.Fields, act: str) -> tuple[int, str, str]:
            recorded = self.recorder.ask(method, path, self.readers[name].cookies, fields)
            if act:
                kept.append((act, recorded))
            return recorded.status, recorded.body.decode(), recorded.onward

        with self.recorder.undone():
            for number in range(ACTS):
                acts.handle(ask, desk, ACTS + number)
        return kept


def _line(
    name: str, method: str, spent: Sequence[float], recorded: Recorded, body: bytes, cpu: float | None, note: str = ""
) -> dict[str, Any]:
    return {
        "name": name,
        "method": method,
        "median_ms": round(statistics.median(spent), 3),
        "p95_ms": round(sorted(spent)[max(0, round(len(spent) * 0.95) - 1)], 3),
        "cpu_ms": None if cpu is None else round(cpu, 2),
        "rounds": len(spent),
        "bytes": len(body),
        "statements": len(recorded.statements),
        "note": note,
    }


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def machine() -> str:
    """Processor, cores and memory of this machine."""
    try:
        model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20
        return f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB"
    except (OSError, TypeError):
        return f"{platform.machine()}, {os.cpu_count()} cores"


def _commit() -> str:
    """The short name of what is measured; + where something is not committed."""
    said = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(said, capture_output=True, text=True, cwd=ROOT)
    return done.stdout.strip() or "unknown"
