"""Who may speak, what was approved, what the press made of it: register, authorisations, seals, boxes, statements.

Written by hand, one function for each feature. A column is added as it is (SQLite would copy the whole table for
more); a CHECK that changes goes through batch mode.

Revision ID: 0003
Revises: 0002
"""

from datetime import timezone
import hashlib

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
    'inquiry:responsible:change',
    'inquiry:answer:reuse', 'inquiry:statement:keep', 'inquiry:statement:keep_out', 'inquiry:voice:replace',
    'inquiry:voice:agree',
    'inquiry:article:add', 'inquiry:article:correct', 'inquiry:article:judge', 'inquiry:article:withdraw',
    'inquiry:letter:draft', 'inquiry:letter:return', 'inquiry:letter:approve', 'inquiry:letter:drop',
    'inquiry:letter:send', 'inquiry:letter:receive', 'inquiry:letter:outcome', 'inquiry:letter:relay',
    'inquiry:coordination:ask_again', 'inquiry:coordination:ask_back', 'inquiry:part:draft', 'inquiry:part:submit',
    'inquiry:part:return', 'inquiry:coordination:correct', 'inquiry:answer:merge',
    'inquiry:answer:drop_source',
    'inquiry:incident:join', 'inquiry:incident:leave', 'inquiry:incident:inform',
    'inquiry:answer:endorse', 'inquiry:answer:reopen', 'inquiry:sensitive:mark',
    'inquiry:authority:give', 'inquiry:authority:revoke', 'inquiry:authority:end',
)
NOTICE_KINDS_0002 = (
    'reminder:before', 'reminder:last_day', 'late:1', 'late:2', 'late:3', 'digest', 'urged', 'clock:moved',
    'clock:paused', 'clock:resumed', 'extension:asked', 'extension:granted', 'extension:declined', 'case:assigned',
    'case:take_over_asked', 'case:take_over_declined', 'case:coordination_asked', 'case:coordination_sent',
    'case:submitted', 'case:returned', 'case:approved', 'case:released', 'case:refused', 'case:withdrawn',
    'case:commented', 'duty:opened', 'duty:done', 'substitute:named',
)
NOTICE_KINDS_0003 = (
    'case:new_head',
    'press:soon', 'press:late', 'article:wrong', 'letter:written', 'letter:returned', 'letter:approved',
    'statement:ends', 'statement:replaced',
    'part:submitted', 'part:returned', 'part:approved', 'part:corrected', 'part:asked_back',
    'incident:opened', 'incident:joined', 'incident:left', 'incident:submitted', 'incident:returned',
    'incident:approved', 'incident:released', 'incident:on_call', 'incident:task', 'incident:closed',
    'case:province_asked', 'case:seal_voided',
    'authority:given', 'authority:ending', 'authority:ended', 'authority:revoked',
)


def upgrade():
    _words()
    _files()
    _register()
    _incidents()
    _authority()
    _seal()
    _articles()
    _parts()
    _statements()


def downgrade():
    _refuse_to_lose()
    _no_statements()
    _no_parts()
    _no_articles()
    _no_seal()
    _no_authority()
    _no_incidents()
    _no_register()
    _no_files()
    _no_words()


# What only this version writes: an act on a case, a matter of its own, something set or changed in the register.
WRITTEN_SINCE = (
    ("inquiry_history", "actor_title IS NOT NULL"),
    ("incident_numbers", "1 = 1"),
    ("authorisations", "1 = 1"),
    ("kept_files", "1 = 1"),
    ("statements", "version > 1 OR draft_id IS NULL OR link <> '' OR valid_until IS NOT NULL"),
    ("head_tenures", "changed_at IS NOT NULL OR from_at IS NOT NULL"),
    ("spokesperson_decisions", "changed_at IS NOT NULL OR ended_at IS NOT NULL"),
    ("agencies", "second_approval"),
)


def _refuse_to_lose():
    """The way back is open until somebody works with this version; nothing of the record is thrown away."""
    for table, since in WRITTEN_SINCE:
        if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {since} LIMIT 1")):
            raise RuntimeError(
                f"nothing was changed: going back to 0002 would lose what has been recorded since the upgrade "
                f"(in {table}); restore the backup made before the upgrade instead"
            )


