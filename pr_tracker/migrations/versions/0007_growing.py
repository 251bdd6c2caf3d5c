"""Indexes for what still grew with the years; a large desk makes them before the upgrade.

Each by the statement that `desk db upgrade --sql 0006:0007` prints, with CONCURRENTLY on PostgreSQL.
And agencies' parts in inquiries of a ledger get the day of receipt that 0006 did not give them.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# name: (table, columns, of which rows: on both engines alike, or on SQLite and on PostgreSQL)
INDEXES = {
    "ix_inquiries_long": (
        *("inquiries", ["finished_at", "received_at", "id"]),
        ("julianday(finished_at) - julianday(received_at) > 60", "finished_at - received_at > INTERVAL '60 days'"),
    ),
    "ix_inquiry_reviews_returned": ("inquiry_reviews", ["at", "draft_id"], ("approved = 0", "NOT approved")),
    "ix_inquiry_contributions_returned": (
        *("inquiry_contributions", ["returned_at", "participation_id"]),
        "returned_at IS NOT NULL",
    ),
    "ix_audit_entries_event": ("audit_entries", ["event", "number"], None),
    "ix_audit_entries_at": ("audit_entries", ["at"], None),
    "ix_inquiry_participations_late": (
        *("inquiry_participations", ["ends_at", "inquiry_id", "sent_at"]),
        "ends_at <= coalesce(sent_at, ends_at)",
    ),
}

RECEIVED = "(SELECT i.received_at FROM inquiries i WHERE i.id = inquiry_participations.inquiry_id{0})"
OTHERWISE = " AND (inquiry_participations.received_at IS NULL OR inquiry_participations.received_at <> i.received_at)"


def upgrade():
    for name, (table, columns, where) in INDEXES.items():
        op.create_index(name, table, columns, if_not_exists=True, **_of_some(where))
    anew, wrong = RECEIVED.format(""), RECEIVED.format(OTHERWISE)
    op.execute(f"UPDATE inquiry_participations SET received_at = {anew} WHERE EXISTS {wrong}")


def downgrade():
    for name, (table, _columns, _where) in INDEXES.items():
        op.drop_index(name, table)


def _of_some(where):
    if where is None:
        return {}
    on_sqlite, on_postgresql = (where, where) if isinstance(where, str) else where
    return {"sqlite_where": sa.text(on_sqlite), "postgresql_where": sa.text(on_postgresql)}
