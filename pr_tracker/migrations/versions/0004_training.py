"""Training: plans, invitations, attendance in the hall, tests and feedback, certificates.

Written by hand, one function pair for each feature. The tables of training are small: SQLite may copy them.

Revision ID: 0004
Revises: 0003
"""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# What notices could say before, and what they learn here.
NOTICE_KINDS_0003 = (
    'reminder:before', 'reminder:last_day', 'late:1', 'late:2', 'late:3', 'digest', 'urged', 'clock:moved',
    'clock:paused', 'clock:resumed', 'extension:asked', 'extension:granted', 'extension:declined', 'case:assigned',
    'case:take_over_asked', 'case:take_over_declined', 'case:coordination_asked', 'case:coordination_sent',
    'case:submitted', 'case:returned', 'case:approved', 'case:released', 'case:refused', 'case:withdrawn',
    'case:commented', 'duty:opened', 'duty:done', 'substitute:named',
    'case:new_head',
    'press:soon', 'press:late', 'article:wrong', 'letter:written', 'letter:returned', 'letter:approved',
    'statement:ends', 'statement:replaced',
    'part:submitted', 'part:returned', 'part:approved', 'part:corrected', 'part:asked_back',
    'incident:opened', 'incident:joined', 'incident:left', 'incident:submitted', 'incident:returned',
    'incident:approved', 'incident:released', 'incident:on_call', 'incident:task', 'incident:closed',
    'case:province_asked', 'case:seal_voided',
    'authority:given', 'authority:ending', 'authority:ended', 'authority:revoked',
)
NOTICE_KINDS_0004 = (
    'class:asked', 'class:invited', 'class:agency_invited', 'class:moved_up', 'class:apologised', 'class:changed',
    'class:cancelled',
)
# What only this version writes: the way back is refused once it stands there.
WRITTEN_SINCE = (
    ("courses", "topics <> '' OR hours IS NOT NULL OR least_mark IS NOT NULL OR valid_months IS NOT NULL"),
    ("courses", "paper_required OR least_attendance <> 80"),
    ("training_classes", "capacity IS NOT NULL OR registration_until IS NOT NULL OR cancelled_at IS NOT NULL"),
    ("class_sessions", "cancelled_at IS NOT NULL"),
    ("class_venues", "1 = 1"),
    ("class_trainers", "1 = 1"),
    ("session_materials", "1 = 1"),
    ("session_scans", "1 = 1"),
    ("certificate_layouts", "1 = 1"),
    ("certificate_runs", "1 = 1"),
    ("certificates", "1 = 1"),
    ("attendance_marks", "mark IN ('late', 'left_early') OR source <> 'roll'"),
    ("participants", "waiting_at IS NOT NULL OR walk_in OR reply <> 'open' OR invited_at IS NOT NULL"),
    ("class_quotas", "1 = 1"),
    ("class_invitations", "1 = 1"),
    ("class_tests", "1 = 1"),
    ("class_marks", "1 = 1"),
    ("paper_tasks", "1 = 1"),
    ("final_papers", "1 = 1"),
    ("feedback_forms", "1 = 1"),
    ("notices", "address IS NOT NULL OR kind LIKE 'class:%'"),
)
CODE_LETTERS = "CFHJKLMNPQRTVX34679"


def upgrade():
    _words()
    _addresses()
    _plan()
    _roster()
    _invitations()
    _roll()
    _arrival()
    _assessments()
    _certificates()


def downgrade():
    _refuse_to_lose()
    _no_certificates()
    _no_assessments()
    _no_arrival()
    _no_roll()
    _no_invitations()
    _no_roster()
    _no_plan()
    _no_addresses()
    _no_words()


def _refuse_to_lose():
    """The way back is open until somebody works with this version; nothing of the record is thrown away."""
    for table, since in WRITTEN_SINCE:
        if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {since} LIMIT 1")):
            raise RuntimeError(
                f"nothing was changed: going back to 0003 would lose what has been recorded since the upgrade "
                f"(in {table}); restore the backup made before the upgrade instead"
            )


