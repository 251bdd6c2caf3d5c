"""What one machine carries: requests a second, of readers and of clerks who log inquiries, by number of web workers.

`SIZE=100000 ENGINE=sqlite WORKERS="1 2 4" python -m tests.bench carry`. The clients are threads of this process, on the
same machine: they take their share of the processor, so that a server of its own carries somewhat more. Processor time
is that of the web workers alone.
"""

import os
import secrets
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field

from pr_tracker.db import db
from pr_tracker.demo.people import DOMAIN, PASSWORD
from tests.bench import store
from tests.bench.acts import QUESTIONS, SUBJECT, Desk
from tests.bench.asked import CLERK
from tests.bench.reading import Forms, Reader
from tests.bench.serving import Server, settings
from tests.databases import dispose, make_app

SECONDS = 15
PAGES = ("/queue", "/inquiries", "/inquiries?status=received", "/queue?pick=late")
NEW = "/inquiries/new"


@dataclass
class Carried:
    """What the clients of one round saw."""

    spent: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0
    processor: float = 0.0

    @property
    def line(self) -> str:
        """Requests a second, median and 95th percentile in milliseconds, processor time of each."""
        if len(self.spent) < 2:
            return "nothing was answered"
        late = statistics.quantiles(self.spent, n=20)[-1]
        each = f"{self.processor / len(self.spent):.0f} ms of processor each"
        told = f"{len(self.spent) / self.seconds:.1f} a second, median {statistics.median(self.spent):.0f} ms"
        return f"{told}, p95 {late:.0f} ms, {each}, {self.failed} failed"


def main() -> int:
    """Every number of workers, reading and writing; 0."""
    engine, size = os.environ.get("ENGINE", "sqlite"), int(os.environ.get("SIZE", "100000"))
    with store.database(engine, size) as filled:
        app = make_app(filled.url, filled.folder / "uploads")
        with app.app_context():
            desk = Desk.found()
            db.session.rollback()
        dispose(app)
        for workers in map(int, os.environ.get("WORKERS", "1 2 4").split()):
            with Server("app:app", workers, **settings(filled.url, filled.folder / "uploads")) as server:
                for name, work in (("reading", _read), ("logging", _log)):
                    seen = _round(server, work, 2 * workers, desk)
                    sys.stdout.write(f"{engine} {size:,}, {workers} workers, {name}: {seen.line}\n")
                    sys.stdout.flush()
    return 0


def _round(server: Server, work, clients: int, desk: Desk) -> Carried:
    seen, ends = Carried(), threading.Event()
    readers = [Reader(server.port) for _ in range(clients)]
    for reader in readers:
        reader.sign_in(f"{CLERK}@{DOMAIN}", PASSWORD)
    threads = [threading.Thread(target=work, args=(reader, seen, ends, desk)) for reader in readers]
    before, started = server.processor(), time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    ends.set()
    for thread in threads:
        thread.join()
    seen.seconds, after = time.monotonic() - started, server.processor()
    seen.processor = (after or 0) - (before or 0)
    return seen


def _read(reader: Reader, seen: Carried, ends: threading.Event, _desk: Desk) -> None:
    while not ends.is_set():
        for page in PAGES:
            answer = reader.get(page)
            seen.spent.append(answer.spent)
            seen.failed += answer.status != 200


def _log(reader: Reader, seen: Carried, ends: threading.Event, desk: Desk) -> None:
    form, number = Forms(reader.get(NEW).text, NEW).found[NEW], 0
    while not ends.is_set():
        number += 1
        about = {"subject": SUBJECT.format(number=f"{id(reader)}-{number}"), "questions": QUESTIONS}
        token = {"once": secrets.token_hex(16)}  # else the same inquiry is shown again
        answer = reader.post(NEW, {**form, **token, **about, "outlet": desk.outlet, "lead_id": str(desk.agency_id)})
        seen.spent.append(answer.spent)
        seen.failed += answer.status != 303
