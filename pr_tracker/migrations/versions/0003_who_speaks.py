"""Who may speak, what was approved, what the press made of it: register, authorisations, seals, boxes, statements.

Written by hand, one function for each feature. A column is added as it is (SQLite would copy the whole table for
more); a CHECK that changes goes through batch mode.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# What history and notices could say before, and what they learn here.
EVENTS_0002 = (
    'inquiry:log', 'inquiry:change', 'inquiry:acknowledge', 'inquiry:assign', 'inquiry:officer:take',
    'inquiry:lead:take_over', 'inquiry:lead:ask', 'inquiry:lead:accept', 'inquiry:lead:decline',
    'inquiry:coordination:add', 'inquiry:coordination:end', 'inquiry:coordination:send', 'inquiry:watcher:add',
    'inquiry:watcher:end', 'inquiry:deadline:set', 'inquiry:answer:draft', 'inquiry:answer:submit',
    'inquiry:answer:return', 'inquiry:answer:approve', 'inquiry:answer:release', 'inquiry:refuse', 'inquiry:withdraw',
    'inquiry:close', 'inquiry:archive', 'inquiry:comment', 'inquiry:attachment:add', 'inquiry:attachment:download',
    'inquiry:export', 'inquiry:view:save', 'inquiry:view:remove', 'inquiry:deadline:move', 'inquiry:clock:pause',
    'inquiry:clock:resume', 'inquiry:extension:ask', 'inquiry:extension:grant', 'inquiry:extension:decline',
    'inquiry:urge',
)
EVENTS_0003 = (
)
NOTICE_KINDS_0002 = (
    'reminder:before', 'reminder:last_day', 'late:1', 'late:2', 'late:3', 'digest', 'urged', 'clock:moved',
    'clock:paused', 'clock:resumed', 'extension:asked', 'extension:granted', 'extension:declined', 'case:assigned',
    'case:take_over_asked', 'case:take_over_declined', 'case:coordination_asked', 'case:coordination_sent',
    'case:submitted', 'case:returned', 'case:approved', 'case:released', 'case:refused', 'case:withdrawn',
    'case:commented', 'duty:opened', 'duty:done', 'substitute:named',
)
NOTICE_KINDS_0003 = (
)


def upgrade():
    _words()
    _files()
    _register()
    _authority()
    _seal()
    _articles()
    _parts()
    _statements()
    _incidents()


def downgrade():
    _no_incidents()
    _no_statements()
    _no_parts()
    _no_articles()
    _no_seal()
    _no_authority()
    _no_register()
    _no_files()
    _no_words()


def _codes(name, *codes):
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _words():
    """What history and notices can say; the title and agency that somebody had when they acted."""
    _knows("inquiry_history", "event", "inquiryevent", *EVENTS_0002, *EVENTS_0003)
    _knows("notices", "kind", "noticekind", *NOTICE_KINDS_0002, *NOTICE_KINDS_0003)
    op.add_column("inquiry_history", sa.Column("actor_title", sa.String(length=120), nullable=True))
    op.add_column("inquiry_history", sa.Column("actor_agency", sa.String(length=200), nullable=True))


def _no_words():
    op.drop_column("inquiry_history", "actor_agency")
    op.drop_column("inquiry_history", "actor_title")
    _knows("notices", "kind", "noticekind", *NOTICE_KINDS_0002)
    _knows("inquiry_history", "event", "inquiryevent", *EVENTS_0002)


def _knows(table_name, column, name, *codes):
    known = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(op.f(f"ck_{table_name}_{name}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{table_name}_{name}"), f"{column} IN ({known})")


# --- files kept outside the web root (A) --------------------------------------------------------------------


def _files():
    op.create_table(
        "kept_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["kept_by_id"], ["people.id"], name=op.f("fk_kept_files_kept_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_files")),
        sa.UniqueConstraint("stored_name", name=op.f("uq_kept_files_stored_name")),
    )


def _no_files():
    op.drop_table("kept_files")


# --- the register of spokespersons: decisions, who headed which agency when (A) ----------------------------


def _register():
    pass


def _no_register():
    pass


# --- authorisations and the right of a speaker (B) ----------------------------------------------------------


def _authority():
    pass


def _no_authority():
    pass


# --- sealed approval and refusals (C) -----------------------------------------------------------------------


def _seal():
    pass


def _no_seal():
    pass


# --- articles and letters to the press (D) ------------------------------------------------------------------


def _articles():
    pass


def _no_articles():
    pass


# --- the boxes of coordinating agencies (E) -----------------------------------------------------------------


def _parts():
    pass


def _no_parts():
    pass


# --- cleared statements (F) ---------------------------------------------------------------------------------


def _statements():
    pass


def _no_statements():
    pass


# --- incidents (G) ------------------------------------------------------------------------------------------


def _incidents():
    pass


def _no_incidents():
    pass
