"""Documents: papers that can be checked, long work in the background, versions of the annual report, what was imported.

Written by hand, one function pair for each feature.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# What only this version writes: the way back is refused once it stands there.
WRITTEN_SINCE: tuple[tuple[str, str], ...] = (
    ("papers", "1 = 1"),
)


def upgrade():
    _papers()
    _runs()
    _annual()
    _imports()


def downgrade():
    _refuse_to_lose()
    _no_imports()
    _no_annual()
    _no_runs()
    _no_papers()


def _refuse_to_lose():
    """The way back is open until somebody works with this version; nothing of the record is thrown away."""
    for table, since in WRITTEN_SINCE:
        if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {since} LIMIT 1")):
            raise RuntimeError(
                f"nothing was changed: going back to 0004 would lose what has been recorded since the upgrade "
                f"(in {table}); restore the backup made before the upgrade instead"
            )


def _json():
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


# --- papers that can be checked from outside (B) ------------------------------------------------------------


PAPER_KINDS = (
    'case_sheet', 'deadline_sheet', 'register', 'late_units', 'month_report', 'quarter_report', 'annual_report',
    'spokespersons', 'refusals', 'corrections', 'class_report', 'training_year', 'training_coverage', 'chronology',
    'list', 'report',
)


def _papers():
    at = sa.DateTime(timezone=True)
    keys = (
        ("agency_id", "agencies"), ("issued_by_id", "people"), ("replaces_id", "papers"),
        ("withdrawn_by_id", "people"), ("signed_by_id", "people"), ("file_id", "kept_files"),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("issued_at", at, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", at, nullable=True),
        sa.Column("withdrawn_at", at, nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=False),
        sa.Column("signed_digest", sa.String(length=64), nullable=True),
        sa.Column("signed_at", at, nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_as", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"kind IN {PAPER_KINDS!r}", name=op.f("ck_papers_paperkind")),
        sa.CheckConstraint("size > 0", name=op.f("ck_papers_size_positive")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because = '')", name=op.f("ck_papers_withdrawn_with_reason")
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_digest IS NULL)", name=op.f("ck_papers_signed_with_digest")
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_papers_{column}"))
            for column, table in keys
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", name=op.f("uq_papers_code")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_papers_replaces_id")),
    )
    standing = sa.text("superseded_at IS NULL AND withdrawn_at IS NULL")
    op.create_index(
        "uq_papers_standing", "papers", ["key"], unique=True, sqlite_where=standing, postgresql_where=standing
    )
    loose = sa.text("file_id IS NOT NULL AND signed_at IS NULL AND NOT kept")
    op.create_index("ix_papers_loose", "papers", ["issued_at"], sqlite_where=loose, postgresql_where=loose)
    for columns in (["issued_at", "id"], ["agency_id", "issued_at", "id"], ["digest"], ["signed_digest"]):
        op.create_index(op.f(f"ix_papers_{'_'.join(columns)}"), "papers", columns)


def _no_papers():
    op.drop_table("papers")


# --- long work in the background (C) ------------------------------------------------------------------------


def _runs():
    pass


def _no_runs():
    pass


# --- the annual report and its versions (E) -----------------------------------------------------------------


def _annual():
    pass


def _no_annual():
    pass


# --- what came in from Excel (F, G) -------------------------------------------------------------------------


def _imports():
    pass


def _no_imports():
    pass
