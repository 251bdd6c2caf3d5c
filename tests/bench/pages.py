"""How long each page takes on the filled demo province, and how many SQL statements it sends; rates of papers, imports.

In this process, one request after another, through the whole application but without a network; a page is asked
ROUNDS times after one unmeasured request. Figures of different machines cannot be compared.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.certificates import timed_certificates
from tests.bench.imports import timed_import
from tests.bench.tables import timed_tables
from tests.province import Province, template_in
from tests.statements import counted
from tests.whole_app.access import address, read, routes

ROUNDS = 20


def show_pages() -> None:
    """Print one line a page, the slowest first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Province(template_in(folder), folder / "copy") as province:
            lines = [line for row in read().values() if (line := _timed(province, row))]
    sys.stdout.write(f"{'median ms':>9} {'p95 ms':>8} {'SQL':>4} {'kB':>5}  page\n")
    for median, p95, statements, size, page in sorted(lines, reverse=True):
        sys.stdout.write(f"{median:9.1f} {p95:8.1f} {statements:4} {size:5}  {page}\n")


def show_rates(rows: int) -> None:
    """Print how long the certificates of a class of 300, a ledger of so many rows and long tables take."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Province(template_in(folder), folder / "copy") as province:
            for seconds, words in (*timed_certificates(province), *timed_import(province, rows)):
                sys.stdout.write(f"{seconds:7.2f} s  {words}\n")
    for seconds, words in timed_tables():
        sys.stdout.write(f"{seconds:7.2f} s  {words}\n")


def _timed(province: Province, row) -> tuple | None:
    if row.method != "GET" or not row.readers or row.endpoint.endswith("static"):
        return None
    rule = next(rule for method, rule in routes(province.app) if rule.endpoint == row.endpoint and method == "GET")
    with province.app.app_context():
        path = address(province.app, "GET", rule)
    client = province.app.test_client()
    reader = row.readers[0]
    with client.session_transaction() as session:
        session.update(province.session_of(reader))
    with counted() as statements:
        size = len(client.get(path).data) // 1024
    spent = sorted(_milliseconds(client, path) for _ in range(ROUNDS))
    return statistics.median(spent), spent[int(ROUNDS * 0.95) - 1], len(statements), size, f"{path}  as {reader}"


def _milliseconds(client, path: str) -> float:
    started = time.perf_counter()
    client.get(path).data  # noqa: B018 - a streamed answer is read to its end
    return (time.perf_counter() - started) * 1000
