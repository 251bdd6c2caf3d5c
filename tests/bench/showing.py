"""The bench's results in words: a table for the terminal, Markdown for the README, two runs compared."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.bench.goals import Goal, goals, limit_of

HEAD = f"{'median':>8} {'p95':>8} {'CPU':>7} {'floor':>7} {'ratio':>6} {'SQL':>4} {'kB':>6}  page"


def read(path: str) -> list[dict[str, Any]]:
    """The results that a run wrote, one object a line."""
    return [json.loads(line) for line in Path(path).read_text().splitlines() if line.strip()]


def line(one: dict[str, Any]) -> str:
    """One measurement, milliseconds."""
    if one["name"] == "fill":
        return f"{one['rate']:8,.0f} inquiries a second were filled"
    if one["name"] == "static files":
        return f"{one['count']:8} static files, {one['wrong']} of them not compressed or not cached for ever"
    cpu = f"{one['cpu_ms']:7.1f}" if one["cpu_ms"] else " " * 7
    floor, ratio = one["floor_ms"], one["median_ms"] / one["floor_ms"]
    note = f" ({one['note']})" if one["note"] else ""
    return (
        f"{one['median_ms']:8.1f} {one['p95_ms']:8.1f} {cpu} {floor:7.2f} {ratio:6.1f} {one['statements']:4} "
        f"{one['bytes'] / 1000:6.1f}  {one['name']}{note}"
    )


def verdicts(results: Iterable[dict[str, Any]]) -> list[Goal]:
    """Print each goal, the worst first; all of them come back."""
    found = sorted(goals(results, cpu=os.environ.get("BY") == "cpu"), key=lambda goal: -goal.ratio)
    for goal in found:
        sys.stdout.write(f"{goal}\n")
    missed = sum(not goal.is_met for goal in found)
    sys.stdout.write(f"{len(found) - missed} of {len(found)} goals are met.\n")
    return found


def markdown(results: Sequence[dict[str, Any]]) -> str:
    """The README's table: a page a row, a size a column with median (p95) and how many times the floor."""
    paged = [one for one in results if "median_ms" in one]
    sizes = sorted({one["size"] for one in paged})
    cells = {(one["name"], one["size"]): one for one in paged}
    lines = [
        f"| page | goal | {' | '.join(f'{size:,}' for size in sizes)} | SQL | kB |",
        "| --- |" + " ---: |" * (len(sizes) + 3),
    ]
    for name in dict.fromkeys(one["name"] for one in paged):
        row = [cells.get((name, size)) for size in sizes]
        last = next(one for one in reversed(row) if one)
        limit = limit_of(name)
        shown = " | ".join(_cell(one) for one in row)
        lines.append(f"| {name} | {limit or ''} | {shown} | {last['statements']} | {last['bytes'] / 1000:.0f} |")
    return "\n".join([*lines, "", _below(results[0])])


def _cell(one: dict[str, Any] | None) -> str:
    if one is None:
        return ""
    return f"{one['median_ms']:.1f} ({one['p95_ms']:.1f}), {one['median_ms'] / one['floor_ms']:.1f}×"


def _below(one: dict[str, Any]) -> str:
    return (
        f"Milliseconds, median (95th percentile), times the floor; {one['engine']}, {one['date'][:10]}, commit "
        f"{one['commit']}, one sync worker on {one['machine']}."
    )


def compare(old: str, new: str) -> None:
    """Print both runs' medians side by side, what became slower first."""
    before = {(one["engine"], one["size"], one["name"]): one for one in read(old) if "median_ms" in one}
    after = {(one["engine"], one["size"], one["name"]): one for one in read(new) if "median_ms" in one}
    both = sorted(before.keys() & after.keys(), key=lambda key: before[key]["median_ms"] / after[key]["median_ms"])
    sys.stdout.write(f"{'old':>8} {'new':>8} {'times':>6} {'SQL':>7} {'kB':>13}\n")
    for key in both:
        a, b = before[key], after[key]
        engine, size, name = key
        sys.stdout.write(
            f"{a['median_ms']:8.1f} {b['median_ms']:8.1f} {b['median_ms'] / a['median_ms']:6.2f} "
            f"{a['statements']:3}→{b['statements']:3} {a['bytes'] / 1000:6.1f}→{b['bytes'] / 1000:6.1f}"
            f"  {name}, {engine}, {size:,}\n"
        )