def _codes(name, *codes):
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _refer(table, column, to):
    """An empty column that points at a table, its key in the same breath: SQLite would copy the whole table else."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT fk_{table}_{column} REFERENCES {to} (id)")


def _add_checked(table, column, name, condition):
    """An empty moment with a CHECK that may name columns that are there already."""
    kind = "TIMESTAMP WITH TIME ZONE" if op.get_bind().dialect.name == "postgresql" else "DATETIME"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT ck_{table}_{name} CHECK ({condition})")


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


def _code_column(table_name, column, name, *codes):
    """A column with its CHECK inline, so that SQLite need not copy the table."""
    known = ", ".join(f"'{code}'" for code in codes)
    check = f"CONSTRAINT {op.f(f'ck_{table_name}_{name}')} CHECK ({column} IN ({known}))"
    op.execute(f"ALTER TABLE {table_name} ADD COLUMN {column} VARCHAR(40) {check}")


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
    op.create_table(
        "head_tenures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "from_at IS NULL OR until_at IS NULL OR from_at <= until_at", name=op.f("ck_head_tenures_from_before_until")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_head_tenures_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_head_tenures_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head_tenures")),
    )
    present = sa.text("until_at IS NULL")
    op.create_index(
        "uq_head_tenures_present", "head_tenures", ["agency_id"], unique=True,
        sqlite_where=present, postgresql_where=present,
    )
    op.create_index("ix_head_tenures_agency_id_until_at", "head_tenures", ["agency_id", "until_at"])
    op.create_index("ix_head_tenures_person_id", "head_tenures", ["person_id"])
    op.execute(
        "INSERT INTO head_tenures (agency_id, person_id, title) "
        "SELECT a.id, p.id, p.title FROM agencies a JOIN people p ON p.id = a.head_id"
    )
    _refer("spokesperson_decisions", "person_id", "people")
    _refer("spokesperson_decisions", "scan_id", "kept_files")
    _refer("spokesperson_decisions", "replaced_by_id", "spokesperson_decisions")
    _refer("spokesperson_decisions", "ended_by_id", "people")
    op.add_column("spokesperson_decisions", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("spokesperson_decisions", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("spokesperson_decisions", sa.Column("end_number", sa.String(60), server_default="", nullable=False))
    op.add_column("spokesperson_decisions", sa.Column("end_reason", sa.Text(), server_default="", nullable=False))
    _add_checked(
        "spokesperson_decisions", "ended_at", "ended_with_a_paper",
        "ended_at IS NULL OR (ended_at >= decided_at AND end_number <> '' "
        "AND (end_reason <> '' OR replaced_by_id IS NOT NULL))",
    )
    op.create_index("ix_spokesperson_decisions_person_id", "spokesperson_decisions", ["person_id"])
    op.execute(
        "UPDATE spokesperson_decisions SET person_id = "
        "(SELECT MIN(p.id) FROM people p WHERE lower(p.email) = lower(spokesperson_decisions.email))"
    )


def _no_register():
    op.drop_index("ix_spokesperson_decisions_person_id", "spokesperson_decisions")
    for column in ("ended_at", "end_reason", "end_number", "changed_at", "version"):
        op.drop_column("spokesperson_decisions", column)
    for column in ("ended_by_id", "replaced_by_id", "scan_id", "person_id"):
        op.drop_column("spokesperson_decisions", column)
    op.drop_table("head_tenures")


# --- authorisations and the right of a speaker (B) ----------------------------------------------------------


def _authority():
    at = sa.DateTime(timezone=True)
    op.create_table(
        "authorisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_agency_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("matter_code", sa.String(length=40), nullable=False),
        sa.Column("matter_title", sa.String(length=300), nullable=False),
        sa.Column("matter_words", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("from_at", at, nullable=False),
        sa.Column("until_at", at, nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=True),
        sa.Column("shown_publicly", sa.Boolean(), nullable=False),
        sa.Column("prepared_at", at, nullable=False),
        sa.Column("prepared_by_id", sa.Integer(), nullable=False),
        sa.Column("granted_at", at, nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", at, nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=False),
        sa.Column("remind_at", at, nullable=True),
        sa.Column("told_at", at, nullable=True),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_authorisations_{name}"))
            for name, condition in (
                ("one_matter", "(inquiry_id IS NULL) <> (incident_id IS NULL)"),
                ("ends_after_it_begins", "until_at > from_at"),
                ("not_for_oneself", "person_id <> giver_id"),
                ("granted_in_writing", "granted_at IS NULL OR (number <> '' AND signed_on IS NOT NULL)"),
                ("granted_by_somebody", "(granted_at IS NULL) = (granted_by_id IS NULL)"),
                ("revoked_with_reason", "revoked_at IS NULL OR revoke_reason <> ''"),
            )
        ),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_authorisations_{column}"))
            for column, table in (
                ("agency_id", "agencies"),
                ("giver_id", "people"),
                ("person_id", "people"),
                ("person_agency_id", "agencies"),
                ("inquiry_id", "inquiries"),
                ("incident_id", "incidents"),
                ("scan_id", "kept_files"),
                ("prepared_by_id", "people"),
                ("granted_by_id", "people"),
                ("revoked_by_id", "people"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisations")),
    )
    for columns in (
        ["inquiry_id", "person_id"], ["incident_id", "person_id"], ["person_id", "until_at"],
        ["agency_id", "until_at", "id"],
    ):
        op.create_index(f"ix_authorisations_{'_'.join(columns)}", "authorisations", columns)
    waiting = sa.text("told_at IS NULL")
    op.create_index(
        "ix_authorisations_to_end", "authorisations", ["until_at", "id"],
        sqlite_where=waiting, postgresql_where=waiting,
    )
    op.add_column("inquiries", sa.Column("speaker_right", JSON, nullable=True))


def _no_authority():
    op.drop_column("inquiries", "speaker_right")
    op.drop_table("authorisations")


# --- sealed approval and refusals (C) -----------------------------------------------------------------------


def _seal():
    op.add_column("agencies", sa.Column("second_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
    _code_column("inquiries", "review_step", "reviewstep", "agency", "province")
    op.execute("UPDATE inquiries SET review_step = 'agency' WHERE status = 'in_review'")
    _code_column("inquiry_drafts", "ground", "refusalground", *GROUNDS)
    op.add_column("inquiry_drafts", sa.Column("text_digest", sa.String(length=64), server_default="", nullable=False))
    op.execute("UPDATE inquiry_drafts SET text_digest = digest")  # until now a version was its text alone
    op.create_table(
        "inquiry_draft_files",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["inquiry_drafts.id"], name=op.f("fk_inquiry_draft_files_draft_id")),
        sa.ForeignKeyConstraint(["attachment_id"], ["inquiry_attachments.id"], name=op.f("fk_inquiry_draft_files_attachment_id")),
        sa.PrimaryKeyConstraint("draft_id", "attachment_id", name=op.f("pk_inquiry_draft_files")),
    )
    op.create_index(op.f("ix_inquiry_draft_files_attachment_id"), "inquiry_draft_files", ["attachment_id"])
    _reviews_become_seals()


GROUNDS = ("secret", "investigation", "unconcluded", "draft_policy")
# An approval whose version is no longer the approved one fell with its return, or with the next version.
VOIDED = """
UPDATE inquiry_reviews SET void_reason = 'not_followed', voided_at = COALESCE(
    (SELECT MIN(sent_back.at) FROM inquiry_reviews sent_back
     WHERE sent_back.draft_id = inquiry_reviews.draft_id AND NOT sent_back.approved AND sent_back.at >= inquiry_reviews.at),
    (SELECT MIN(later.saved_at) FROM inquiry_drafts own JOIN inquiry_drafts later
     ON later.inquiry_id = own.inquiry_id AND later.number > own.number WHERE own.id = inquiry_reviews.draft_id),
    inquiry_reviews.at)
