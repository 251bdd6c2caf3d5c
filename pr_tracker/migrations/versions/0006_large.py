"""A large desk: figures kept as summaries, the search of frequent words, what pages of a million inquiries need.

Written by hand, one function pair for each feature. Nothing here is of the record: it is made anew from what stands.

Revision ID: 0006
Revises: 0005
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    _search()
    _lists()
    _summaries()
    _few()


def downgrade():
    _few_as_before()
    _no_summaries()
    _no_lists()
    _no_search()


# --- the search ------------------------------------------------------------


# What search looks through becomes words between single spaces, and each case has its place among what is found. Back
# on 0005 the index is of trigrams again; the texts keep their words, which is all that 0005 asks of them.
_TRIGRAMS = (
    "CREATE VIRTUAL TABLE inquiry_search_index USING fts5"
    "(folded, content='inquiry_search', content_rowid='inquiry_id', tokenize='trigram')",
    "CREATE TRIGGER inquiry_search_added AFTER INSERT ON inquiry_search BEGIN "
    "INSERT INTO inquiry_search_index(rowid, folded) VALUES (new.inquiry_id, new.folded); END",
    "CREATE TRIGGER inquiry_search_changed AFTER UPDATE OF folded ON inquiry_search BEGIN "
    "INSERT INTO inquiry_search_index(inquiry_search_index, rowid, folded) "
    "VALUES ('delete', old.inquiry_id, old.folded); "
    "INSERT INTO inquiry_search_index(rowid, folded) VALUES (new.inquiry_id, new.folded); END",
    "INSERT INTO inquiry_search_index(inquiry_search_index) VALUES ('rebuild')",
)
_OUT = (
    "INSERT INTO inquiry_search_index(inquiry_search_index, rowid, words) "
    "VALUES ('delete', old.place, old.folded || old.exact); "
)
_IN = "INSERT INTO inquiry_search_index(rowid, words) VALUES (new.place, new.folded || new.exact); "
_WORD_INDEX = (
    "CREATE VIRTUAL TABLE inquiry_search_index USING fts5"
    "(words, content='', columnsize=0, detail='none', tokenize='ascii')",
    "INSERT INTO inquiry_search_index(rowid, words) SELECT place, folded || exact FROM inquiry_search ORDER BY place",
    f"CREATE TRIGGER inquiry_search_added AFTER INSERT ON inquiry_search BEGIN {_IN}END",
    f"CREATE TRIGGER inquiry_search_changed AFTER UPDATE ON inquiry_search BEGIN {_OUT}{_IN}END",
)
_PLACE = {
    "sqlite": "(CAST(julianday(date(substr(received_at, 1, 19), '+7 hours')) - 1721424.5 AS INTEGER) << 31) | id",
    "postgresql": "(CAST((received_at AT TIME ZONE 'UTC' + INTERVAL '7 hours')::date - DATE '0001-01-01' + 1 AS BIGINT)"
    " << 31) | id",
}
_WORDS = re.compile(r"[^\W_]+")
BATCH = 2000


def _without_index():
    for name in ("added", "changed"):
        op.execute(f"DROP TRIGGER inquiry_search_{name}")
    op.execute("DROP TABLE inquiry_search_index")


def _search():
    engine = op.get_bind().dialect.name
    if engine == "sqlite":
        _without_index()
    else:
        op.drop_index("ix_inquiry_search_folded", "inquiry_search")
    op.add_column("inquiry_search", sa.Column("place", sa.BigInteger(), server_default="0", nullable=False))
    _as_words()
    place = f"(SELECT {_PLACE[engine]} FROM inquiries WHERE id = inquiry_search.inquiry_id)"
    op.execute(f"UPDATE inquiry_search SET place = {place}")
    op.create_index(op.f("ix_inquiry_search_place"), "inquiry_search", ["place"])
    if engine == "sqlite":
        for statement in _WORD_INDEX:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX ix_inquiry_search_folded ON inquiry_search USING gin (folded gin_trgm_ops)")


def _as_words():
    """Batch by batch: only Python knows what is a letter in the same way for both engines."""
    connection, last = op.get_bind(), 0
    texts = sa.text(
        "SELECT inquiry_id, folded, exact FROM inquiry_search WHERE inquiry_id > :last ORDER BY inquiry_id LIMIT :most"
    )
    changed = sa.text("UPDATE inquiry_search SET folded = :folded, exact = :exact WHERE inquiry_id = :id")
    while rows := connection.execute(texts, {"last": last, "most": BATCH}).all():
        connection.execute(
            changed, [{"id": row[0], "folded": _words_in(row[1]), "exact": _words_in(row[2])} for row in rows]
        )
        last = rows[-1][0]


def _words_in(text):
    return f" {' '.join(_WORDS.findall(text))} "


def _no_search():
    if op.get_bind().dialect.name == "sqlite":
        _without_index()
    op.drop_index(op.f("ix_inquiry_search_place"), "inquiry_search")
    op.drop_column("inquiry_search", "place")
    if op.get_bind().dialect.name == "sqlite":
        for statement in _TRIGRAMS:
            op.execute(statement)


# --- first screen and lists ------------------------------------------------------------


_OF_SOME = {
    "ix_inquiries_open": (["received_at", "id"], "finished_at IS NULL"),
    "ix_inquiries_finished": (["finished_at", "id"], "finished_at IS NOT NULL"),
    "ix_inquiries_stopped": (["received_at", "id"], "stopped_days > 0"),
    "ix_inquiries_extended": (["received_at", "id"], "extended_days > 0"),
    "ix_inquiries_paused": (["paused_until"], "paused_at IS NOT NULL"),
    "ix_inquiries_late": (["finished_at", "ends_at", "id"], "finished_at >= ends_at"),
    "ix_inquiries_refused": (["finished_at", "id", "lead_agency_id", "refusal_ground"], "refusal_ground IS NOT NULL"),
    "ix_inquiries_ground": (["refusal_ground", "received_at", "id"], "refusal_ground IS NOT NULL"),
}


def _own(columns):
    """The index of what an agency has part in now; its list is in the order of receipt."""
    where = sa.text("ended_at IS NULL")
    op.drop_index("ix_inquiry_participations_current", "inquiry_participations")
    op.create_index(
        *("ix_inquiry_participations_current", "inquiry_participations", columns),
        sqlite_where=where,
        postgresql_where=where,
    )


def _lists():
    op.add_column("inquiry_participations", sa.Column("received_at", sa.DateTime(timezone=True)))
    received = "(SELECT received_at FROM inquiries WHERE id = inquiry_participations.inquiry_id)"
    op.execute(f"UPDATE inquiry_participations SET received_at = {received}")
    _own(["agency_id", "received_at", "inquiry_id"])
    op.drop_index("ix_inquiries_finished", "inquiries")
    for name, (columns, where) in _OF_SOME.items():
        op.create_index(name, "inquiries", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_inquiries_ends", "inquiries", ["ends_at", "lead_agency_id"])
    for who in ("officer", "responsible"):
        op.create_index(f"ix_inquiries_{who}", "inquiries", [f"{who}_id", "received_at", "id"])


def _no_lists():
    for name in (*_OF_SOME, "ix_inquiries_ends", "ix_inquiries_officer", "ix_inquiries_responsible"):
        op.drop_index(name, "inquiries")
    op.create_index("ix_inquiries_finished", "inquiries", ["finished_at", "id"])
    _own(["agency_id", "inquiry_id"])
    op.drop_column("inquiry_participations", "received_at")


# --- figures as summaries ------------------------------------------------------------


_GIVEN = "({0}.released_at IS NOT NULL OR {0}.refusal_ground IS NOT NULL)"
_REFUSED = "{0}.released_at IS NULL AND {0}.refusal_ground"
_MEASURES = {
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
_DAYS = ("stopped_days", "extended_days")
_COUNTED = ("cases", *_MEASURES, *_DAYS)
_LINE = ("month", "finished_month", "agency_id", "kind", *_COUNTED)
_FACTS = (
    "received_at, lead_agency_id, kind, status, finished_at, due_on, due_at, ends_at, released_at, "
    "refusal_ground, stopped_days, extended_days"
)
_MONTH = {
    "sqlite": "CAST(strftime('%Y%m', substr({0}, 1, 19), '+7 hours') AS INTEGER)",
    "postgresql": "CAST(to_char(({0} AT TIME ZONE 'UTC') + INTERVAL '7 hours', 'YYYYMM') AS INTEGER)",
}


def _line_of(row, engine, times=1):
    month = _MONTH[engine]
    sums = [f"CASE WHEN {what.format(row)} THEN {times} ELSE 0 END" for what in _MEASURES.values()]
    days = [f"{times} * {row}.{name}" for name in _DAYS]
    of = (month.format(f"{row}.received_at"), month.format(f"{row}.finished_at"))
    return [*of, f"COALESCE({row}.lead_agency_id, 0)", f"{row}.kind", str(times), *sums, *days]


def _triggers(engine):
    into = f"INSERT INTO summary_changes ({', '.join(_LINE)}) VALUES"
    back, on = (f"{into} ({', '.join(_line_of(row, engine, by))});" for row, by in (("OLD", -1), ("NEW", 1)))
    if engine == "sqlite":
        return [
            f"CREATE TRIGGER {name} AFTER {when} ON inquiries WHEN {row}.finished_at IS NOT NULL BEGIN {line} END"
            for name, when, row, line in (
                ("inquiry_summary_added", "INSERT", "NEW", on),
                ("inquiry_summary_taken_back", f"UPDATE OF {_FACTS}", "OLD", back),
                ("inquiry_summary_changed", f"UPDATE OF {_FACTS}", "NEW", on),
                ("inquiry_summary_removed", "DELETE", "OLD", back),
            )
        ]
    return [
        "CREATE FUNCTION inquiry_summary() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' AND OLD.finished_at IS NOT NULL THEN {back} END IF; "
        f"IF TG_OP <> 'DELETE' AND NEW.finished_at IS NOT NULL THEN {on} END IF; "
        "RETURN NULL; END $$",
        f"CREATE TRIGGER inquiry_summary AFTER INSERT OR DELETE OR UPDATE OF {_FACTS} ON inquiries "
        "FOR EACH ROW EXECUTE FUNCTION inquiry_summary()",
    ]


_DOINGS = ("late_by_others", "made_late", "parts", "parts_late")
_OWED = ("inquiry_participations", "inquiry_part_rounds")


def _mark(row, engine, table):
    month = f"INSERT INTO summary_stale (month) SELECT {_MONTH[engine].format('i.received_at')} FROM inquiries i"
    if table == "inquiry_participations":
        return f"{month} WHERE i.id = {row}.inquiry_id AND {row}.part = 'coordinating' AND i.finished_at IS NOT NULL;"
    joined = "JOIN inquiry_participations p ON p.inquiry_id = i.id"
    return f"{month} {joined} WHERE p.id = {row}.participation_id AND i.finished_at IS NOT NULL;"


def _marks(engine, table):
    if engine == "sqlite":
        return [
            f"CREATE TRIGGER {table}_stale_{event.lower()} AFTER {event} ON {table} "
            f"BEGIN {_mark(row, engine, table)} END"
            for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
        ]
    return [
        f"CREATE FUNCTION {table}_stale() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN {_mark('OLD', engine, table)} ELSE {_mark('NEW', engine, table)} END IF; "
        "RETURN NULL; END $$",
        f"CREATE TRIGGER {table}_stale AFTER INSERT OR DELETE OR UPDATE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_stale()",
    ]


def _summary(name, *keys):
    """A table of sums; the keys are its primary key, but for summary_changes."""
    sums = [sa.Column(each, sa.Integer(), nullable=False) for each in _COUNTED]
    kind = {"kind": sa.String(length=40)}
    columns = [sa.Column(key, kind.get(key, sa.Integer()), nullable=False) for key in keys]
    own = keys if name != "summary_changes" else ("id",)
    first = [sa.Column("id", sa.Integer(), nullable=False)] if name == "summary_changes" else []
    op.create_table(name, *first, *columns, *sums, sa.PrimaryKeyConstraint(*own, name=op.f(f"pk_{name}")))


def _summaries():
    engine = op.get_bind().dialect.name
    _summary("summary_agencies", "month", "agency_id")
    _summary("summary_kinds", "month", "kind")
    _summary("summary_changes", "month", "finished_month", "agency_id", "kind")
    op.create_table(
        "summary_carried",
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "agency_id", name=op.f("pk_summary_carried")),
    )
    op.create_table(
        "summary_lateness",
        *(sa.Column(key, sa.Integer(), nullable=False) for key in ("month", "agency_id")),
        *(sa.Column(each, sa.Integer(), nullable=False) for each in _DOINGS),
        sa.Column("calendar", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("month", "agency_id", name=op.f("pk_summary_lateness")),
    )
    op.create_table(
        "summary_stale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_stale")),
    )
    for statement in (*_triggers(engine), *(each for table in _OWED for each in _marks(engine, table))):
        op.execute(statement)
    values = ", ".join(f"{value} AS {name}" for name, value in zip(_LINE, _line_of("inquiries", engine)))
    lines = f"(SELECT {values} FROM inquiries WHERE finished_at IS NOT NULL) AS lines"
    for name, key in (("summary_agencies", "agency_id"), ("summary_kinds", "kind")):
        sums = ", ".join(f"SUM({each})" for each in _COUNTED)
        op.execute(
            f"INSERT INTO {name} (month, {key}, {', '.join(_COUNTED)}) "
            f"SELECT month, {key}, {sums} FROM {lines} GROUP BY month, {key}"
        )
    then = "CASE WHEN month % 100 = 12 THEN month + 89 ELSE month + 1 END"
    op.execute(
        f"WITH RECURSIVE open_in AS (SELECT {then} AS month, finished_month, agency_id, cases FROM {lines} "
        f"WHERE finished_month > month UNION ALL "
        f"SELECT {then}, finished_month, agency_id, cases FROM open_in WHERE month < finished_month) "
        "INSERT INTO summary_carried (month, agency_id, cases) "
        "SELECT month, agency_id, SUM(cases) FROM open_in GROUP BY month, agency_id"
    )


def _no_summaries():
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER inquiry_summary ON inquiries")
        op.execute("DROP FUNCTION inquiry_summary()")
        for table in _OWED:
            op.execute(f"DROP TRIGGER {table}_stale ON {table}")
            op.execute(f"DROP FUNCTION {table}_stale()")
    else:
        for name in ("added", "taken_back", "changed", "removed"):
            op.execute(f"DROP TRIGGER inquiry_summary_{name}")
        for table in _OWED:
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_stale_{event}")
    for name in ("agencies", "kinds", "changes", "carried", "lateness", "stale"):
        op.drop_table(f"summary_{name}")


# --- columns that few inquiries fill ------------------------------------------------------------------------


def _few():
    for column in ("parent_id", "incident_id"):
        op.drop_index(op.f(f"ix_inquiries_{column}"), "inquiries")
        where = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_inquiries_{column}", "inquiries", [column], sqlite_where=where, postgresql_where=where)


def _few_as_before():
    for column in ("parent_id", "incident_id"):
        op.drop_index(f"ix_inquiries_{column}", "inquiries")
        op.create_index(op.f(f"ix_inquiries_{column}"), "inquiries", [column])
