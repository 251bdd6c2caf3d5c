"""Documents: papers that can be checked, long work in the background, versions of the annual report, what was imported.

Written by hand, one function pair for each feature.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What only this version writes: the way back is refused once it stands there.
WRITTEN_SINCE: tuple[tuple[str, str], ...] = (
    ("papers", "1 = 1"),
    ("imports", "1 = 1"),
    ("import_names", "1 = 1"),
    ("inquiry_ledger_entries", "1 = 1"),
    ("runs", "1 = 1"),
    ("press_briefings", "1 = 1"),
    ("annual_reports", "1 = 1"),
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
        ("agency_id", "agencies"), ("holder_id", "agencies"), ("issued_by_id", "people"), ("replaces_id", "papers"),
        ("withdrawn_by_id", "people"), ("signed_by_id", "people"), ("file_id", "kept_files"),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
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
    for columns in (["issued_at", "id"], ["holder_id", "issued_at", "id"], ["digest"], ["signed_digest"]):
        op.create_index(op.f(f"ix_papers_{'_'.join(columns)}"), "papers", columns)


def _no_papers():
    op.drop_table("papers")


# --- long work in the background (C) ------------------------------------------------------------------------


def _runs():
    unfinished = sa.text("finished_at IS NULL")
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("asked", _json(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=500), nullable=False),
        sa.Column("leads_to", sa.String(length=300), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("done >= 0 AND total >= 0 AND attempts >= 0", name=op.f("ck_runs_counted")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (state IN ('waiting', 'running'))", name=op.f("ck_runs_finished")
        ),
        sa.CheckConstraint("(claim IS NULL) = (lease_until IS NULL)", name=op.f("ck_runs_claimed_under_lease")),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_runs_runstate")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_runs_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    kept = sa.text("stored_name IS NOT NULL AND removed_at IS NULL")
    for name, columns, unique, where in (
        ("uq_runs_unfinished", ["asked_by_id", "kind", "key"], True, unfinished),
        ("ix_runs_waiting", ["id"], False, unfinished),
        ("ix_runs_kept", ["finished_at"], False, kept),
        ("ix_runs_asked_by_id_id", ["asked_by_id", "id"], False, None),
    ):
        op.create_index(name, "runs", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _no_runs():
    op.drop_table("runs")


# --- the annual report and its versions (E) -----------------------------------------------------------------


def _annual():
    op.create_table('press_briefings',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('agency_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('host', sa.String(length=200), nullable=False),
        sa.Column('speaker', sa.String(length=200), nullable=False),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.Column('link', sa.String(length=500), nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recorded_by_id', sa.Integer(), nullable=False),
        sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('withdrawn_reason', sa.Text(), nullable=False),
        sa.CheckConstraint("title <> '' AND evidence <> ''", name=op.f('ck_press_briefings_told_with_evidence')),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason = '')", name=op.f('ck_press_briefings_withdrawn_with_reason')),
        sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_press_briefings_agency_id')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['people.id'], name=op.f('fk_press_briefings_recorded_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_press_briefings'))
    )
    op.create_index('ix_press_briefings_agency_id_held_at_id', 'press_briefings', ['agency_id', 'held_at', 'id'])
    op.create_index('ix_press_briefings_held_at_id', 'press_briefings', ['held_at', 'id'])
    op.create_table('annual_reports',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('agency_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_annual_reports_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_annual_reports')),
        sa.UniqueConstraint('year', 'agency_id', name=op.f('uq_annual_reports_year_agency_id'))
    )
    op.create_table('annual_texts',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('difficulties', sa.Text(), nullable=False),
        sa.Column('proposals', sa.Text(), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('author_title', sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(['report_id'], ['annual_reports.id'], name=op.f('fk_annual_texts_report_id')),
        sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_annual_texts_author_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_annual_texts')),
        sa.UniqueConstraint('report_id', 'number', name=op.f('uq_annual_texts_report_id_number'))
    )
    op.create_table('annual_versions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('report_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('text_id', sa.Integer(), nullable=True),
        sa.Column('figures', _json(), nullable=False),
        sa.Column('cases', _json(), nullable=False),
        sa.Column('fixed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('fixed_by_id', sa.Integer(), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('paper_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['report_id'], ['annual_reports.id'], name=op.f('fk_annual_versions_report_id')),
        sa.ForeignKeyConstraint(['text_id'], ['annual_texts.id'], name=op.f('fk_annual_versions_text_id')),
        sa.ForeignKeyConstraint(['fixed_by_id'], ['people.id'], name=op.f('fk_annual_versions_fixed_by_id')),
        sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_annual_versions_paper_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_annual_versions')),
        sa.UniqueConstraint('report_id', 'number', name=op.f('uq_annual_versions_report_id_number'))
    )


def _no_annual():
    op.drop_table('annual_versions')
    op.drop_table('annual_texts')
    op.drop_table('annual_reports')
    op.drop_table('press_briefings')


# --- what came in from Excel (F, G) -------------------------------------------------------------------------


def _imports():
    _imported_files()
    _remembered_names()
    _ledger_entries()


def _imported_files():
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("stored_name", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("about_file", sa.Text(), nullable=False),
        sa.Column("sheets", _json(), nullable=False),
        sa.Column("sheet", sa.String(length=200), nullable=False),
        sa.Column("head_row", sa.Integer(), nullable=True),
        sa.Column("heads", _json(), nullable=False),
        sa.Column("columns", _json(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "judging",
                "judged",
                "writing",
                "done",
                "dropped",
                name="importstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("counts", _json(), nullable=False),
        sa.Column("unknown", _json(), nullable=False),
        sa.Column("chosen", _json(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'done' OR finished_at IS NOT NULL", name=op.f("ck_imports_done_at_a_moment")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_imports_agency_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_imports_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_agency_id_id"), "imports", ["agency_id", "id"], unique=False)
    op.create_index(op.f("ix_imports_by_id"), "imports", ["by_id"], unique=False)
    op.create_index(op.f("ix_imports_created_at"), "imports", ["created_at"], unique=False)
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "new",
                "changed",
                "unchanged",
                "doubtful",
                "rejected",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", _json(), nullable=False),
        sa.Column("changes", _json(), nullable=False),
        sa.Column("cells", _json(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("written", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_rows")),
    )
    op.create_index(
        op.f("ix_import_rows_import_id_verdict_number"), "import_rows", ["import_id", "verdict", "number"], unique=False
    )


def _remembered_names():
    op.create_table(
        "import_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("typed_key", sa.String(length=300), nullable=False),
        sa.Column("meant_id", sa.Integer(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_import_names_agency_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_import_names_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_names")),
        sa.UniqueConstraint("agency_id", "what", "typed_key", name=op.f("uq_import_names_agency_id_what_typed_key")),
    )
    op.create_table(
        "import_columns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("heads_digest", sa.String(length=64), nullable=False),
        sa.Column("columns", _json(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_import_columns_agency_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_import_columns_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_columns")),
        sa.UniqueConstraint(
            "agency_id", "kind", "heads_digest", name=op.f("uq_import_columns_agency_id_kind_heads_digest")
        ),
    )


def _ledger_entries():
    op.create_table(
        "inquiry_ledger_entries",
        sa.Column("inquiry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("likeness", sa.String(length=64), nullable=False),
        sa.Column("speaker", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_inquiry_ledger_entries_agency_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_ledger_entries_inquiry_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name=op.f("fk_inquiry_ledger_entries_taken_by_id")),
        sa.PrimaryKeyConstraint("inquiry_id", name=op.f("pk_inquiry_ledger_entries")),
    )
    op.create_index(
        op.f("ix_inquiry_ledger_entries_agency_id_likeness"),
        "inquiry_ledger_entries",
        ["agency_id", "likeness"],
        unique=False,
    )
    op.create_index(
        "uq_inquiry_ledger_entries_number",
        "inquiry_ledger_entries",
        ["agency_id", "year", "number_key"],
        unique=True,
        sqlite_where=sa.text("number_key <> ''"),
        postgresql_where=sa.text("number_key <> ''"),
    )


def _no_imports():
    op.drop_table("inquiry_ledger_entries")
    op.drop_table("import_columns")
    op.drop_table("import_names")
    op.drop_table("import_rows")
    op.drop_table("imports")
