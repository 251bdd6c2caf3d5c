"""Figures kept as summaries: what is finished, counted by month of receipt, and how the database itself keeps them.

A trigger writes a line of changes whenever a counted fact of a finished inquiry changes, whoever changes it: an act, an
import, a restored backup. Figures are the sums of the months and of the lines not added to them yet, so they are exact
at every moment; what is open is counted live. Nothing here is of the record: actions.summaries.recount() makes it anew.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import pr_tracker.inquiries.models_parts  # noqa: F401 - the tables that are counted
from pr_tracker.db import Base

NOBODY = 0  # stands for the agency where no agency leads

_GIVEN = "({0}.released_at IS NOT NULL OR {0}.refusal_ground IS NOT NULL)"
_REFUSED = "{0}.released_at IS NULL AND {0}.refusal_ground"
# What a finished inquiry counts as, as conditions on its row {0}: queries.timing says the same.
MEASURES = {
    "on_time": "{0}.finished_at < {0}.ends_at AND " + _GIVEN,
    "late": "{0}.finished_at >= {0}.ends_at",
    "answered": "{0}.released_at IS NOT NULL",
    "refused": _REFUSED + " IS NOT NULL",
    "secret": _REFUSED + " = 'secret'",
    "investigation": _REFUSED + " = 'investigation'",
    "unconcluded": _REFUSED + " = 'unconcluded'",
    "draft_policy": _REFUSED + " = 'draft_policy'",
    "stopped": "{0}.stopped_days > 0",
    "extended": "{0}.extended_days > 0",
    "extended_on_time": "{0}.extended_days > 0 AND {0}.finished_at < {0}.ends_at AND " + _GIVEN,
    "forwarded": "{0}.kind = 'forwarded_opinion'",
    "stands_answered": "{0}.status = 'answered'",
    "stands_refused": "{0}.status = 'refused'",
    "stands_withdrawn": "{0}.status = 'withdrawn'",
    "stands_archived": "{0}.status = 'archived'",
}
DAYS = ("stopped_days", "extended_days")
COUNTED = ("cases", *MEASURES, *DAYS)


class _Counted:
    """The sums of a line."""

    cases: Mapped[int]
    on_time: Mapped[int]
    late: Mapped[int]
    answered: Mapped[int]
    refused: Mapped[int]
    secret: Mapped[int]
    investigation: Mapped[int]
    unconcluded: Mapped[int]
    draft_policy: Mapped[int]
    stopped: Mapped[int]
    extended: Mapped[int]
    extended_on_time: Mapped[int]
    forwarded: Mapped[int]
    stands_answered: Mapped[int]
    stands_refused: Mapped[int]
    stands_withdrawn: Mapped[int]
    stands_archived: Mapped[int]
    stopped_days: Mapped[int]
    extended_days: Mapped[int]


class MonthOfAgency(_Counted, Base):
    """What an agency leads of a month of receipt (202611), or NOBODY."""

    __tablename__ = "summary_agencies"

    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class MonthOfKind(_Counted, Base):
    """What is of a kind of a month of receipt."""

    __tablename__ = "summary_kinds"

    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)


class Carried(Base):
    """What an agency leads that came before a month, and was finished in it or later: open when it began."""

    __tablename__ = "summary_carried"

    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cases: Mapped[int]


class Change(_Counted, Base):
    """A line not added to the months yet; one that takes back has negative sums."""

    __tablename__ = "summary_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int]
    finished_month: Mapped[int]
    agency_id: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(40))


class MonthOfLateness(Base):
    """Whose doing it is, of what is finished of a month of receipt; a row of NOBODY says that the month was counted."""

    __tablename__ = "summary_lateness"

    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    late_by_others: Mapped[int]
    made_late: Mapped[int]
    parts: Mapped[int]
    parts_late: Mapped[int]
    calendar: Mapped[str] = mapped_column(sa.String(200))  # counted by which working calendar


class Stale(Base):
    """A month whose lateness has changed since it was counted; so has any that Change names."""

    __tablename__ = "summary_stale"

    id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[int]


# --- what the database does by itself; the migration says the same -----------------------------------------------

LINE = ("month", "finished_month", "agency_id", "kind", *COUNTED)
FACTS = (
    "received_at, lead_agency_id, kind, status, finished_at, due_on, due_at, ends_at, released_at, "
    "refusal_ground, stopped_days, extended_days"
)
MONTH = {  # the office is seven hours before UTC, the whole year through
    "sqlite": "CAST(strftime('%Y%m', substr({0}, 1, 19), '+7 hours') AS INTEGER)",
    "postgresql": "CAST(to_char(({0} AT TIME ZONE 'UTC') + INTERVAL '7 hours', 'YYYYMM') AS INTEGER)",
}


def line_of(row: str, engine: str, times: int = 1) -> list[str]:
    """The values of LINE for a finished inquiry `row`, in SQL; `times` -1 takes it back."""
    month = MONTH[engine]
    sums = [f"CASE WHEN {what.format(row)} THEN {times} ELSE 0 END" for what in MEASURES.values()]
    days = [f"{times} * {row}.{name}" for name in DAYS]
    of = (month.format(f"{row}.received_at"), month.format(f"{row}.finished_at"))
    return [*of, f"COALESCE({row}.lead_agency_id, {NOBODY})", f"{row}.kind", str(times), *sums, *days]


def _write(row: str, engine: str, times: int) -> str:
    return f"INSERT INTO summary_changes ({', '.join(LINE)}) VALUES ({', '.join(line_of(row, engine, times))});"


def _mark(row: str, engine: str, table: str) -> str:
    """The month of a finished inquiry is no longer as it was counted: something was owed to it otherwise."""
    month = f"INSERT INTO summary_stale (month) SELECT {MONTH[engine].format('i.received_at')} FROM inquiries i"
    if table == "inquiry_participations":
        return f"{month} WHERE i.id = {row}.inquiry_id AND {row}.part = 'coordinating' AND i.finished_at IS NOT NULL;"
    joined = "JOIN inquiry_participations p ON p.inquiry_id = i.id"
    return f"{month} {joined} WHERE p.id = {row}.participation_id AND i.finished_at IS NOT NULL;"


def ddl(engine: str) -> Iterator[str]:
    """The statements that make the triggers."""
    for table in ("inquiry_participations", "inquiry_part_rounds"):
        if engine == "sqlite":
            for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
                name, mark = f"{table}_stale_{event.lower()}", _mark(row, engine, table)
                yield f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {mark} END"
        else:
            yield (
                f"CREATE FUNCTION {table}_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF TG_OP = 'DELETE' THEN {_mark('OLD', engine, table)} ELSE {_mark('NEW', engine, table)} END IF; "
                "RETURN NULL; END $$"
            )
            event = "AFTER INSERT OR DELETE OR UPDATE"
            yield f"CREATE TRIGGER {table}_stale {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stale()"
    back, on = _write("OLD", engine, -1), _write("NEW", engine, 1)
    if engine == "sqlite":
        for name, when, row, statement in (
            ("inquiry_summary_added", "INSERT", "NEW", on),
            ("inquiry_summary_taken_back", f"UPDATE OF {FACTS}", "OLD", back),
            ("inquiry_summary_changed", f"UPDATE OF {FACTS}", "NEW", on),
            ("inquiry_summary_removed", "DELETE", "OLD", back),
        ):
            yield (
                f"CREATE TRIGGER {name} AFTER {when} ON inquiries "
                f"WHEN {row}.finished_at IS NOT NULL BEGIN {statement} END"
            )
        return
    yield (
        "CREATE FUNCTION inquiry_summary() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' AND OLD.finished_at IS NOT NULL THEN {back} END IF; "
        f"IF TG_OP <> 'DELETE' AND NEW.finished_at IS NOT NULL THEN {on} END IF; "
        "RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER inquiry_summary AFTER INSERT OR DELETE OR UPDATE OF {FACTS} ON inquiries "
        "FOR EACH ROW EXECUTE FUNCTION inquiry_summary()"
    )


for _engine in MONTH:
    for _statement in ddl(_engine):
        _made = sa.DDL(_statement.replace("%", "%%")).execute_if(dialect=_engine)
        sa.event.listen(Change.__table__, "after_create", _made)
for _table in ("inquiries", "inquiry_participations", "inquiry_part_rounds", "summary_stale"):  # triggers come last
    Base.metadata.tables["summary_changes"].add_is_dependent_on(Base.metadata.tables[_table])
