"""One statement goes to all at once, or to none: what it answers, what it leaves open, what it may not be."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pr_tracker import clock
from pr_tracker.db import db
from pr_tracker.errors import BadInput, ChangedMeanwhile, DomainError, NotAllowed, StepNotAllowed
from pr_tracker.incidents.actions import joining, opening, releasing, statement
from pr_tracker.incidents.models import IncidentEntry, IncidentReview, IncidentStatement, IncidentTelling
from pr_tracker.incidents.queries.lists import Spoken, spoken_between
from pr_tracker.incidents.queries.visibility import newest_statement
from pr_tracker.incidents.rules import StatementState
from pr_tracker.incidents.rules_events import IncidentEvent
from pr_tracker.inquiries.actions import answer, handling
from pr_tracker.inquiries.actions.voice import Library
from pr_tracker.inquiries.models import Draft, HistoryEntry, Inquiry, Review
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import AnswerForm, Kind
from pr_tracker.inquiries.rules_seal import seal_of
from pr_tracker.office_time import write_moment
from pr_tracker.statements.models import Statement
from tests.factories.incidents import NOW, TEXT, Province, an_incident, approved, released, submitted
from tests.factories.incidents import given as release_facts
from tests.factories.inquiries import an_inquiry
from tests.factories.outlets import an_outlet
from tests.factories.statements import a_statement


@pytest.fixture
def province(session):
    return Province()


@pytest.fixture
def owing(province):
    return an_inquiry(province, status=Status.DRAFTING, kind=Kind.INCIDENT)


@pytest.fixture
def other(province):
    return an_inquiry(province, status=Status.ASSIGNED, outlet=an_outlet("Báo Cửu Long"))


@pytest.fixture
def incident(province, owing, other):
    return an_incident(province, inquiries=[owing, other])


def release(incident, province, *, actor=None, seen=None, now=NOW, **facts):
    facts = release_facts(province, at=facts.pop("at", now), **facts)
    return releasing.release(incident, facts, actor=actor or province.drafter, now=now, seen=seen)


def test_what_owes_initial_information_is_answered_the_rest_is_told_and_stays_open(province, incident, owing, other):
    released(incident, province)
    assert (owing.status, other.status) == (Status.ANSWERED, Status.ASSIGNED)
    assert owing.released_at == NOW == incident.informed_at
    assert incident.next_reminder_at is None
    told = db.session.execute(sa.select(IncidentTelling.inquiry_id, IncidentTelling.answers)).all()
    assert {tuple(row) for row in told} == {(owing.id, True), (other.id, False)}
    line = db.session.scalars(
        sa.select(HistoryEntry).where(HistoryEntry.inquiry_id == other.id).order_by(HistoryEntry.id.desc())
    ).first()
    assert (line.event, line.data["incident"]) == (InquiryEvent.INFORM, incident.code)


def test_a_ticked_inquiry_is_answered_too(province, incident, other):
    released(incident, province, answers=frozenset({other.id}))
    assert other.status is Status.ANSWERED


def test_the_answer_of_each_inquiry_is_the_sealed_text_with_both_approvals(province, incident, owing):
    released(incident, province)
    version = db.session.get(Draft, owing.approved_draft_id)
    assert (version.text, version.digest) == (TEXT, seal_of(TEXT))
    steps = db.session.execute(sa.select(Review.step, Review.reviewer_id).where(Review.draft_id == version.id)).all()
    assert {tuple(row) for row in steps} == {("agency", province.head.id), ("province", province.chairman.id)}


def test_what_was_said_becomes_a_cleared_statement(province, incident):
    released(incident, province)
    said = db.session.scalars(sa.select(Statement)).one()
    assert (said.topic, said.text, said.incident_id) == (incident.title, TEXT, incident.id)


def test_a_statement_goes_out_without_any_inquiry_to_named_agencies_or_the_portal(province):
    alone = approved(an_incident(province), province)
    with pytest.raises(BadInput) as refusal:
        release(alone, province)
    assert refusal.value.field == "answer_form"
    release(alone, province, outlets=[an_outlet("Báo Miền Tây")])
    assert newest_statement(alone).state is StatementState.RELEASED
    portal = approved(an_incident(province), province)
    release(portal, province, form=AnswerForm.PORTAL)
    assert portal.informed_at == NOW


def test_a_second_statement_may_follow_and_the_clock_is_met_by_the_first(province, incident):
    released(incident, province)
    later = NOW + timedelta(hours=5)
    released(incident, province, now=later)
    assert incident.informed_at == NOW
    states = db.session.scalars(sa.select(IncidentStatement.state).order_by(IncidentStatement.number)).all()
    assert states == [StatementState.RELEASED, StatementState.RELEASED]


def test_words_spoken_before_they_were_typed_in_are_timed_by_when_they_were_spoken(province, incident, owing):
    approved(incident, province, now=NOW)
    later = NOW + timedelta(hours=2)
    release(incident, province, form=AnswerForm.INTERVIEW, at=NOW - timedelta(minutes=2), now=later)
    assert owing.released_at == NOW - timedelta(minutes=2)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"at": NOW + timedelta(minutes=2)}, "released_at"),
        ({"at": NOW - timedelta(minutes=3)}, "released_at"),
        ({"evidence": " "}, "evidence"),
        ({"digest": seal_of("Khác")}, None),
    ],
)
def test_an_impossible_release_records_nothing(province, incident, owing, facts, field):
    approved(incident, province)
    with pytest.raises(BadInput) as refusal:
        release(incident, province, **facts)
    assert refusal.value.field == field
    assert owing.status is Status.DRAFTING


def test_whoever_may_not_speak_is_refused(province, incident):
    approved(incident, province)
    with pytest.raises(BadInput) as refusal:
        release(incident, province, speaker=province.other_head)
    assert refusal.value.field == "speaker_id"


def test_what_is_not_approved_is_not_released(province, incident):
    submitted(incident, province)
    with pytest.raises(StepNotAllowed):
        release(incident, province)


def test_a_text_changed_in_the_store_is_not_released(province, incident):
    approved(incident, province)
    newest_statement(incident).text = TEXT + " Thêm."
    with pytest.raises(BadInput):
        release(incident, province)


def test_one_that_cannot_be_answered_holds_up_all(province, incident, owing):
    unassigned = an_inquiry(province, kind=Kind.INCIDENT)
    joining.join(incident, unassigned, actor=province.clerk, now=NOW)
    approved(incident, province)
    db.session.commit()
    with pytest.raises(BadInput) as refusal:
        release(incident, province)
    assert unassigned.code in str(refusal.value)
    db.session.rollback()
    assert owing.status is Status.DRAFTING
    assert newest_statement(incident).state is StatementState.APPROVED
    assert db.session.scalars(sa.select(IncidentTelling.id)).all() == []


def test_one_that_changed_since_the_page_was_read_holds_up_all(province, incident, owing, other):
    approved(incident, province)
    seen = {each.id: each.version for each in (owing, other)}
    handling.take_case(other, province.drafter, actor=province.drafter, now=NOW)
    with pytest.raises(ChangedMeanwhile) as named:
        facts = release_facts(province, seen=seen)
        releasing.release(incident, facts, actor=province.drafter, now=NOW)
    assert other.code in str(named.value)
    answer.withdraw(other, "Báo rút", actor=province.drafter, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        releasing.release(incident, release_facts(province, seen=seen), actor=province.drafter, now=NOW)


def test_only_who_steers_the_room_releases(province, incident):
    approved(incident, province)
    with pytest.raises(NotAllowed):
        release(incident, province, actor=province.stranger)


def test_an_approved_answer_that_joins_waits_for_ubnd_tinh(province):
    plain = an_inquiry(province, status=Status.APPROVED)
    assert plain.status is Status.APPROVED
    an_incident(province, inquiries=[plain])
    assert plain.status is Status.IN_REVIEW


def test_figures_four_and_five_count_what_was_spoken_and_what_was_in_time(province, incident):
    released(incident, province)
    an_incident(province)
    late = an_incident(province, received_at=NOW - timedelta(hours=30))
    released(late, province, form=AnswerForm.PORTAL)
    day = timedelta(days=2)
    assert spoken_between(None, NOW - day, NOW + day) == Spoken(spoken=2, all=3, on_time=1, with_term=3)


def test_a_closed_room_after_release_needs_no_head(province, incident, owing, other):
    released(incident, province, answers=frozenset({other.id}))
    opening.close(incident, "Đã khắc phục", actor=province.drafter, now=NOW)
    assert incident.closed_at == NOW


OLDER = "Kinh phí khắc phục sạt lở bờ kênh là 15 tỷ đồng."
OTHERWISE = "Kinh phí khắc phục sạt lở bờ kênh là 12,5 tỷ đồng."


def test_what_a_statement_in_force_says_otherwise_is_decided_on_before_it_goes_out(province, incident, owing):
    older = a_statement(province.other, incident.title, OLDER)
    approved(incident, province, text=OTHERWISE)
    db.session.commit()
    for library in (Library(), Library(agrees={older.id: " "}), Library(keep=False, keep_out_reason="Riêng tư")):
        with pytest.raises(BadInput, match=older.code):
            release(incident, province, library=library)
        db.session.rollback()
    assert owing.status is Status.DRAFTING
    release(incident, province, library=Library(agrees={older.id: "Phần kinh phí giai đoạn một"}))
    line = db.session.query(IncidentEntry).filter_by(event=IncidentEvent.RELEASE).one()
    assert line.data["agrees"] == [{"code": older.code, "reason": "Phần kinh phí giai đoạn một"}]
    assert older.superseded_at is None


def test_the_page_of_a_release_asks_what_the_difference_means_and_keeps_what_was_typed(
    province, incident, sign_in, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    older = a_statement(province.other, incident.title, OLDER)
    approved(incident, province, text=OTHERWISE)
    db.session.commit()
    client, page = sign_in(province.drafter), f"/incidents/{incident.id}/statement/release"
    shown = client.get(page).text
    assert "<mark>15 tỷ đồng</mark>" in shown
    typed = {"seen": incident.version, "digest": seal_of(OTHERWISE), "speaker_id": province.head.id}
    typed |= {"answer_form": "written", "released_at": write_moment(NOW), "evidence": "Thông cáo số 5/TC-SXD"}
    members = db.session.execute(sa.select(Inquiry.id, Inquiry.version).where(Inquiry.incident_id == incident.id))
    typed["member"] = [f"{row.id}.{row.version}" for row in members]
    wrong = client.post(page, data=typed)
    assert wrong.status_code == 422
    assert f'name="voice_{older.id}"' in wrong.text
    assert "Thông cáo số 5/TC-SXD" in wrong.text
    assert f'href="#voice_{older.id}' in wrong.text
    assert client.post(page, data={**typed, f"voice_{older.id}": "?"}).status_code == 422
    assert client.post(page, data={**typed, f"voice_{older.id}": "replaces"}).status_code == 303
    db.session.expire_all()
    assert db.session.get(Statement, older.id).superseded_by.text == OTHERWISE
    assert older.code in client.get(f"/incidents/{incident.id}").text


ACTS = ("save", "submit", "head", "deputy", "chairman", "vice", "return", "release", "leave")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), max_size=14))
def test_no_sequence_of_acts_releases_a_text_without_both_seals(province, acts):
    incident = an_incident(province, inquiries=[an_inquiry(province, status=Status.ASSIGNED, kind=Kind.INCIDENT)])
    for number, act in enumerate(acts):
        try:
            with db.session.begin_nested():
                _act(incident, province, act, number)
        except DomainError:
            db.session.refresh(incident)
    for version in db.session.scalars(
        sa.select(IncidentStatement).where(
            IncidentStatement.incident_id == incident.id, IncidentStatement.state == StatementState.RELEASED
        )
    ):
        rows = db.session.execute(
            sa.select(IncidentReview.step, IncidentReview.reviewer_id, IncidentReview.digest).where(
                IncidentReview.statement_id == version.id, IncidentReview.voided_at.is_(None), IncidentReview.approved
            )
        ).all()
        assert {row.step for row in rows} == {"agency", "province"}
        assert len({row.reviewer_id for row in rows}) == 2
        assert {row.digest for row in rows} == {seal_of(version.text)}


def _act(incident, province, act, number):
    people = {name: getattr(province, name) for name in ("head", "deputy", "chairman", "vice")}
    match act:
        case "save":
            statement.save_statement(incident, f"{TEXT} {number}", actor=province.drafter, now=NOW)
        case "submit":
            statement.submit(incident, actor=province.drafter, now=NOW)
        case "return":
            statement.return_statement(incident, "Sửa", actor=province.head, now=NOW)
        case "release":
            release(incident, province, form=AnswerForm.PORTAL)
        case "leave":
            inquiry = db.session.scalars(sa.select(Inquiry).where(Inquiry.incident_id == incident.id)).first()
            if inquiry is not None:
                joining.leave(incident, inquiry, "Tách", actor=province.clerk, now=NOW)
        case _:
            statement.approve(incident, actor=people[act], now=NOW)


# The page


def test_the_page_names_every_press_agency_and_records_the_release(
    province, incident, owing, other, sign_in, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    approved(incident, province)
    db.session.commit()
    client = sign_in(province.drafter)
    page = client.get(f"/incidents/{incident.id}/statement/release")
    assert "Báo Cửu Long" in page.text
    assert f'name="answers" value="{owing.id}"' not in page.text
    assert f'name="answers" value="{other.id}"' in page.text
    sent = {
        "answer_form": "written",
        "released_at": "16:30 20/11/2026",
        "speaker_id": province.head.id,
        "evidence": "Thông cáo số 5",
        "digest": seal_of(TEXT),
        "member": [f"{each.id}.{each.version}" for each in (owing, other)],
        "seen": incident.version,
    }
    wrong = client.post(f"/incidents/{incident.id}/statement/release", data=sent | {"outlets": "Báo Không Có"})
    assert wrong.status_code == 422
    assert "Báo Không Có" in wrong.text
    stale = client.post(f"/incidents/{incident.id}/statement/release", data=sent | {"member": f"{owing.id}.1"})
    assert stale.status_code == 409
    assert other.code in stale.text
    done = client.post(f"/incidents/{incident.id}/statement/release", data=sent)
    assert done.status_code == 303
    db.session.expire_all()
    assert owing.status is Status.ANSWERED
    room = client.get(f"/incidents/{incident.id}").text
    assert "Gửi cùng lúc đến" in room


def test_the_right_of_the_speaker_is_kept_with_its_ground(province, incident, owing):
    released(incident, province)
    right = db.session.scalars(sa.select(IncidentStatement.speaker_right)).one()
    assert (right["kind"], right["name"]) == ("head", "Lê Giám Đốc")
    assert owing.speaker_right == right


def test_a_deputy_speaks_only_as_spokesperson_or_by_authority(province, incident):
    approved(incident, province)
    with pytest.raises(BadInput) as refusal:
        release(incident, province, speaker=province.deputy)
    assert refusal.value.field == "speaker_id"
