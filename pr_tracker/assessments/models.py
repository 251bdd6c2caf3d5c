"""What is stored of assessments: the test of a class and who took it, marks, final papers, anonymous feedback."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pr_tracker.assessments.rules import Kind, MarkSource, Verdict
from pr_tracker.assessments.rules_feedback import LONGEST_ASKED, Asking
from pr_tracker.assessments.rules_marks import LONGEST_REMARK
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.trainings import models_roster  # noqa: F401 - participants, which the keys below name


class ClassTest(Base):
    """The test of a class, taken between two moments."""

    __tablename__ = "class_tests"
    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("minutes > 0", name="minutes_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"), unique=True)
    title: Mapped[str] = mapped_column(NfcString(200))
    instructions: Mapped[str] = mapped_column(NfcText(), default="")
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime())
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime())
    minutes: Mapped[int | None]  # for one attempt; None: until it closes
    shuffled: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class TestQuestion(Base):
    """A question of a test. `options`: text and whether right, each with an id of its own within the question."""

    __test__ = False  # no test of ours, for pytest
    __tablename__ = "test_questions"
    __table_args__ = (sa.CheckConstraint("points > 0", name="points_sensible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(sa.ForeignKey("class_tests.id"), index=True)
    number: Mapped[int]  # its place
    kind: Mapped[Kind] = mapped_column(str_enum(Kind))
    text: Mapped[str] = mapped_column(NfcText())
    points: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    options: Mapped[list[dict[str, Any]]] = mapped_column(Json(), default=list)  # {"id", "text", "right"}
    accepted: Mapped[list[str]] = mapped_column(Json(), default=list)  # short answers
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class TestAttempt(Base):
    """One person's answers, kept as they are given. Annulled with a reason, it counts no more and stays on record."""

    __test__ = False
    __tablename__ = "test_attempts"
    __table_args__ = (
        sa.Index(
            "uq_test_attempts_one_that_counts",
            "test_id",
            "participant_id",
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        ),
        sa.CheckConstraint("annulled_at IS NULL OR annulled_because <> ''", name="annulled_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    test_id: Mapped[int] = mapped_column(sa.ForeignKey("class_tests.id"))
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json(), default=dict)  # by question id: ids chosen, or text
    started_at: Mapped[datetime] = mapped_column(UTCDateTime())
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime())
    handed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    annulled_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    annulled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    annulled_because: Mapped[str] = mapped_column(NfcString(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class AnswerJudgement(Base):
    """What a trainer gives for a short answer; the same answer of somebody else is worth the same."""

    __tablename__ = "answer_judgements"
    __table_args__ = (
        sa.UniqueConstraint("question_id", "digest"),
        sa.CheckConstraint("points >= 0", name="points_sensible"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("test_questions.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    points: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    judged_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ClassMark(Base):
    """A mark out of 10 that was typed or imported; it stands above that of the test. None: taken back."""

    __tablename__ = "class_marks"
    __table_args__ = (sa.CheckConstraint("mark BETWEEN 0 AND 10", name="mark_sensible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), unique=True)
    mark: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 2))
    remark: Mapped[str] = mapped_column(NfcString(LONGEST_REMARK), default="")
    source: Mapped[MarkSource] = mapped_column(str_enum(MarkSource))
    marked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    marked_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)


class PaperTask(Base):
    """What a class's final paper (bài thu hoạch) is about, and until when it may be handed in on the own page."""

    __tablename__ = "paper_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"), unique=True)
    task: Mapped[str] = mapped_column(NfcText())
    due_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class FinalPaper(Base):
    """A final paper handed in; the latest of a person counts. Without a file it was handed in on paper."""

    __tablename__ = "final_papers"
    __table_args__ = (
        sa.UniqueConstraint("participant_id", "number"),
        sa.CheckConstraint("mark BETWEEN 0 AND 10", name="mark_sensible"),
        sa.CheckConstraint("verdict <> 'returned' OR remark <> ''", name="returned_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"))
    number: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("kept_files.id"), index=True)
    handed_in_at: Mapped[datetime] = mapped_column(UTCDateTime())
    handed_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))  # None: the person
    verdict: Mapped[Verdict] = mapped_column(str_enum(Verdict), default=Verdict.WAITING)
    mark: Mapped[Decimal | None] = mapped_column(sa.Numeric(4, 2))
    remark: Mapped[str] = mapped_column(NfcString(1000), default="")
    judged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)


class FeedbackForm(Base):
    """What a class is asked, and from when until when."""

    __tablename__ = "feedback_forms"
    __table_args__ = (sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(sa.ForeignKey("training_classes.id"), unique=True)
    opens_at: Mapped[datetime] = mapped_column(UTCDateTime())
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())


class FeedbackQuestion(Base):
    """One question of the feedback; withdrawn only while nobody has answered."""

    __tablename__ = "feedback_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_forms.id"), index=True)
    number: Mapped[int]
    kind: Mapped[Asking] = mapped_column(str_enum(Asking))
    words: Mapped[str] = mapped_column(NfcString(LONGEST_ASKED))
    active: Mapped[bool] = mapped_column(default=True)


class FeedbackTally(Base):
    """How many chose a value: all that is kept of who chose what."""

    __tablename__ = "feedback_tallies"
    __table_args__ = (sa.CheckConstraint("value BETWEEN 1 AND 5", name="value_on_the_scale"),)

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_questions.id"), primary_key=True)
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]


class FeedbackText(Base):
    """Free text under a random number and without a time: nothing tells whose it is, or which go together."""

    __tablename__ = "feedback_texts"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - or SQLite would number them as they came

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, default=lambda: secrets.token_hex(16))
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("feedback_questions.id"), index=True)
    words: Mapped[str] = mapped_column(NfcText())


class FeedbackGiven(Base):
    """That somebody has answered, so that nobody answers twice: no time, and nothing of the answer."""

    __tablename__ = "feedback_given"

    participant_id: Mapped[int] = mapped_column(sa.ForeignKey("participants.id"), primary_key=True, autoincrement=False)
