"""Clocks nobody can argue with: rules and calendar as data, pauses, plans, notices, duties, substitutes.

Written by hand, one function for each feature. A column is added as it is (SQLite would copy the whole table for
more); a CHECK that changes goes through batch mode.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# What history could say before, and what it learns here.
EVENTS_0001 = (
    'inquiry:log', 'inquiry:change', 'inquiry:acknowledge', 'inquiry:assign', 'inquiry:officer:take',
    'inquiry:lead:take_over', 'inquiry:lead:ask', 'inquiry:lead:accept', 'inquiry:lead:decline',
    'inquiry:coordination:add', 'inquiry:coordination:end', 'inquiry:coordination:send', 'inquiry:watcher:add',
    'inquiry:watcher:end', 'inquiry:deadline:set', 'inquiry:answer:draft', 'inquiry:answer:submit',
    'inquiry:answer:return', 'inquiry:answer:approve', 'inquiry:answer:release', 'inquiry:refuse', 'inquiry:withdraw',
    'inquiry:close', 'inquiry:archive', 'inquiry:comment', 'inquiry:attachment:add', 'inquiry:attachment:download',
    'inquiry:export', 'inquiry:view:save', 'inquiry:view:remove',
)
EVENTS_0002 = (
    'inquiry:deadline:move', 'inquiry:clock:pause', 'inquiry:clock:resume', 'inquiry:extension:ask',
    'inquiry:extension:grant', 'inquiry:extension:decline', 'inquiry:urge',
)
CLOCK_KEYS = (
    'internal_reply', 'internal_input', 'incident_initial_info', 'divided_opinion_initial_info', 'answer_on_press',
    'forwarded_opinion_notice', 'complaint_acceptance_notice', 'denunciation_acceptance_notice',
    'complaint_conclusion_notice', 'foreign_interview_leader', 'foreign_local_activity',
    'foreign_extra_reporter_opinion', 'spokesperson_publication', 'press_conference_notice',
    'press_conference_refusal', 'correction_daily', 'correction_online', 'correction_periodical',
    'feedback_publication', 'press_relay_answer', 'press_answers_agency', 'periodic_info',
    'press_conference_quarterly', 'annual_report',
)
NOTICE_KINDS = (
    'reminder:before', 'reminder:last_day', 'late:1', 'late:2', 'late:3', 'digest', 'urged', 'clock:moved',
    'clock:paused', 'clock:resumed', 'extension:asked', 'extension:granted', 'extension:declined', 'case:assigned',
    'case:take_over_asked', 'case:take_over_declined', 'case:coordination_asked', 'case:coordination_sent',
    'case:submitted', 'case:returned', 'case:approved', 'case:released', 'case:refused', 'case:withdrawn',
    'case:commented', 'duty:opened', 'duty:done', 'substitute:named',
)


OPEN_DUTY = sa.text("done_at IS NULL AND cancelled_at IS NULL")


def upgrade():
    _accounts()
    _notices()
    _deadlines()
    _inquiries()
    _duties()


def downgrade():
    _no_duties()
    _no_inquiries()
    _no_deadlines()
    _no_notices()
    _no_accounts()


def _accounts():
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_absences_from_before_to")),
        sa.CheckConstraint("person_id <> substitute_id", name=op.f("ck_absences_not_own_substitute")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_absences_ended_by_somebody")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["people.id"], name=op.f("fk_absences_substitute_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_absences_created_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_absences_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_person", "absences", ["person_id", "to_on"])
    op.create_index("ix_absences_substitute", "absences", ["substitute_id", "to_on"])


def _no_accounts():
    op.drop_table("absences")


def _notices():
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.Column("kind", _codes("noticekind", *NOTICE_KINDS), nullable=False),
        sa.Column("about_kind", sa.String(length=60), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_state", _codes("mailstate", "waiting", "sending", "sent", "failed", "off"), nullable=False),
        sa.Column("mail_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_claim", sa.String(length=32), nullable=True),
        sa.Column("mail_attempts", sa.Integer(), nullable=False),
        sa.Column("mail_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mail_error", sa.Text(), nullable=False),
        sa.CheckConstraint("person_id <> instead_of_id", name=op.f("ck_notices_instead_of_another")),
        sa.CheckConstraint(
            "(mail_state IN ('waiting', 'sending')) = (mail_next_at IS NOT NULL)",
            name=op.f("ck_notices_mail_is_tried_while_open"),
        ),
        sa.CheckConstraint(
            "(mail_state = 'sending') = (mail_claim IS NOT NULL)", name=op.f("ck_notices_mail_claimed_while_sending")
        ),
        sa.CheckConstraint(
            "(mail_state = 'sent') = (mail_sent_at IS NOT NULL)", name=op.f("ck_notices_mail_sent_at_when_sent")
        ),
        sa.CheckConstraint("mail_attempts >= 0", name=op.f("ck_notices_mail_attempts_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id")),
        sa.ForeignKeyConstraint(["instead_of_id"], ["people.id"], name=op.f("fk_notices_instead_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", "person_id", name=op.f("uq_notices_key_person_id")),
    )
    unread, unsent = sa.text("read_at IS NULL"), sa.text("mail_next_at IS NOT NULL")
    for name, columns, where in (
        ("person_id_id", ["person_id", "id"], None),
        ("unread", ["person_id", "id"], unread),
        ("unsent", ["mail_next_at", "id"], unsent),
        ("kind_id", ["kind", "id"], None),
        ("mail_state_id", ["mail_state", "id"], None),
        ("about_kind_about_id_id", ["about_kind", "about_id", "id"], None),
    ):
        op.create_index(f"ix_notices_{name}", "notices", columns, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "notice_choices",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reminders_by_mail", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notice_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_choices")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("nonce", name=op.f("uq_calendar_feeds_nonce")),
    )
    op.create_table(
        "sender_pulse",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_pass_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sender_pulse_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_pulse")),
    )


def _codes(name, *codes):
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def _no_notices():
    for table in ("sender_pulse", "calendar_feeds", "notice_choices", "notices"):
        op.drop_table(table)


def _deadlines():
    _days_are_withdrawn()
    _plans()
    _clock_versions()


def _no_deadlines():
    op.drop_table("clock_versions")
    _no_plans()
    _days_are_unique()


def _clock_versions():
    op.create_table(
        "clock_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", _codes("clockkey", *CLOCK_KEYS), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("term", JSON, nullable=False),
        sa.Column("basis", JSON, nullable=False),
        sa.Column("confidence", _codes("confidence", "T", "S", "?"), nullable=False),
        sa.Column("stop_days", sa.Integer(), nullable=False),
        sa.Column("extension_days", sa.Integer(), nullable=False),
        sa.Column("ladder", JSON, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("stop_days BETWEEN 0 AND 60", name=op.f("ck_clock_versions_stop_days_in_range")),
        sa.CheckConstraint("extension_days BETWEEN 0 AND 60", name=op.f("ck_clock_versions_extension_days_in_range")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_clock_versions_withdrawn_by_somebody")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_clock_versions_created_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["people.id"], name=op.f("fk_clock_versions_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_versions")),
    )
    stands = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_clock_versions_one_a_day", "clock_versions", ["key", "valid_from"], unique=True,
        sqlite_where=stands, postgresql_where=stands,
    )
    for column in ("created_by_id", "withdrawn_by_id"):
        op.create_index(op.f(f"ix_clock_versions_{column}"), "clock_versions", [column])


def _days_are_withdrawn():
    with op.batch_alter_table("calendar_entries") as table:
        table.drop_constraint(op.f("uq_calendar_entries_day"), type_="unique")
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("withdrawn_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("withdrawn_why", sa.Text(), nullable=True))
        table.create_foreign_key(
            op.f("fk_calendar_entries_withdrawn_by_id"), "people", ["withdrawn_by_id"], ["id"]
        )
    op.create_index(op.f("ix_calendar_entries_withdrawn_by_id"), "calendar_entries", ["withdrawn_by_id"])
    current = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_calendar_entries_current", "calendar_entries", ["day"], unique=True,
        sqlite_where=current, postgresql_where=current,
    )


def _days_are_unique():
    op.drop_index("uq_calendar_entries_current", "calendar_entries")
    op.drop_index(op.f("ix_calendar_entries_withdrawn_by_id"), "calendar_entries")
    op.execute("DELETE FROM calendar_entries WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("calendar_entries") as table:
        table.drop_constraint(op.f("fk_calendar_entries_withdrawn_by_id"), type_="foreignkey")
        for column in ("withdrawn_at", "withdrawn_by_id", "withdrawn_why"):
            table.drop_column(column)
        table.create_unique_constraint(op.f("uq_calendar_entries_day"), ["day"])


def _plans():
    op.create_table(
        "agency_shares",
        sa.Column("agency_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("agency", sa.Integer(), nullable=False),
        sa.Column("approval", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "draft + agency + approval + release = 100", name=op.f("ck_agency_shares_make_100_percent")
        ),
        sa.CheckConstraint(
            "draft > 0 AND agency >= 0 AND approval >= 0 AND release >= 0", name=op.f("ck_agency_shares_in_range")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_agency_shares_agency_id")),
        sa.PrimaryKeyConstraint("agency_id", name=op.f("pk_agency_shares")),
    )
    op.create_table(
        "office_hours",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("morning_from", sa.Time(), nullable=False),
        sa.Column("morning_to", sa.Time(), nullable=False),
        sa.Column("afternoon_from", sa.Time(), nullable=False),
        sa.Column("afternoon_to", sa.Time(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_hours_one_row")),
        sa.CheckConstraint(
            "morning_from < morning_to AND morning_to <= afternoon_from AND afternoon_from < afternoon_to",
            name=op.f("ck_office_hours_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_hours")),
    )
    op.add_column(
        "inquiry_participations", sa.Column("due_by_plan", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def _no_plans():
    op.drop_column("inquiry_participations", "due_by_plan")
    op.drop_table("office_hours")
    op.drop_table("agency_shares")


def _inquiries():
    _history_knows(*EVENTS_0001, *EVENTS_0002)
    _stops()
    _reminders()


def _no_inquiries():
    _no_reminders()
    _no_stops()
    _history_knows(*EVENTS_0001)


def _history_knows(*events):
    known = ", ".join(f"'{event}'" for event in events)
    with op.batch_alter_table("inquiry_history") as table:
        table.drop_constraint(op.f("ck_inquiry_history_inquiryevent"), type_="check")
        table.create_check_constraint(op.f("ck_inquiry_history_inquiryevent"), f"event IN ({known})")


def _reminders():
    """Reminders begin with the upgrade: what came due before it is not told afterwards."""
    planned = {"sqlite_where": sa.text("next_reminder_at IS NOT NULL")}
    planned["postgresql_where"] = planned["sqlite_where"]
    for table, runs in (
        ("inquiries", "finished_at IS NULL"),
        ("inquiry_participations", "ends_at IS NOT NULL AND ended_at IS NULL AND sent_at IS NULL"),
    ):
        op.add_column(table, sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True))
        op.execute(f"UPDATE {table} SET next_reminder_at = CURRENT_TIMESTAMP WHERE {runs}")
        op.create_index(f"ix_{table}_next_reminder", table, ["next_reminder_at", "id"], **planned)


def _no_reminders():
    for table in ("inquiry_participations", "inquiries"):
        op.drop_index(f"ix_{table}_next_reminder", table)
        op.drop_column(table, "next_reminder_at")


def _stops():
    for name in ("paused_at", "paused_until"):
        op.add_column("inquiries", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    for name in ("stopped_days", "extended_days"):
        op.add_column("inquiries", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "inquiry_pauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Enum("waiting_for_press", "waiting_for_outside", "force_majeure", name="stopreason", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_inquiry_pauses_with_evidence")),
        sa.CheckConstraint("planned_until > from_at", name=op.f("ck_inquiry_pauses_ends_after_it_begins")),
        sa.CheckConstraint("ended_at IS NULL OR (ended_at >= from_at AND ended_at <= planned_until)", name=op.f("ck_inquiry_pauses_ended_within_its_plan")),
        sa.CheckConstraint("ended_by_id IS NULL OR ended_at IS NOT NULL", name=op.f("ck_inquiry_pauses_ended_by_at_a_moment")),
        sa.ForeignKeyConstraint(["attachment_id"], ["inquiry_attachments.id"], name=op.f("fk_inquiry_pauses_attachment_id")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["people.id"], name=op.f("fk_inquiry_pauses_begun_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_inquiry_pauses_ended_by_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_pauses_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_pauses")),
    )
    op.create_table(
        "inquiry_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inquiry_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Enum("complex", "many_agencies", "new_facts", name="extensionreason", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_inquiry_extensions_days_positive")),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_inquiry_extensions_with_evidence")),
        sa.CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_inquiry_extensions_decided_by_a_second_person")),
        sa.CheckConstraint("(granted IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_inquiry_extensions_decided_by_somebody")),
        sa.CheckConstraint("granted IS NULL OR decided_at IS NOT NULL", name=op.f("ck_inquiry_extensions_decided_at_a_moment")),
        sa.CheckConstraint("granted IS NULL OR granted OR decision <> ''", name=op.f("ck_inquiry_extensions_declined_with_reason")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_inquiry_extensions_asked_by_id")),
        sa.ForeignKeyConstraint(["attachment_id"], ["inquiry_attachments.id"], name=op.f("fk_inquiry_extensions_attachment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_inquiry_extensions_decided_by_id")),
        sa.ForeignKeyConstraint(["inquiry_id"], ["inquiries.id"], name=op.f("fk_inquiry_extensions_inquiry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_extensions")),
    )
    for table, condition in (("inquiry_pauses", "ended_at IS NULL"), ("inquiry_extensions", "decided_at IS NULL")):
        op.create_index(op.f(f"ix_{table}_inquiry_id_id"), table, ["inquiry_id", "id"], unique=False)
        where = {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
        op.create_index(f"uq_{table}_one_at_once", table, ["inquiry_id"], unique=True, **where)


def _no_stops():
    for table in ("inquiry_extensions", "inquiry_pauses"):
        op.drop_table(table)
    for name in ("extended_days", "stopped_days", "paused_until", "paused_at"):
        op.drop_column("inquiries", name)


def _duties():
    op.create_table('notice_form',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('addressee', sa.String(length=200), nullable=False),
        sa.Column('labels', JSON, nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_notice_form_one_row')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_form'))
    )
    op.create_table('press_conferences',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('agency_id', sa.Integer(), nullable=False),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('place', sa.String(length=300), nullable=False),
        sa.Column('format', sa.Enum('in_person', 'online', name='conferenceformat', native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column('periodic', sa.Boolean(), nullable=False),
        sa.Column('chair', sa.String(length=200), nullable=False),
        sa.Column('content', sa.Text(), nullable=False),
        sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('planned_by_id', sa.Integer(), nullable=True),
        sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.Column('link', sa.String(length=500), nullable=False),
        sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cancel_reason', sa.Text(), nullable=False),
        sa.CheckConstraint("(cancelled_at IS NULL) OR (cancel_reason <> '')", name=op.f('ck_press_conferences_cancelled_with_reason')),
        sa.CheckConstraint("(held_at IS NULL) OR (evidence <> '')", name=op.f('ck_press_conferences_held_with_evidence')),
        sa.CheckConstraint('held_at IS NULL OR cancelled_at IS NULL', name=op.f('ck_press_conferences_held_or_cancelled')),
        sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_press_conferences_agency_id')),
        sa.ForeignKeyConstraint(['planned_by_id'], ['people.id'], name=op.f('fk_press_conferences_planned_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_press_conferences'))
    )
    op.create_index('ix_press_conferences_agency_id_starts_at_id', 'press_conferences', ['agency_id', 'starts_at', 'id'])
    op.create_index('ix_press_conferences_starts_at_id', 'press_conferences', ['starts_at', 'id'])
    op.create_table('spokesperson_decisions',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('agency_id', sa.Integer(), nullable=False),
        sa.Column('full_name', sa.String(length=120), nullable=False),
        sa.Column('title', sa.String(length=120), nullable=False),
        sa.Column('phone', sa.String(length=40), nullable=False),
        sa.Column('email', sa.String(length=255), nullable=False),
        sa.Column('decision_number', sa.String(length=60), nullable=False),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recorded_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_spokesperson_decisions_agency_id')),
        sa.ForeignKeyConstraint(['recorded_by_id'], ['people.id'], name=op.f('fk_spokesperson_decisions_recorded_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_spokesperson_decisions'))
    )
    op.create_index('ix_spokesperson_decisions_agency_id', 'spokesperson_decisions', ['agency_id'])
    op.create_table('duties',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('press_conference_quarterly', 'periodic_info', 'annual_report', 'press_conference_notice', 'spokesperson_publication', name='dutykind', native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column('agency_id', sa.Integer(), nullable=False),
        sa.Column('period', sa.String(length=40), nullable=False),
        sa.Column('conference_id', sa.Integer(), nullable=True),
        sa.Column('decision_id', sa.Integer(), nullable=True),
        sa.Column('items', JSON, nullable=False),
        sa.Column('trigger_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('clock_version', sa.String(length=80), nullable=False),
        sa.Column('clock', JSON, nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('next_reminder_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('done_by_id', sa.Integer(), nullable=True),
        sa.Column('evidence', sa.Text(), nullable=False),
        sa.Column('link', sa.String(length=500), nullable=False),
        sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('cancel_reason', sa.Text(), nullable=False),
        sa.CheckConstraint("(cancelled_at IS NULL) OR (cancel_reason <> '')", name=op.f('ck_duties_cancelled_with_reason')),
        sa.CheckConstraint("(done_at IS NULL) OR (evidence <> '' AND recorded_at IS NOT NULL)", name=op.f('ck_duties_done_with_evidence')),
        sa.CheckConstraint("(kind = 'press_conference_notice') = (conference_id IS NOT NULL)", name=op.f('ck_duties_notice_of_a_conference')),
        sa.CheckConstraint("(kind = 'spokesperson_publication') = (decision_id IS NOT NULL)", name=op.f('ck_duties_publication_of_a_decision')),
        sa.CheckConstraint('done_at IS NULL OR cancelled_at IS NULL', name=op.f('ck_duties_done_or_cancelled')),
        sa.ForeignKeyConstraint(['agency_id'], ['agencies.id'], name=op.f('fk_duties_agency_id')),
        sa.ForeignKeyConstraint(['conference_id'], ['press_conferences.id'], name=op.f('fk_duties_conference_id')),
        sa.ForeignKeyConstraint(['decision_id'], ['spokesperson_decisions.id'], name=op.f('fk_duties_decision_id')),
        sa.ForeignKeyConstraint(['done_by_id'], ['people.id'], name=op.f('fk_duties_done_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_duties')),
        sa.UniqueConstraint('decision_id', name=op.f('uq_duties_decision_id')),
        sa.UniqueConstraint('kind', 'agency_id', 'period', name=op.f('uq_duties_kind_agency_id_period'))
    )
    op.create_index('ix_duties_agency', 'duties', ['agency_id', 'ends_at', 'id'])
    op.create_index('ix_duties_conference_id', 'duties', ['conference_id'])
    op.create_index('ix_duties_next_reminder_at', 'duties', ['next_reminder_at'])
    op.create_index('ix_duties_open_by_due', 'duties', ['ends_at', 'id'], sqlite_where=OPEN_DUTY, postgresql_where=OPEN_DUTY)


def _no_duties():
    for table in ("duties", "spokesperson_decisions", "press_conferences", "notice_form"):
        op.drop_table(table)
