"""flask deadlines due: when is it due, and why, without opening a page."""

import json
from datetime import datetime

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from pr_tracker.cli.saying import Group, Refused, refusing
from pr_tracker.deadlines import labels, queries
from pr_tracker.deadlines.queries_seed import seeded_calendar
from pr_tracker.deadlines.rules import SHIPPED, Deadline, OutletPace, RuleBook, TermSettings, compute
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.office_time import OFFICE_ZONE, in_office

deadlines = Group("deadlines", help="The clocks of the law.")


@deadlines.command("due")
@click.argument("key")
@click.option("--at", "at", required=True, metavar="ISO", help="When it started: 2026-11-20T16:30, office time.")
@click.option(
    "--outlet",
    type=click.Choice([pace.value for pace in OutletPace]),
    help="Kind of press agency, where the term depends on it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@refusing
def due(key: str, at: str, outlet: str | None, as_json: bool) -> None:
    """Print when the clock KEY runs out, on what ground, and the steps that lead there."""
    calendar, settings, book = _calendar_terms_and_book()
    pace = OutletPace(outlet) if outlet else None
    deadline = compute(key, _moment(at), calendar=calendar, settings=settings, outlet=pace, book=book)
    click.echo(json.dumps(_as_json(deadline), ensure_ascii=False, indent=2) if as_json else _as_text(deadline))


def _moment(typed: str) -> datetime:
    """A moment in ISO form; without an offset it is office time."""
    try:
        read = datetime.fromisoformat(typed.strip())
    except ValueError:
        raise Refused(f"“{typed}” is not an ISO time. Example: 2026-11-20T16:30") from None
    return read if read.tzinfo else read.replace(tzinfo=OFFICE_ZONE)


def _calendar_terms_and_book() -> tuple[WorkingCalendar, TermSettings, RuleBook]:
    """What the office has entered; what was shipped, where there is no database or no table yet."""
    try:
        return queries.working_calendar(), queries.terms_of(None), queries.rule_book()
    except (OperationalError, ProgrammingError):
        return seeded_calendar(), TermSettings(), SHIPPED


def _as_json(deadline: Deadline) -> dict[str, object]:
    kept = deadline.to_json()
    due_time = {name: kept[name] for name in ("due_on", "due_at") if kept[name]}
    return {
        "key": kept["key"],
        "version": kept["version"],
        "basis": "; ".join(str(citation) for citation in deadline.basis),
        "confidence": kept["confidence"],
        "valid_from": deadline.rule.valid_from.isoformat(),
        "valid_to": deadline.rule.valid_to.isoformat() if deadline.rule.valid_to else None,
        "trigger_at": kept["trigger_at"],
        **due_time,
        "ends_at": kept["ends_at"],
        "warn_on": kept["warn_on"],
        "steps": kept["steps"],
    }


def _as_text(deadline: Deadline) -> str:
    lines = [
        f"key: {deadline.key}",
        f"basis: {'; '.join(str(citation) for citation in deadline.basis)}",
        f"valid_from: {deadline.rule.valid_from.isoformat()}",
    ]
    if deadline.due_on:
        lines.append(f"due_on: {deadline.due_on.isoformat()}")
    elif deadline.due_at:
        lines.append(f"due_at: {in_office(deadline.due_at).isoformat()}")
    lines.append("steps:")
    for number, step in enumerate(labels.explain(deadline), 1):
        lines.append(f"  {number}. {step.title}{'. ' if step.text else ''}{step.text}")
        lines += [f"     {days}  {name}" for days, name in step.rows]
    return "\n".join(lines)