def _json():
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


# --- notices: of training, and to people without account --------------------------------------------------


def _words():
    _knows("notices", "kind", "noticekind", *NOTICE_KINDS_0003, *NOTICE_KINDS_0004)


def _no_words():
    _knows("notices", "kind", "noticekind", *NOTICE_KINDS_0003)


def _addresses():
    with op.batch_alter_table("notices") as table:
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("address", sa.String(length=255), nullable=True))
        table.add_column(sa.Column("addressee", sa.String(length=120), nullable=False, server_default=""))
        table.create_unique_constraint(op.f("uq_notices_key_address"), ["key", "address"])
        table.create_check_constraint(
            op.f("ck_notices_to_person_or_address"), "(person_id IS NULL) <> (address IS NULL)"
        )


def _no_addresses():
    with op.batch_alter_table("notices") as table:
        table.drop_constraint(op.f("ck_notices_to_person_or_address"), type_="check")
        table.drop_constraint(op.f("uq_notices_key_address"), type_="unique")
        table.drop_column("addressee")
        table.drop_column("address")
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)


# --- courses, classes, sessions (A) -------------------------------------------------------------------------


def _plan():
    with op.batch_alter_table("courses") as table:
        table.add_column(sa.Column("topics", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("hours", sa.Integer(), nullable=True))
        table.add_column(sa.Column("least_attendance", sa.Integer(), nullable=False, server_default="80"))
        table.add_column(sa.Column("least_mark", sa.Numeric(4, 2), nullable=True))
        table.add_column(sa.Column("paper_required", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("valid_months", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_courses_share_sensible"), "least_attendance BETWEEN 0 AND 100")
        table.create_check_constraint(op.f("ck_courses_mark_sensible"), "least_mark BETWEEN 0 AND 10")
        table.create_check_constraint(op.f("ck_courses_validity_sensible"), "valid_months > 0")
        table.create_check_constraint(op.f("ck_courses_hours_sensible"), "hours > 0")
    with op.batch_alter_table("training_classes") as table:
        table.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        table.add_column(sa.Column("registration_until", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_training_classes_capacity_sensible"), "capacity > 0")
    for name in ("training_classes", "class_sessions"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
            table.add_column(sa.Column("cancelled_because", sa.String(300), nullable=False, server_default=""))
            reason = "cancelled_at IS NULL OR cancelled_because <> ''"
            table.create_check_constraint(op.f(f"ck_{name}_cancelled_with_reason"), reason)
    op.create_table(
        "class_venues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_venues_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_venues")),
        sa.UniqueConstraint("class_id", "name_key", name=op.f("uq_class_venues_class_id_name_key")),
    )
    _team()
    _materials()


def _team():
    op.create_table(
        "class_trainers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_trainers_class_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_class_trainers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_trainers")),
        sa.UniqueConstraint("class_id", "person_id", name=op.f("uq_class_trainers_class_id_person_id")),
    )
    op.create_index(op.f("ix_class_trainers_person_id"), "class_trainers", ["person_id"])


def _materials():
    op.create_table(
        "session_materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_because <> ''", name=op.f("ck_session_materials_withdrawn_with_reason")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["class_sessions.id"], name=op.f("fk_session_materials_session_id")),
        sa.ForeignKeyConstraint(["file_id"], ["kept_files.id"], name=op.f("fk_session_materials_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_materials")),
    )
    op.create_index(op.f("ix_session_materials_session_id"), "session_materials", ["session_id"])


def _no_plan():
    for name in ("session_materials", "class_trainers", "class_venues"):
        op.drop_table(name)
    for name in ("class_sessions", "training_classes"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_cancelled_with_reason"), type_="check")
            table.drop_column("cancelled_because")
            table.drop_column("cancelled_at")
    with op.batch_alter_table("training_classes") as table:
        table.drop_constraint(op.f("ck_training_classes_capacity_sensible"), type_="check")
        table.drop_column("registration_until")
        table.drop_column("capacity")
    with op.batch_alter_table("courses") as table:
        for name in ("share", "mark", "validity", "hours"):
            table.drop_constraint(op.f(f"ck_courses_{name}_sensible"), type_="check")
        for name in ("valid_months", "paper_required", "least_mark", "least_attendance", "hours", "topics"):
            table.drop_column(name)


# --- rosters: a page and a code of one's own ----------------------------------------------------------------


def _roster():
    with op.batch_alter_table("participants") as table:
        table.add_column(sa.Column("token", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("personal_code", sa.String(length=8), nullable=True))
        table.add_column(sa.Column("venue_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("waiting_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("walk_in", sa.Boolean(), nullable=False, server_default=sa.false()))
    _give_tokens()
    with op.batch_alter_table("participants") as table:
        table.alter_column("token", nullable=False)
        table.alter_column("personal_code", nullable=False)
        table.create_foreign_key(op.f("fk_participants_venue_id"), "class_venues", ["venue_id"], ["id"])
        table.create_unique_constraint(op.f("uq_participants_token"), ["token"])
        table.create_unique_constraint(op.f("uq_participants_class_id_personal_code"), ["class_id", "personal_code"])
        table.create_index(op.f("ix_participants_venue_id"), ["venue_id"])


def _give_tokens():
    """Everybody who is on a roster already gets the page and the code that new people get."""
    people = sa.table("participants", sa.column("id"), sa.column("token"), sa.column("personal_code"))
    taken = set()
    for (row_id,) in op.get_bind().execute(sa.select(people.c.id)).all():
        while (code := "".join(secrets.choice(CODE_LETTERS) for _ in range(6))) in taken:
            pass
        taken.add(code)
        values = {"token": secrets.token_urlsafe(16), "personal_code": code}
        op.get_bind().execute(sa.update(people).where(people.c.id == row_id).values(values))


def _no_roster():
    with op.batch_alter_table("participants") as table:
        table.drop_index(op.f("ix_participants_venue_id"))
        table.drop_constraint(op.f("uq_participants_class_id_personal_code"), type_="unique")
        table.drop_constraint(op.f("uq_participants_token"), type_="unique")
        table.drop_constraint(op.f("fk_participants_venue_id"), type_="foreignkey")
        for name in ("walk_in", "waiting_at", "venue_id", "personal_code", "token"):
            table.drop_column(name)


# --- quotas, invitations, answers (B) -----------------------------------------------------------------------


REPLIES = ("open", "confirmed", "apologised", "substituted")


def _invitations():
    op.create_table(
        "class_quotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_class_quotas_seats_sensible")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_quotas_class_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name=op.f("fk_class_quotas_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_quotas")),
        sa.UniqueConstraint("class_id", "agency_id", name=op.f("uq_class_quotas_class_id_agency_id")),
    )
    op.create_index(op.f("ix_class_quotas_agency_id"), "class_quotas", ["agency_id"])
    op.create_table(
        "class_invitations",
        sa.Column("class_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "number = '' OR signed_on IS NOT NULL", name=op.f("ck_class_invitations_numbered_when_signed")
        ),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_invitations_class_id")),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_invitations")),
    )
    _answers()
    op.create_table(
        "session_apologies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("apologised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["class_sessions.id"], name=op.f("fk_session_apologies_session_id")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name=op.f("fk_session_apologies_participant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_apologies")),
        sa.UniqueConstraint(
            "session_id", "participant_id", name=op.f("uq_session_apologies_session_id_participant_id")
        ),
    )
    op.create_index(op.f("ix_session_apologies_participant_id"), "session_apologies", ["participant_id"])