WHERE approved AND (
    draft_id NOT IN (SELECT approved_draft_id FROM inquiries WHERE approved_draft_id IS NOT NULL)
    OR EXISTS (SELECT 1 FROM inquiry_reviews newer WHERE newer.approved
               AND newer.draft_id = inquiry_reviews.draft_id AND newer.id > inquiry_reviews.id))
"""


def _reviews_become_seals():
    """Each review learns its step, the title of whoever gave it (today's: no other is known) and what it was of."""
    _code_column("inquiry_reviews", "step", "reviewstep", "agency", "province")
    _code_column("inquiry_reviews", "void_reason", "voidreason", "new_version", "returned", "not_followed")
    for column in (
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=True),
        sa.Column("authority", JSON, nullable=True),
        sa.Column("authorisation_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("inquiry_reviews", column)
    op.execute(
        "UPDATE inquiry_reviews SET step = 'agency', alone = false, "
        "digest = (SELECT digest FROM inquiry_drafts WHERE inquiry_drafts.id = inquiry_reviews.draft_id), "
        "title = (SELECT title FROM people WHERE people.id = inquiry_reviews.reviewer_id)"
    )
    op.execute(VOIDED)
    with op.batch_alter_table("inquiry_reviews") as table:
        for name, kind in (("step", sa.String(40)), ("digest", sa.String(64)), ("title", sa.String(120))):
            table.alter_column(name, existing_type=kind, nullable=False)
        table.alter_column("alone", existing_type=sa.Boolean(), nullable=False)
        table.create_check_constraint(
            op.f("ck_inquiry_reviews_voided_with_reason"), "(voided_at IS NULL) = (void_reason IS NULL)"
        )
        table.create_check_constraint(op.f("ck_inquiry_reviews_only_a_seal_is_voided"), "approved OR voided_at IS NULL")
    seals = sa.text("approved AND voided_at IS NULL")
    where = {"sqlite_where": seals, "postgresql_where": seals}
    op.create_index("uq_inquiry_reviews_one_seal", "inquiry_reviews", ["draft_id", "step"], unique=True, **where)


def _no_seal():
    op.drop_index("uq_inquiry_reviews_one_seal", "inquiry_reviews")
    with op.batch_alter_table("inquiry_reviews") as table:
        for name in ("voided_with_reason", "only_a_seal_is_voided", "voidreason", "reviewstep"):
            table.drop_constraint(op.f(f"ck_inquiry_reviews_{name}"), type_="check")
        for name in ("void_reason", "voided_at", "authorisation_id", "authority", "alone", "title", "digest", "step"):
            table.drop_column(name)
    op.drop_table("inquiry_draft_files")
    for table_name, names in (("inquiry_drafts", ("text_digest", "ground")), ("inquiries", ("review_step",))):
        for name in names:
            op.drop_column(table_name, name)
    op.drop_column("agencies", "second_approval")


# --- articles and letters to the press (D) ------------------------------------------------------------------


def _articles():
    op.add_column("inquiries", sa.Column("answer_states", JSON, nullable=True))
    op.create_table(
        "inquiry_articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("clipping_id", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=False),
        sa.Column("verdict", _codes("verdict", "unjudged", "right", "wrong", "not_used"), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict <> 'wrong' OR passage <> ''", name=op.f("ck_inquiry_articles_wrong_words_named")),
        sa.CheckConstraint("(verdict = 'unjudged') = (judged_at IS NULL)", name=op.f("ck_inquiry_articles_judged_at_a_moment")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_reason <> ''", name=op.f("ck_inquiry_articles_withdrawn_with_reason")),
        *_referring("inquiry_articles", inquiry_id="inquiries", outlet_id="outlets", draft_id="inquiry_drafts",
                clipping_id="inquiry_attachments", found_by_id="people", judged_by_id="people", withdrawn_by_id="people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_articles")),
    )
    stands = _stands_where("withdrawn_at IS NULL")
    op.create_index(op.f("ix_inquiry_articles_inquiry_id_id"), "inquiry_articles", ["inquiry_id", "id"])
    op.create_index("ix_inquiry_articles_published", "inquiry_articles", ["published_on", "id"], **stands)
    for name in ("outlet", "verdict"):
        column = {"outlet": "outlet_id"}.get(name, name)
        op.create_index(f"ix_inquiry_articles_{name}", "inquiry_articles", [column, "published_on", "id"], **stands)
    op.create_index("uq_inquiry_articles_url", "inquiry_articles", ["inquiry_id", "url"], unique=True,
                    **_stands_where("withdrawn_at IS NULL AND url <> ''"))
    _press_letters()


def _press_letters():
    table = "inquiry_press_letters"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("kind", _codes("letterkind", "feedback", "correction", "relay", "answer_us"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("text", "passage", "right", "proof", "conclusion")),
        sa.Column("asks", JSON, nullable=False),
        sa.Column("pace", _codes("outletpace", "daily", "online", "weekly", "magazine", "slow_magazine"), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("returned_reason", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_title", sa.String(length=120), nullable=False),
        sa.Column("authority", JSON, nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_reason", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by_way", _codes("sendingway", "network", "email", "post", "in_person"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock", JSON, nullable=True),
        sa.Column("clock_version", sa.String(length=80), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("due_at", "ends_at", "next_reminder_at")),
        sa.Column("outcome", _codes("outcome", "published", "insufficient", "refused", "closed"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.String(length=500), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in _LETTER_RULES.items()),
        *_referring(table, inquiry_id="inquiries", article_id="inquiry_articles", outlet_id="outlets",
                drafted_by_id="people", approved_by_id="people", evidence_id="inquiry_attachments"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"uq_{table}_round", table, ["article_id", "kind", "round"], unique=True,
                    **_stands_where("article_id IS NOT NULL AND dropped_at IS NULL"))
    op.create_index(f"uq_{table}_case_round", table, ["inquiry_id", "kind", "round"], unique=True,
                    **_stands_where("article_id IS NULL AND dropped_at IS NULL"))
    op.create_index(op.f(f"ix_{table}_inquiry_id_id"), table, ["inquiry_id", "id"])
    op.create_index(f"ix_{table}_open", table, ["ends_at", "id"], **_stands_where("received_at IS NOT NULL AND outcome IS NULL"))
    op.create_index(f"ix_{table}_next_reminder", table, ["next_reminder_at", "id"], **_stands_where("next_reminder_at IS NOT NULL"))
    op.create_index(f"ix_{table}_waiting", table, ["drafted_at", "id"],
                    **_stands_where("received_at IS NULL AND outcome IS NULL AND dropped_at IS NULL"))
    for name in ("sent", "closed"):
        op.create_index(f"ix_{table}_{name}", table, [f"{name}_at", "id"], **_stands_where(f"{name}_at IS NOT NULL"))
    op.create_index(f"ix_{table}_drafted", table, ["drafted_at", "id"])
    op.create_index(f"ix_{table}_outlet", table, ["outlet_id", "id"])


_LETTER_RULES = {
    "round_positive": "round > 0",
    "approved_by_a_second_person": "kind = 'relay' OR approved_by_id <> drafted_by_id",
    "approved_by_somebody": "(approved_at IS NULL) = (approved_by_id IS NULL)",
    "sent_approved_with_number": "sent_at IS NULL OR (approved_at IS NOT NULL AND number <> '' AND dated_on IS NOT NULL)",
    "received_after_sent": "received_at IS NULL OR (sent_at IS NOT NULL AND received_at >= sent_at)",
    "outcome_of_what_was_sent": "outcome IS NULL OR sent_at IS NOT NULL",
    "closed_with_outcome": "(outcome IS NULL) = (closed_at IS NULL)",
    "published_at_a_moment": "outcome IS NULL OR outcome NOT IN ('published', 'insufficient') OR published_at IS NOT NULL",
    "dropped_unsent": "dropped_at IS NULL OR (sent_at IS NULL AND dropped_reason <> '')",
}


def _referring(table, **columns):
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _stands_where(condition):
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _no_articles():
    op.drop_table("inquiry_press_letters")
    op.drop_table("inquiry_articles")
    op.drop_column("inquiries", "answer_states")


# --- the boxes of coordinating agencies (E) -----------------------------------------------------------------


def _parts():
    _contributions()
    _rounds()
    op.execute(  # with its CHECK in the same breath, which SQLite takes only so
        "ALTER TABLE inquiry_participations ADD COLUMN box VARCHAR(40) CONSTRAINT ck_inquiry_participations_boxstate"
        " CHECK (box IN ('asked', 'drafting', 'submitted', 'returned', 'sent', 'asked_back'))"
    )
    op.add_column(
        "inquiry_participations", sa.Column("box_version", sa.Integer(), server_default="1", nullable=False)
    )
    op.create_index(
        op.f("ix_inquiry_participations_inquiry_id_part"), "inquiry_participations", ["inquiry_id", "part"]
    )
    _parts_into_boxes()
    op.drop_column("inquiry_participations", "input_text")


def _contributions():
    moments = ("submitted_at", "approved_at", "superseded_at", "returned_at")
    checks = {
        "number_positive": "number > 0",
        "with_words": "text <> ''",
        "approved_by_somebody": "(approved_at IS NULL) = (approved_by_id IS NULL)",
        "returned_by_somebody": "(returned_at IS NULL) = (returned_by_id IS NULL)",
        "returned_with_reason": "returned_at IS NULL OR return_reason <> ''",
        "approved_or_returned": "approved_at IS NULL OR returned_at IS NULL",
        "submitted_first": "approved_at IS NULL OR submitted_at IS NOT NULL",
        "superseded_once_approved": "superseded_at IS NULL OR approved_at IS NOT NULL",
        "approved_by_another_or_recorded": "approved_by_id IS NULL OR approved_by_id <> author_id OR alone OR from_before",
    }
    name = "inquiry_contributions"
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(moment, sa.DateTime(timezone=True), nullable=True) for moment in moments),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_title", sa.String(length=120), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("from_before", sa.Boolean(), nullable=False),
        sa.Column("returned_by_id", sa.Integer(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        *(sa.CheckConstraint(check, name=op.f(f"ck_{name}_{key}")) for key, check in checks.items()),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["inquiry_participations.id"], name=op.f(f"fk_{name}_participation_id")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["people.id"], name=op.f(f"fk_{name}_{column}"))
            for column in ("author_id", "approved_by_id", "returned_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("participation_id", "number", name=op.f(f"uq_{name}_participation_id_number")),
    )
    current = sa.text("approved_at IS NOT NULL AND superseded_at IS NULL")
    op.create_index(
        f"uq_{name}_current", name, ["participation_id"], unique=True, sqlite_where=current, postgresql_where=current
    )
    op.create_table(
        "inquiry_contribution_files",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], [f"{name}.id"], name=op.f("fk_inquiry_contribution_files_contribution_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["kept_files.id"], name=op.f("fk_inquiry_contribution_files_file_id")),
        sa.PrimaryKeyConstraint("contribution_id", "file_id", name=op.f("pk_inquiry_contribution_files")),
    )
    _draft_sources()


def _draft_sources():
    name = "inquiry_draft_sources"
    refers = {
        "draft_id": "inquiry_drafts", "contribution_id": "inquiry_contributions", "added_by_id": "people",
        "dropped_by_id": "people",
    }
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("dropped_from", sa.Integer(), nullable=True),
        sa.Column("dropped_by_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, table in refers.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_draft_id"), name, ["draft_id"])
    used = sa.text("dropped_from IS NULL")
    op.create_index(
        f"uq_{name}_used", name, ["contribution_id"], unique=True, sqlite_where=used, postgresql_where=used
    )


def _rounds():
    name = "inquiry_part_rounds"
    refers = {
        "participation_id": "inquiry_participations", "asked_by_id": "people", "back_to_id": "inquiry_contributions",
    }
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questions", JSON, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("back_to_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        *(
            sa.Column(moment, sa.DateTime(timezone=True), nullable=True)
            for moment in ("due_at", "ends_at", "answered_at")
        ),
        sa.CheckConstraint("number > 0", name=op.f(f"ck_{name}_number_positive")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{name}_{column}"))
            for column, table in refers.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("participation_id", "number", name=op.f(f"uq_{name}_participation_id_number")),
    )


def _parts_into_boxes():
    """What agencies were asked is their first round; what they sent is their first version, marked as from before."""
    parts = sa.table(
        "inquiry_participations",
        *(sa.column(name) for name in ("id", "part", "box", "task", "input_text", "added_by_id", "sent_by_id")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("added_at", "sent_at")),
    )
    people = sa.table("people", sa.column("id"), sa.column("title"))
    columns = ("participation_id", "number", "text", "digest", "author_id", "approved_by_id", "approved_title")
    sent = sa.table(
        "inquiry_contributions",
        *(sa.column(name) for name in (*columns, "alone", "from_before", "return_reason")),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("saved_at", "submitted_at", "approved_at")),
    )
    rounds = sa.table(
        "inquiry_part_rounds",
        *(sa.column(name) for name in ("participation_id", "number", "note", "asked_by_id")),
        sa.column("questions", JSON),
        sa.column("asked_at", sa.DateTime(timezone=True)),
    )
    connection = op.get_bind()
    query = sa.select(parts, people.c.title).outerjoin(people, people.c.id == parts.c.sent_by_id)
    for row in connection.execute(query.where(parts.c.part == "coordinating")).all():
        is_sent = row.sent_at is not None and bool(row.input_text.strip()) and row.sent_by_id is not None
        state = "sent" if is_sent else "asked"
        connection.execute(sa.update(parts).where(parts.c.id == row.id).values(box=state))
        asked = [line.strip() for line in row.task.split("\n") if line.strip()] or [row.task]
        about = {"participation_id": row.id, "number": 1}
        connection.execute(
            sa.insert(rounds).values(
                **about, questions=asked, note="", asked_at=row.added_at, asked_by_id=row.added_by_id
            )
        )
        if not is_sent:
            continue
        by = {"author_id": row.sent_by_id, "approved_by_id": row.sent_by_id, "approved_title": row.title or ""}
        at = dict.fromkeys(("saved_at", "submitted_at", "approved_at"), row.sent_at)
        digest = hashlib.sha256(row.input_text.encode()).hexdigest()
        words = {"text": row.input_text, "digest": digest, "return_reason": "", "alone": False, "from_before": True}
        connection.execute(sa.insert(sent).values(**about, **words, **by, **at))


def _no_parts():
    op.add_column("inquiry_participations", sa.Column("input_text", sa.Text(), server_default="", nullable=False))
    op.execute(
        "UPDATE inquiry_participations SET input_text = COALESCE((SELECT text FROM inquiry_contributions c"
        " WHERE c.participation_id = inquiry_participations.id AND c.approved_at IS NOT NULL"
        " AND c.superseded_at IS NULL), '')"
    )
    for table in (
        "inquiry_draft_sources", "inquiry_part_rounds", "inquiry_contribution_files", "inquiry_contributions",
    ):
        op.drop_table(table)
    op.drop_index(op.f("ix_inquiry_participations_inquiry_id_part"), "inquiry_participations")
    for column in ("box_version", "box"):
        op.drop_column("inquiry_participations", column)
    with op.batch_alter_table("inquiry_participations") as table:
        table.alter_column("input_text", server_default=None)


# --- cleared statements (F) ---------------------------------------------------------------------------------


STATEMENT_SEARCH_SQLITE = (
    "CREATE VIRTUAL TABLE statement_search_index USING fts5"
    "(folded, content='statements', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER statement_search_added AFTER INSERT ON statements BEGIN "
    "INSERT INTO statement_search_index(rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER statement_search_changed AFTER UPDATE OF folded ON statements BEGIN "
    "INSERT INTO statement_search_index(statement_search_index, rowid, folded) "
    "VALUES ('delete', old.id, old.folded); "
    "INSERT INTO statement_search_index(rowid, folded) VALUES (new.id, new.folded); END",
)
STATEMENT_SEARCH_POSTGRESQL = (
    "CREATE INDEX ix_statements_folded ON statements USING gin (folded gin_trgm_ops)",
)
ANSWER_FORMS = ("press_conference", "portal", "interview", "written", "briefing")


def _statements():
    op.create_table(
        "statement_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_statement_numbers")),
    )
    _statement_table()
    stands = sa.text("superseded_by_id IS NULL AND withdrawn_at IS NULL")
    op.create_index("ix_statements_said", "statements", ["said_at", "id"])
    op.create_index("ix_statements_agency", "statements", ["agency_id", "said_at", "id"])
    op.create_index(
        "ix_statements_ending", "statements", ["valid_until", "id"], sqlite_where=stands, postgresql_where=stands
    )
    for column in ("inquiry_id", "incident_id", "superseded_by_id"):
        op.create_index(op.f(f"ix_statements_{column}"), "statements", [column])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in STATEMENT_SEARCH_SQLITE if on_sqlite else STATEMENT_SEARCH_POSTGRESQL:
        op.execute(statement)
    _statement_terms()
    _answers_become_statements()


def _statement_table():
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("incident_id", sa.Integer(), nullable=True),
        sa.Column("form", _codes("answerform", *ANSWER_FORMS), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_by", sa.String(length=500), nullable=False),
        sa.Column("right", JSON, nullable=True),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_by_id", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("told_ending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        *_statement_checks(),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_statements_agency_id")),
        sa.ForeignKeyConstraint(["cleared_by_id"], ["people.id"], name=op.f("fk_statements_cleared_by_id")),
        sa.ForeignKeyConstraint(["draft_id"], ["inquiry_drafts.id"], name=op.f("fk_statements_draft_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_statements_incident_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_statements_inquiry_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["statements.id"], name=op.f("fk_statements_superseded_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["people.id"], name=op.f("fk_statements_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_statements_draft_id")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_statements_year_number")),
    )


def _statement_checks():
    rules = {
        "number_positive": "number > 0",
        "not_in_its_own_place": "superseded_by_id IS NULL OR superseded_by_id <> id",
        "superseded_at_a_moment": "(superseded_by_id IS NULL) = (superseded_at IS NULL)",
        "withdrawn_with_reason": "(withdrawn_at IS NULL) = (withdrawn_reason = '')",
        "withdrawn_by_somebody": "withdrawn_at IS NULL OR withdrawn_by_id IS NOT NULL",
        "of_one_matter": "inquiry_id IS NULL OR incident_id IS NULL",
        "answer_is_a_version": "(inquiry_id IS NULL) = (draft_id IS NULL)",
    }
    return [sa.CheckConstraint(rule, name=op.f(f"ck_statements_{name}")) for name, rule in rules.items()]


def _statement_terms():
    op.create_table(
        "statement_terms",
        sa.Column("term", sa.String(length=80), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_terms_statement_id")),
        sa.PrimaryKeyConstraint("term", "statement_id", name=op.f("pk_statement_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_statement_terms_statement_id"), "statement_terms", ["statement_id"])
    op.create_table(
        "statement_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["inquiry_drafts.id"], name=op.f("fk_statement_uses_draft_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_statement_uses_inquiry_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_uses_statement_id")),
        sa.ForeignKeyConstraint(["used_by_id"], ["people.id"], name=op.f("fk_statement_uses_used_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_uses")),
        sa.UniqueConstraint("statement_id", "draft_id", name=op.f("uq_statement_uses_statement_id_draft_id")),
    )
    for column in ("inquiry_id", "draft_id"):
        op.create_index(op.f(f"ix_statement_uses_{column}"), "statement_uses", [column])


ANSWERS = """
    SELECT i.id, i.subject, i.lead_agency_id, i.released_at, i.answer_form, d.id AS draft_id, d.text, d.digest,
           p.full_name, p.title, a.name AS agency
    FROM inquiries i
    JOIN inquiry_drafts d ON d.id = i.approved_draft_id
    JOIN people p ON p.id = i.speaker_id
    JOIN agencies a ON a.id = p.agency_id
    WHERE i.released_at IS NOT NULL AND i.refusal_ground IS NULL AND i.lead_agency_id IS NOT NULL
    ORDER BY i.released_at, i.id
"""


def _answers_become_statements():
    """Every answer given so far is in the library, in the order in which they were given; none has an end."""
    from pr_tracker.office_time import in_office
    from pr_tracker.statements.rules_likeness import Matter, terms_of
    from pr_tracker.text import fold, lower_nfc

    connection, last = op.get_bind(), {}
    moment, form = sa.DateTime(timezone=True), sa.String()
    query = sa.text(ANSWERS).columns(released_at=moment, answer_form=form)
    answers = connection.execute(query).all()
    statements = sa.table(
        "statements",
        *(sa.column(name) for name in ("id", "version", "year", "number", "topic", "text", "digest", "agency_id")),
        *(sa.column(name) for name in ("inquiry_id", "draft_id", "form", "said_by", "link", "withdrawn_reason")),
        *(sa.column(name) for name in ("folded", "exact")),
        *(sa.column(name, moment) for name in ("said_at", "cleared_at")),
    )
    terms = sa.table("statement_terms", *(sa.column(name) for name in ("term", "statement_id", "weight")))
    for answer in answers:
        said_at = answer.released_at if answer.released_at.tzinfo else answer.released_at.replace(tzinfo=timezone.utc)
        year = in_office(said_at).year
        last[year] = last.get(year, 0) + 1
        whole = f"PN-{year}-{last[year]:04} \n {answer.subject} \n {answer.text}"
        row = {
            "version": 1, "year": year, "number": last[year], "topic": answer.subject, "text": answer.text,
            "digest": answer.digest, "agency_id": answer.lead_agency_id, "inquiry_id": answer.id,
            "draft_id": answer.draft_id, "form": answer.answer_form, "said_at": answer.released_at,
            "said_by": ", ".join(filter(None, (answer.full_name, answer.title, answer.agency))), "link": "",
            "cleared_at": answer.released_at, "withdrawn_reason": "", "folded": fold(whole), "exact": lower_nfc(whole),
        }
        ident = connection.execute(sa.insert(statements).returning(statements.c.id), row).scalar_one()
        told = terms_of(Matter(answer.subject, answer.text))
        rows = [{"term": term[:80], "statement_id": ident, "weight": weight} for term, weight in told.items()]
        if rows:
            connection.execute(sa.insert(terms), rows)
    numbers = sa.table("statement_numbers", sa.column("year"), sa.column("last"))
    if last:
        connection.execute(sa.insert(numbers), [{"year": year, "last": number} for year, number in last.items()])


def _no_statements():
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE statement_search_index")
    for table in ("statement_uses", "statement_terms", "statements", "statement_numbers"):
        op.drop_table(table)


# --- incidents (G) ------------------------------------------------------------------------------------------


_ANSWER_FORMS = ("press_conference", "portal", "interview", "written", "briefing")
_INCIDENT_EVENTS = (
    'incident:open', 'incident:change', 'incident:determine', 'incident:inquiry:join', 'incident:inquiry:leave',
    'incident:agency:add', 'incident:agency:end', 'incident:statement:draft', 'incident:statement:submit',
    'incident:statement:return', 'incident:statement:approve', 'incident:statement:release', 'incident:shift:add',
    'incident:shift:end', 'incident:task:add', 'incident:task:done', 'incident:task:drop', 'incident:note',
    'incident:close', 'incident:reopen', 'incident:deadline:move', 'incident:chronology:print',
    'incident:authority:give', 'incident:authority:revoke',
)
_MOMENT = sa.DateTime(timezone=True)


def _key(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _incidents():
    _incident_itself()
    _incident_members()
    _incident_statements()
    _incident_roster()
    _refer("inquiries", "incident_id", "incidents")
    op.create_index(op.f("ix_inquiries_incident_id"), "inquiries", ["incident_id"])


def _incident_itself():
    op.create_table(
        "incident_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_incident_numbers")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("kind", _codes("incidentkind", "incident", "divided_opinion"), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("form_token", sa.String(length=32), nullable=True),
        sa.Column("happened_at", _MOMENT, nullable=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("determined_at", _MOMENT, nullable=True),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=True),
        sa.Column("clock_version", sa.String(length=80), nullable=True),
        sa.Column("clock", JSON, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("ends_at", _MOMENT, nullable=True),
        sa.Column("next_reminder_at", _MOMENT, nullable=True),
        sa.Column("informed_at", _MOMENT, nullable=True),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(started_at IS NULL) = (ends_at IS NULL)",
            name=op.f("ck_incidents_clock_from_its_start"),
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR closing_note <> ''",
            name=op.f("ck_incidents_closed_with_a_note"),
        ),
        sa.CheckConstraint(
            "number > 0",
            name=op.f("ck_incidents_number_positive"),
        ),
        sa.CheckConstraint(
            "happened_at IS NULL OR happened_at <= received_at",
            name=op.f("ck_incidents_received_after_it_happened"),
        ),
        sa.CheckConstraint(
            "kind <> 'divided_opinion' OR determined_at IS NOT NULL OR started_at IS NULL",
            name=op.f("ck_incidents_runs_when_determined"),
        ),
        _key("incidents", "agency_id", "agencies"),
        _key("incidents", "closed_by_id", "people"),
        _key("incidents", "opened_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("form_token", name=op.f("uq_incidents_form_token")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_incidents_year_number")),
    )
    op.create_index(op.f("ix_incidents_agency"), "incidents", ["agency_id", "opened_at", "id"])
    op.create_index(op.f("ix_incidents_closed"), "incidents", ["closed_at", "id"])
    op.create_index(
        "ix_incidents_next_reminder", "incidents", ["next_reminder_at", "id"],
        sqlite_where=sa.text("next_reminder_at IS NOT NULL"), postgresql_where=sa.text("next_reminder_at IS NOT NULL"),
    )
    op.create_index(
        "ix_incidents_open", "incidents", ["ends_at", "id"],
        sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(op.f("ix_incidents_opened"), "incidents", ["opened_at", "id"])


def _incident_members():
    op.create_table(
        "incident_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _key("incident_parts", "added_by_id", "people"),
        _key("incident_parts", "agency_id", "agencies"),
        _key("incident_parts", "incident_id", "incidents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_parts")),
    )
    op.create_index(op.f("ix_incident_parts_incident_id_id"), "incident_parts", ["incident_id", "id"])
    op.create_index(
        "uq_incident_parts_current", "incident_parts", ["agency_id", "incident_id"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "incident_inquiries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", _MOMENT, nullable=False),
        sa.Column("merged_by_id", sa.Integer(), nullable=False),
        sa.Column("unmerged_at", _MOMENT, nullable=True),
        sa.Column("unmerged_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(unmerged_at IS NULL) = (unmerged_by_id IS NULL)",
            name=op.f("ck_incident_inquiries_unmerged_by_somebody"),
        ),
        sa.CheckConstraint(
            "unmerged_at IS NULL OR reason <> ''",
            name=op.f("ck_incident_inquiries_unmerged_with_reason"),
        ),
        _key("incident_inquiries", "incident_id", "incidents"),
        _key("incident_inquiries", "inquiry_id", "inquiries"),
        _key("incident_inquiries", "merged_by_id", "people"),
        _key("incident_inquiries", "unmerged_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_inquiries")),
    )
    op.create_index(op.f("ix_incident_inquiries_incident_id_id"), "incident_inquiries", ["incident_id", "id"])
    op.create_index(
        "uq_incident_inquiries_one_at_once", "incident_inquiries", ["inquiry_id"], unique=True,
        sqlite_where=sa.text("unmerged_at IS NULL"), postgresql_where=sa.text("unmerged_at IS NULL"),
    )


def _incident_statements():
    op.create_table(
        "incident_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", _codes("statementstate", "drafting", "in_review", "returned", "approved", "released", "superseded"), nullable=False),
        sa.Column("review_step", _codes("reviewstep", "agency", "province"), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", _MOMENT, nullable=False),
        sa.Column("submitted_at", _MOMENT, nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", _MOMENT, nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("answer_form", _codes("answerform", *_ANSWER_FORMS), nullable=True),
        sa.Column("speaker_id", sa.Integer(), nullable=True),
        sa.Column("speaker_right", JSON, nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'in_review') = (review_step IS NOT NULL)",
            name=op.f("ck_incident_statements_awaits_a_step_in_review"),
        ),
        sa.CheckConstraint(
            "state <> 'released' OR evidence <> ''",
            name=op.f("ck_incident_statements_released_with_evidence"),
        ),
        sa.CheckConstraint(
            "(state = 'released') = (released_at IS NOT NULL AND answer_form IS NOT NULL AND speaker_id IS NOT NULL)",
            name=op.f("ck_incident_statements_released_with_time_form_speaker"),
        ),
        _key("incident_statements", "author_id", "people"),
        _key("incident_statements", "incident_id", "incidents"),
        _key("incident_statements", "released_by_id", "people"),
        _key("incident_statements", "speaker_id", "people"),
        _key("incident_statements", "submitted_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_statements")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_incident_statements_incident_id_number")),
    )
    op.create_table(
        "incident_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("step", _codes("reviewstep", "agency", "province"), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("authority", JSON, nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("voided_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "approved OR reason <> ''",
            name=op.f("ck_incident_reviews_return_with_reason"),
        ),
        _key("incident_reviews", "reviewer_id", "people"),
        _key("incident_reviews", "statement_id", "incident_statements"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_reviews")),
    )
    op.create_index(op.f("ix_incident_reviews_statement_id_id"), "incident_reviews", ["statement_id", "id"])
    op.create_index(
        "uq_incident_reviews_one_seal", "incident_reviews", ["statement_id", "step"], unique=True,
        sqlite_where=sa.text("approved AND voided_at IS NULL"), postgresql_where=sa.text("approved AND voided_at IS NULL"),
    )
    op.create_table(
        "incident_tellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("outlet_id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "NOT answers OR inquiry_id IS NOT NULL",
            name=op.f("ck_incident_tellings_answers_an_inquiry"),
        ),
        _key("incident_tellings", "inquiry_id", "inquiries"),
        _key("incident_tellings", "outlet_id", "outlets"),
        _key("incident_tellings", "statement_id", "incident_statements"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_tellings")),
    )
    op.create_index(op.f("ix_incident_tellings_statement_id_id"), "incident_tellings", ["statement_id", "id"])


def _incident_roster():
    op.create_table(
        "incident_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("task", sa.String(length=300), nullable=False),
        sa.Column("from_at", _MOMENT, nullable=False),
        sa.Column("until_at", _MOMENT, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "until_at > from_at",
            name=op.f("ck_incident_shifts_ends_after_it_begins"),
        ),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_id IS NULL)",
            name=op.f("ck_incident_shifts_removed_by_somebody"),
        ),
        _key("incident_shifts", "added_by_id", "people"),
        _key("incident_shifts", "incident_id", "incidents"),
        _key("incident_shifts", "person_id", "people"),
        _key("incident_shifts", "removed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_shifts")),
    )
    op.create_index(op.f("ix_incident_shifts_incident_id_from_at"), "incident_shifts", ["incident_id", "from_at"])
    op.create_index(op.f("ix_incident_shifts_person_id"), "incident_shifts", ["person_id"])
    op.create_table(
        "incident_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("dropped_at", _MOMENT, nullable=True),
        sa.Column("dropped_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "done_at IS NULL OR dropped_at IS NULL",
            name=op.f("ck_incident_tasks_done_or_dropped"),
        ),
        sa.CheckConstraint(
            "dropped_at IS NULL OR reason <> ''",
            name=op.f("ck_incident_tasks_dropped_with_reason"),
        ),
        _key("incident_tasks", "added_by_id", "people"),
        _key("incident_tasks", "done_by_id", "people"),
        _key("incident_tasks", "dropped_by_id", "people"),
        _key("incident_tasks", "incident_id", "incidents"),
        _key("incident_tasks", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_tasks")),
    )
    op.create_index(op.f("ix_incident_tasks_incident_id_due_at"), "incident_tasks", ["incident_id", "due_at"])
    op.create_index(op.f("ix_incident_tasks_person_id"), "incident_tasks", ["person_id"])
    op.create_table(
        "incident_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("occurred_at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_title", sa.String(length=120), nullable=True),
        sa.Column("actor_agency", sa.String(length=200), nullable=True),
        sa.Column("event", _codes("incidentevent", *_INCIDENT_EVENTS), nullable=False),
        sa.Column("data", JSON, nullable=False),
        _key("incident_entries", "actor_id", "people"),
        _key("incident_entries", "incident_id", "incidents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entries")),
    )
    op.create_index(op.f("ix_incident_entries_incident_id_occurred_at_id"), "incident_entries", ["incident_id", "occurred_at", "id"])


def _no_incidents():
    op.drop_index(op.f("ix_inquiries_incident_id"), "inquiries")
    op.drop_column("inquiries", "incident_id")
    for name in (
        "incident_entries", "incident_tasks", "incident_shifts", "incident_tellings", "incident_reviews",
        "incident_statements", "incident_inquiries", "incident_parts", "incidents", "incident_numbers",
    ):
        op.drop_table(name)
