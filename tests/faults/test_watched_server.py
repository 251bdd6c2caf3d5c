"""The real server with metrics and JSON lines: workers count together, and one that dies takes nothing away."""

import json
import os
import re
import signal
from pathlib import Path
from urllib.request import urlopen

from tests.databases import dispose, make_app, make_schema
from tests.faults.server import Server
from tests.many.machines import until

ASKED = 30


def figure(server, name: str) -> float:
    with urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
        found = re.search(rf"^press_desk_{re.escape(name)} (\S+)$", answer.read().decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def workers_of(server) -> list[int]:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_workers_count_together_and_every_line_of_the_log_is_json(tmp_path):
    app = make_app(f"sqlite:///{tmp_path / 'desk.sqlite3'}", tmp_path / "uploads")
    make_schema(app)
    dispose(app)
    watched = {"METRICS": "yes", "METRICS_FOLDER": str(tmp_path / "metrics"), "LOG": "json", "SLOW_MS": "1"}
    server = Server(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, **watched)
    try:
        for _ in range(ASKED):
            urlopen(f"http://127.0.0.1:{server.port}/sign-in?next=%2Fbi-mat").close()
        asked = 'requests_total{endpoint="security.login",method="GET",status="200"}'
        until(lambda: figure(server, asked) == ASKED, what="the last of them")  # counted when its answer is out
        before = workers_of(server)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(workers_of(server)) == 2 and before[0] not in workers_of(server), what="another worker")
        assert figure(server, asked) == ASKED, "what a dead worker has counted stays"
        assert figure(server, 'ready{part="migrations"}') == 1
        server.process.terminate()
        server.process.wait(60)
        left = sorted(path.name for path in tmp_path.glob("desk.sqlite3*"))
        assert left == ["desk.sqlite3"], "who stops the service and copies this file has everything"
    finally:
        server.kill()
    lines = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
    requests = [line for line in lines if line["what"] == "request"]
    assert sum(line["endpoint"] == "security.login" for line in requests) == ASKED
    assert len({line["request"] for line in requests}) == len(requests)
    assert any(line["logger"] == "gunicorn.error" for line in lines), "the dead worker"
    assert "bi-mat" not in (tmp_path / "server.log").read_text()