def _answers():
    reply = sa.Enum(*REPLIES, name="reply", native_enum=False, create_constraint=True, length=40)
    with op.batch_alter_table("participants") as table:
        table.add_column(sa.Column("named_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reply", reply, nullable=False, server_default="open"))
        table.add_column(sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reply_reason", sa.String(length=300), nullable=False, server_default=""))
        table.add_column(sa.Column("substitute_of_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("participants") as table:
        table.create_foreign_key(op.f("fk_participants_named_by_id"), "people", ["named_by_id"], ["id"])
        table.create_foreign_key(op.f("fk_participants_substitute_of_id"), "participants", ["substitute_of_id"], ["id"])
        table.create_index(op.f("ix_participants_substitute_of_id"), ["substitute_of_id"])
        table.create_check_constraint(
            op.f("ck_participants_apologised_with_reason"), "reply <> 'apologised' OR reply_reason <> ''"
        )
        table.create_check_constraint(
            op.f("ck_participants_replied_at_some_time"), "(reply = 'open') = (replied_at IS NULL)"
        )


def _no_invitations():
    op.drop_table("class_invitations")
    op.drop_table("session_apologies")
    with op.batch_alter_table("participants") as table:
        for name in ("apologised_with_reason", "replied_at_some_time", "reply"):
            table.drop_constraint(op.f(f"ck_participants_{name}"), type_="check")
        table.drop_index(op.f("ix_participants_substitute_of_id"))
        for name in ("substitute_of_id", "named_by_id"):
            table.drop_constraint(op.f(f"fk_participants_{name}"), type_="foreignkey")
        for name in ("substitute_of_id", "reply_reason", "replied_at", "reply", "invited_at", "named_by_id"):
            table.drop_column(name)
    op.drop_table("class_quotas")


def _knows(table_name, column, name, *codes):
    known = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(op.f(f"ck_{table_name}_{name}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{table_name}_{name}"), f"{column} IN ({known})")


# --- the roll call (C) --------------------------------------------------------------------------------------


MARKS_0001 = ("present", "excused", "absent")
MARKS_0004 = ("present", "late", "left_early", "excused", "absent")


def _roll():
    sources = "'roll', 'self', 'scan', 'paper', 'walk_in'"
    _knows("attendance_marks", "mark", "mark", *MARKS_0004)
    with op.batch_alter_table("attendance_marks") as table:
        table.add_column(sa.Column("source", sa.String(length=40), nullable=False, server_default="roll"))
        table.add_column(sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_attendance_marks_source"), f"source IN ({sources})")
    op.create_table(
        "session_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_because <> ''", name=op.f("ck_session_scans_withdrawn_with_reason")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["class_sessions.id"], name=op.f("fk_session_scans_session_id")),
        sa.ForeignKeyConstraint(["file_id"], ["kept_files.id"], name=op.f("fk_session_scans_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_scans")),
    )
    op.create_index(op.f("ix_session_scans_session_id"), "session_scans", ["session_id"])


def _no_roll():
    op.drop_table("session_scans")
    with op.batch_alter_table("attendance_marks") as table:
        table.drop_constraint(op.f("ck_attendance_marks_source"), type_="check")
        table.drop_column("arrived_at")
        table.drop_column("source")
    _knows("attendance_marks", "mark", "mark", *MARKS_0001)


# --- check-in by QR (D) -------------------------------------------------------------------------------------


def _arrival():
    pass


def _no_arrival():
    pass


# --- tests, papers, feedback (E) ----------------------------------------------------------------------------


def _assessments():
    _tests()
    _marks_and_papers()
    _feedback()


def _tests():
    op.create_table(
        "class_tests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("shuffled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_class_tests_closes_after_opening")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_class_tests_minutes_sensible")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_class_tests_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_tests")),
        sa.UniqueConstraint("class_id", name=op.f("uq_class_tests_class_id")),
    )
    op.create_table(
        "test_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("single", "several", "short", name="kind", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(5, 2), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("accepted", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_test_questions_points_sensible")),
        sa.ForeignKeyConstraint(["test_id"], ["class_tests.id"], name=op.f("fk_test_questions_test_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_questions")),
    )
    op.create_index(op.f("ix_test_questions_test_id"), "test_questions", ["test_id"])
    op.create_table(
        "test_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("test_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_because", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("annulled_at IS NULL OR annulled_because <> ''", name=op.f("ck_test_attempts_annulled_with_reason")),
        sa.ForeignKeyConstraint(["annulled_by_id"], ["people.id"], name=op.f("fk_test_attempts_annulled_by_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_test_attempts_participant_id")),
        sa.ForeignKeyConstraint(["test_id"], ["class_tests.id"], name=op.f("fk_test_attempts_test_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_attempts")),
    )
    counts = sa.text("annulled_at IS NULL")
    op.create_index(
        "uq_test_attempts_one_that_counts",
        "test_attempts",
        ["test_id", "participant_id"],
        unique=True,
        sqlite_where=counts,
        postgresql_where=counts,
    )
    op.create_index(op.f("ix_test_attempts_participant_id"), "test_attempts", ["participant_id"])
    op.create_table(
        "answer_judgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("points", sa.Numeric(5, 2), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_answer_judgements_points_sensible")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["people.id"], name=op.f("fk_answer_judgements_judged_by_id")),
        sa.ForeignKeyConstraint(["question_id"], ["test_questions.id"], name=op.f("fk_answer_judgements_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_judgements")),
        sa.UniqueConstraint("question_id", "digest", name=op.f("uq_answer_judgements_question_id_digest")),
    )


