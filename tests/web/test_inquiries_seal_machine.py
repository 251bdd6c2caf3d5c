"""No sequence of acts releases an unsealed text, or lets one person draft and approve alone unrecorded.

The office's own actions over a real database, in any order, by anybody, with fields tampered behind their backs.
"""

import hashlib
import itertools
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from pr_tracker.db import db
from pr_tracker.errors import DomainError
from pr_tracker.inquiries.actions import answer, handling, intake, refusing, sealing
from pr_tracker.inquiries.models import Attachment, Draft, Inquiry, Review
from pr_tracker.inquiries.queries.seals import required_steps
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm, RefusalGround
from pr_tracker.inquiries.rules_seal import FileMark, seal_of
from tests.factories.accounts import NOW
from tests.factories.inquiries import Province, an_inquiry

PEOPLE = ("drafter", "head", "deputy", "clerk", "stranger", "other_head", "chairman", "vice_chairman")
TEXTS = ("Sở đã kiểm tra.", "Sở đã kiểm tra, sẽ khơi thông.", "Sở chưa kiểm tra.")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
people, texts = st.sampled_from(PEOPLE), st.sampled_from(TEXTS)


class Office(RuleBasedStateMachine):
    """One case and everybody who may touch it; each act keeps or is refused as a whole."""

    folder = None

    @initialize(sensitive=st.booleans())
    def open_a_case(self, sensitive):
        self.clock = itertools.count()
        self.province = Province()
        assert self.province.vice_chairman
        self.inquiry = an_inquiry(self.province, status=Status.ASSIGNED)
        if sensitive:
            sealing.mark_sensitive(self.inquiry, "Dư luận quan tâm", actor=self.province.clerk, now=self.now)
        for number in range(2):
            keep = {"folder": self.folder, "largest": 1, "actor": self.province.drafter, "now": self.now}
            intake.attach(self.inquiry, f"Phụ lục {number}.pdf", PDF + bytes([number]), **keep)
        db.session.flush()
        self.files = list(db.session.scalars(sa.select(Attachment.id).order_by(Attachment.id)))
        self.alone_ticks = set()

    @property
    def now(self):
        return NOW + timedelta(seconds=next(self.clock))

    def attempt(self, act, *args, who, **facts):
        savepoint = db.session.begin_nested()
        try:
            act(self.inquiry, *args, actor=getattr(self.province, who), now=self.now, **facts)
        except DomainError:
            savepoint.rollback()
            db.session.expire_all()
            return False
        savepoint.commit()
        return True

    @rule(who=people, text=texts, files=st.sets(st.integers(0, 1)), refuses=st.booleans())
    def draft(self, who, text, files, refuses):
        ground = RefusalGround.INVESTIGATION if refuses else None
        file_ids = [self.files[at] for at in files]
        self.attempt(answer.save_draft, text, who=who, ground=ground, file_ids=file_ids)

    @rule(who=people)
    def submit(self, who):
        self.attempt(answer.submit, who=who)

    @rule(who=people, text=texts)
    def draft_and_submit(self, who, text):
        self.attempt(answer.save_and_submit, text, who=who)

    @rule(who=people, alone=st.booleans())
    def approve(self, who, alone):
        if self.attempt(sealing.approve, who=who, alone=alone) and alone:
            self.alone_ticks.add(who)

    @rule(text=texts, files=st.sets(st.integers(0, 1)), refuses=st.booleans())
    def draft_to_approval(self, text, files, refuses):
        """The usual way, so that what follows approval is often reached."""
        self.draft("drafter", text, files, refuses)
        self.submit("drafter")
        self.attempt(sealing.approve, who="deputy")
        self.attempt(sealing.approve, who="chairman")

    @rule(to_province=st.booleans())
    def move_the_deputy_to_another_agency(self, to_province):
        where = self.province.committee if to_province else self.province.department
        self.province.deputy.agency = where
        db.session.flush()

    @rule(who=people)
    def send_back(self, who):
        self.attempt(sealing.return_draft, "Chưa nêu thời hạn", who=who)

    @rule(who=people)
    def mark_sensitive(self, who):
        self.attempt(sealing.mark_sensitive, "Dư luận quan tâm", who=who)

    @rule(on=st.booleans())
    def change_the_agencys_rule(self, on):
        self.province.department.second_approval = on
        sealing.reopen_if_short(self.inquiry, "", actor=None, now=self.now)

    @rule(who=people, speaker=st.sampled_from(("head", "deputy", "chairman")))
    def release(self, who, speaker):
        told = {"at": self.now, "speaker": getattr(self.province, speaker), "evidence": "Công văn số 12"}
        if self.attempt(sealing.release, AnswerForm.WRITTEN, who=who, folder=self.folder, **told):
            self.require_the_files_that_were_approved()

    @rule(who=people)
    def refuse(self, who):
        told = {"at": self.now, "evidence": "Công văn số 15"}
        if self.attempt(refusing.refuse, AnswerForm.WRITTEN, who=who, folder=self.folder, **told):
            self.require_the_files_that_were_approved()

    def require_the_files_that_were_approved(self):
        for file in self.inquiry.approved_draft.files:
            assert hashlib.sha256((self.folder / file.stored_name).read_bytes()).hexdigest() == file.digest

    @rule(
        text=texts,
        other=st.none() | texts,
        files=st.sets(st.integers(0, 1)),
        spoils=st.booleans(),
        refuses=st.booleans(),
    )
    def the_whole_way_with_something_changed_behind_its_back(self, text, other, files, spoils, refuses):
        self.draft_to_approval(text, files, refuses)
        if other:
            self.tamper_with_the_stored_text(other)
        if spoils:
            self.tamper_with_a_stored_file(0, PDF + b"\x07")
        self.release("drafter", "head")
        self.refuse("drafter")

    @rule(text=texts)
    def tamper_with_the_stored_text(self, text):
        if self.inquiry.finished_at is None:
            newest = sa.select(sa.func.max(Draft.id)).where(Draft.inquiry_id == self.inquiry.id).scalar_subquery()
            db.session.execute(sa.update(Draft).where(Draft.id == newest).values(text=text))
            db.session.expire_all()

    @rule(at=st.integers(0, 1), content=st.sampled_from((PDF, PDF + b"\x00", PDF + b"\x01")))
    def tamper_with_a_stored_file(self, at, content):
        file = db.session.get(Attachment, self.files[at])
        (self.folder / file.stored_name).write_bytes(content)

    @rule(who=people)
    def comment(self, who):
        self.attempt(handling.comment, "Nhớ gọi lại", who=who)

    def seals(self, draft):
        query = sa.select(Review).where(Review.draft_id == draft.id, Review.approved, Review.voided_at.is_(None))
        return list(db.session.scalars(query))

    @invariant()
    def what_was_given_is_what_every_required_approver_sealed(self):
        if self.inquiry.status not in (Status.ANSWERED, Status.REFUSED):
            return
        draft = self.inquiry.approved_draft
        marks = [FileMark(file.file_name, file.digest) for file in draft.files]
        seal = seal_of(draft.text, marks, draft.ground)
        seals = self.seals(draft)
        assert {each.digest for each in seals} == {seal}
        assert {each.step for each in seals} >= set(self.required_when_given())
        assert (draft.ground is not None) == (self.inquiry.status is Status.REFUSED)
        if self.inquiry.status is Status.REFUSED:
            assert self.inquiry.refusal_reason == draft.text

    def required_when_given(self):
        if not hasattr(self, "required"):
            self.required = required_steps(self.inquiry)
        return self.required

    @invariant()
    def nobody_drafts_and_approves_alone_unrecorded(self):
        for draft in db.session.scalars(sa.select(Draft).where(Draft.inquiry_id == self.inquiry.id)):
            same = sa.select(Draft.author_id).where(Draft.inquiry_id == self.inquiry.id, Draft.number <= draft.number)
            authors = set(db.session.scalars(same.where(Draft.text_digest == draft.text_digest)))
            for review in db.session.scalars(sa.select(Review).where(Review.draft_id == draft.id, Review.approved)):
                if review.reviewer_id in authors:
                    assert review.alone
                    assert review.reviewer_id == self.province.head.id
                else:
                    assert not review.alone

    @invariant()
    def nobody_gives_two_seals_and_no_step_has_two(self):
        for draft in db.session.scalars(sa.select(Draft).where(Draft.inquiry_id == self.inquiry.id)):
            seals = self.seals(draft)
            assert len({each.reviewer_id for each in seals}) == len(seals)
            assert len({each.step for each in seals}) == len(seals)

    @invariant()
    def only_the_newest_version_is_sealed_and_approved_means_all_seals(self):
        query = sa.select(Draft).where(Draft.inquiry_id == self.inquiry.id).order_by(Draft.number.desc())
        for draft in list(db.session.scalars(query))[1:]:
            assert self.seals(draft) == []
        if self.inquiry.status in (Status.ASSIGNED, Status.DRAFTING, Status.RETURNED):
            standing = sa.select(sa.func.count()).where(Review.approved, Review.voided_at.is_(None))
            assert db.session.scalar(standing) == 0
        assert (self.inquiry.review_step is not None) == (self.inquiry.status is Status.IN_REVIEW)

    def teardown(self):
        with suppress(Exception):
            db.session.rollback()


@pytest.mark.parametrize("steps", [40])
def test_no_sequence_of_acts_gives_an_unsealed_text(app, session, tmp_path, steps):
    Office.folder = tmp_path
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=30,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    session.rollback()
    assert session.scalar(sa.select(sa.func.count()).select_from(Inquiry)) == 0