def _marks_and_papers():
    op.create_table(
        "class_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Numeric(4, 2), nullable=True),
        sa.Column("remark", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Enum("test", "typed", "imported", name="marksource", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 0 AND 10", name=op.f("ck_class_marks_mark_sensible")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["people.id"], name=op.f("fk_class_marks_marked_by_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_class_marks_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_marks")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_class_marks_participant_id")),
    )
    op.create_table(
        "paper_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_paper_tasks_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_tasks")),
        sa.UniqueConstraint("class_id", name=op.f("uq_paper_tasks_class_id")),
    )
    op.create_table(
        "final_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_by_id", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.Enum("waiting", "passed", "returned", name="verdict", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("mark", sa.Numeric(4, 2), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 0 AND 10", name=op.f("ck_final_papers_mark_sensible")),
        sa.CheckConstraint("verdict <> 'returned' OR remark <> ''", name=op.f("ck_final_papers_returned_with_reason")),
        sa.ForeignKeyConstraint(["file_id"], ["kept_files.id"], name=op.f("fk_final_papers_file_id")),
        sa.ForeignKeyConstraint(["handed_in_by_id"], ["people.id"], name=op.f("fk_final_papers_handed_in_by_id")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["people.id"], name=op.f("fk_final_papers_judged_by_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_final_papers_participant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_papers")),
        sa.UniqueConstraint("participant_id", "number", name=op.f("uq_final_papers_participant_id_number")),
    )
    op.create_index(op.f("ix_final_papers_file_id"), "final_papers", ["file_id"])


def _feedback():
    op.create_table(
        "feedback_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_feedback_forms_closes_after_opening")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_feedback_forms_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_forms")),
        sa.UniqueConstraint("class_id", name=op.f("uq_feedback_forms_class_id")),
    )
    op.create_table(
        "feedback_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("scale", "text", name="asking", native_enum=False, create_constraint=True, length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["feedback_forms.id"], name=op.f("fk_feedback_questions_form_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_questions")),
    )
    op.create_index(op.f("ix_feedback_questions_form_id"), "feedback_questions", ["form_id"])
    op.create_table(
        "feedback_tallies",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name=op.f("ck_feedback_tallies_value_on_the_scale")),
        sa.ForeignKeyConstraint(["question_id"], ["feedback_questions.id"], name=op.f("fk_feedback_tallies_question_id")),
        sa.PrimaryKeyConstraint("question_id", "value", name=op.f("pk_feedback_tallies")),
    )
    op.create_table(
        "feedback_texts",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["feedback_questions.id"], name=op.f("fk_feedback_texts_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_texts")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_texts_question_id"), "feedback_texts", ["question_id"])
    op.create_table(
        "feedback_given",
        sa.Column("participant_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participants.id"], name=op.f("fk_feedback_given_participant_id")),
        sa.PrimaryKeyConstraint("participant_id", name=op.f("pk_feedback_given")),
    )


def _no_assessments():
    for name in (
        "feedback_given",
        "feedback_texts",
        "feedback_tallies",
        "feedback_questions",
        "feedback_forms",
        "final_papers",
        "paper_tasks",
        "class_marks",
        "answer_judgements",
        "test_attempts",
        "test_questions",
        "class_tests",
    ):
        op.drop_table(name)


# --- certificates (F) ---------------------------------------------------------------------------------------


def _certificates():
    at = sa.DateTime(timezone=True)
    op.create_table(
        "certificate_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_certificate_numbers")),
    )
    op.create_table(
        "certificate_layouts",
        sa.Column("course_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", _json(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", at, nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_certificate_layouts_course_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_certificate_layouts")),
    )
    op.create_table(
        "certificate_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("layout", _json(), nullable=False),
        sa.Column("people", _json(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", at, nullable=False),
        sa.Column("begun_at", at, nullable=True),
        sa.Column("finished_at", at, nullable=True),
        sa.CheckConstraint("done >= issued AND issued >= 0", name=op.f("ck_certificate_runs_counted")),
        sa.ForeignKeyConstraint(["class_id"], ["training_classes.id"], name=op.f("fk_certificate_runs_class_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_certificate_runs_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_runs")),
    )
    waiting = sa.text("finished_at IS NULL")
    for name, column, unique in (
        ("uq_certificate_runs_unfinished", "class_id", True), ("ix_certificate_runs_waiting", "id", False),
    ):
        op.create_index(
            name, "certificate_runs", [column], unique=unique, sqlite_where=waiting, postgresql_where=waiting
        )
    op.create_index("ix_certificate_runs_class_id_id", "certificate_runs", ["class_id", "id"])
    _certificates_given(at)


def _certificates_given(at):
    keys = (
        ("participant_id", "participants"), ("class_id", "training_classes"), ("run_id", "certificate_runs"),
        ("replaces_id", "certificates"), ("file_id", "kept_files"), ("issued_by_id", "people"),
        ("ended_by_id", "people"),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("paper", _json(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("issued_at", at, nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("ended_at", at, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_because", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_certificates_number_positive")),
        sa.CheckConstraint(
            "(status = 'valid') = (ended_at IS NULL) AND (status = 'valid' OR ended_because <> '')",
            name=op.f("ck_certificates_ended_with_reason"),
        ),
        sa.CheckConstraint(
            "status IN ('valid', 'superseded', 'revoked')", name=op.f("ck_certificates_certificate_status")
        ),
        *(sa.ForeignKeyConstraint([a], [f"{b}.id"], name=op.f(f"fk_certificates_{a}")) for a, b in keys),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_certificates_year_number")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_certificates_replaces_id")),
    )
    valid = sa.text("status = 'valid'")
    op.create_index(
        "uq_certificates_valid", "certificates", ["participant_id"], unique=True,
        sqlite_where=valid, postgresql_where=valid,
    )
    op.create_index("ix_certificates_participant_id_id", "certificates", ["participant_id", "id"])
    op.create_index("ix_certificates_class_id_year_number", "certificates", ["class_id", "year", "number"])
    op.create_index("ix_certificates_run_id_file_id", "certificates", ["run_id", "file_id"])


def _no_certificates():
    for table in ("certificates", "certificate_runs", "certificate_layouts", "certificate_numbers"):
        op.drop_table(table)
