"""The head lets somebody speak in one inquiry: what that allows to the second, and what is refused by which article."""

from datetime import date, time, timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker.accounts import actions as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.audit.models import AuditEntry
from pr_tracker.errors import BadInput, NotAllowed, StepNotAllowed
from pr_tracker.inquiries import labels
from pr_tracker.inquiries.actions import answer, authorising, handling, sealing
from pr_tracker.inquiries.models import HistoryEntry
from pr_tracker.inquiries.queries import case, lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.queries.speaking import speakers_at
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import AnswerForm
from pr_tracker.notices.models import Notice
from pr_tracker.office_time import office_instant
from pr_tracker.permissions import Role
from pr_tracker.spokespersons import jobs
from pr_tracker.spokespersons.models import Authorisation
from pr_tracker.spokespersons.queries_rights import authorities_of, rights_at
from pr_tracker.spokespersons.rules_authority import Matter, RightKind
from tests.factories.accounts import NOW, a_person, an_agency
from tests.factories.authorisations import a_grant, an_authorisation
from tests.factories.inquiries import Province, an_inquiry

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
START, END, LATER = NOW + HOUR, NOW + 5 * HOUR, NOW + 9 * HOUR
PAPER = "thay Lê Giám Đốc theo văn bản số 215/GUQ-SXD ngày 20/11/2026"


@pytest.fixture
def province(session):
    province = Province()
    province.speaker = a_person("Bùi Được Ủy Quyền", agency=province.department, title="Trưởng phòng")
    return province


def authorised(inquiry, province, **facts):
    known = {"from_at": START, "until_at": END}
    return an_authorisation(inquiry, province.speaker, by=province.head, **known | facts)


def said(inquiry):
    with force_locale("vi"):
        return labels.sentence(case.history_of(inquiry)[0])


def release(inquiry, speaker, at, *, actor, now=LATER, form=AnswerForm.INTERVIEW):
    sealing.release(inquiry, form, at=at, speaker=speaker, evidence="Ghi âm", actor=actor, now=now)


# --- the table of acts, to the second -----------------------------------------------------------------------

TERM = [(START - SECOND, False), (START, True), (START + SECOND, True)]
TERM += [(END - SECOND, True), (END, False), (END + SECOND, False)]
CUT = NOW + 3 * HOUR
REVOKED = [(CUT - SECOND, True), (CUT, False), (CUT + SECOND, False)]


def approve(inquiry, province, at):
    sealing.approve(inquiry, actor=province.speaker, now=at)


def send_back(inquiry, province, at):
    sealing.return_draft(inquiry, "Chưa nêu thời hạn", actor=province.speaker, now=at)


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize(("at", "allowed"), TERM)
def test_an_act_is_done_by_authority_from_the_second_it_begins_to_the_second_before_it_ends(province, act, at, allowed):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    authorised(inquiry, province)
    if allowed:
        act(inquiry, province, at)
        assert said(inquiry).startswith(f"Bùi Được Ủy Quyền {PAPER} ")
    else:
        with pytest.raises(NotAllowed, match="3\\(5\\)"):
            act(inquiry, province, at)


@pytest.mark.parametrize("act", [approve, send_back])
@pytest.mark.parametrize("at", [CUT, CUT + SECOND, END - SECOND])
def test_no_act_is_done_by_an_authority_that_is_revoked(province, act, at):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    authorising.revoke(inquiry, authorised(inquiry, province), "Đã đi công tác về", actor=province.head, now=CUT)
    with pytest.raises(NotAllowed, match="3\\(5\\)"):
        act(inquiry, province, at)


@pytest.mark.parametrize(("at", "allowed"), TERM)
def test_whoever_speaks_by_authority_speaks_within_its_term(province, at, allowed):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    authorised(inquiry, province)
    if allowed:
        release(inquiry, province.speaker, at, actor=province.drafter)
        with force_locale("vi"):
            lines = [labels.sentence(row) for row in case.history_of(inquiry)]
        assert any(line.endswith(f"Người phát ngôn: Bùi Được Ủy Quyền {PAPER}.") for line in lines)
        assert inquiry.speaker_right["kind"] == "authorised"
    else:
        with pytest.raises(BadInput, match=r"215/GUQ-SXD (ended at|begins at)"):
            release(inquiry, province.speaker, at, actor=province.drafter)


@pytest.mark.parametrize(("at", "allowed"), REVOKED)
def test_a_revocation_ends_the_right_to_speak_at_its_second_and_not_before(province, at, allowed):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    authorising.revoke(inquiry, authorised(inquiry, province), "Đã về", actor=province.head, now=CUT)
    if allowed:
        release(inquiry, province.speaker, at, actor=province.drafter)
    else:
        with pytest.raises(BadInput, match="Article 3\\(5\\), \\(7\\)"):
            release(inquiry, province.speaker, at, actor=province.drafter)


@pytest.mark.parametrize("at", [at for at, _ in TERM])
def test_no_authority_is_passed_on_at_any_moment(province, at):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorised(inquiry, province)
    with pytest.raises(NotAllowed, match=r"3\((6|4)\)"):
        an_authorisation(inquiry, province.drafter, by=province.speaker, now=at, from_at=at, until_at=at + HOUR)


@pytest.mark.parametrize("act", [approve, send_back])
def test_an_authority_in_one_inquiry_is_none_in_another(province, act):
    authorised(an_inquiry(province, status=Status.IN_REVIEW), province)
    other = an_inquiry(province, status=Status.IN_REVIEW, subject="Cầu yếu")
    with pytest.raises(NotAllowed):
        act(other, province, START)


def test_an_authority_lets_nobody_assign_or_approve_their_own_words(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorised(inquiry, province)
    answer.save_draft(inquiry, "Lời của người được ủy quyền.", actor=province.speaker, now=START)
    answer.submit(inquiry, actor=province.speaker, now=START)
    with pytest.raises(NotAllowed):
        approve(inquiry, province, START)


def test_a_prepared_authorisation_gives_no_right_before_its_number_and_date(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    made = authorised(inquiry, province, number="")
    with pytest.raises(NotAllowed):
        approve(inquiry, province, START)
    assert not rights_at([province.department.id], Matter(inquiry.id), START)[1:]
    grant = a_grant(province.speaker, from_at=START, until_at=END)
    authorising.authorise(inquiry, grant, made=made, actor=province.head, now=NOW + HOUR / 2)
    approve(inquiry, province, START)


# --- what is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["deputy", "drafter", "other_head", "clerk"])
def test_only_the_head_of_the_lead_agency_authorises(province, who):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    with pytest.raises(NotAllowed, match="3\\(4\\), \\(5\\)"):
        an_authorisation(inquiry, province.speaker, by=getattr(province, who))


def test_a_substitute_of_the_head_neither_authorises_nor_speaks(province):
    inquiry, day = an_inquiry(province, status=Status.APPROVED), date(2026, 11, 20)
    accounts.enter_absence(province.head, province.deputy, from_on=day, to_on=day, actor=province.head, now=NOW)
    with pytest.raises(NotAllowed, match="3\\(4\\), \\(5\\)"):
        an_authorisation(inquiry, province.speaker, by=province.deputy)
    with pytest.raises(BadInput, match="3\\(7\\)"):
        release(inquiry, province.deputy, NOW, actor=province.drafter)


def test_the_chairman_of_the_province_authorises_people_of_the_office_and_of_the_lead_agency(province):
    top = an_agency("Ủy ban nhân dân tỉnh", kind=AgencyKind.PROVINCE)
    chairman = a_person("Chủ Tịch", agency=top, roles=(Role.HEAD,), title="Chủ tịch")
    inquiry = an_inquiry(province, status=Status.APPROVED)
    an_authorisation(inquiry, province.clerk, by=chairman, number="1/GUQ-UBND")
    an_authorisation(inquiry, province.deputy, by=chairman, number="2/GUQ-UBND")
    with pytest.raises(BadInput, match="works at the agency"):
        an_authorisation(inquiry, province.stranger, by=chairman, number="3/GUQ-UBND")
    release(inquiry, province.clerk, NOW, actor=province.drafter)
    assert inquiry.speaker_right["giver"] == "Chủ Tịch"


def test_an_authority_of_the_province_lets_nobody_approve_for_the_lead_agency(province):
    chairman = a_person("Chủ Tịch", agency=an_agency(kind=AgencyKind.PROVINCE), roles=(Role.HEAD,))
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    an_authorisation(inquiry, province.speaker, by=chairman)
    with pytest.raises(NotAllowed):
        approve(inquiry, province, NOW)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"until_at": START}, "definite term"),
        ({"until_at": START - SECOND}, "definite term"),
        ({"from_at": NOW - 2 * HOUR, "until_at": NOW}, "was over at"),
        ({"signed_on": date(2026, 11, 21)}, "has not come"),
        ({"from_at": NOW - 48 * HOUR}, "cannot begin before"),
        ({"signed_on": None}, "number and the date"),
        ({"number": "", "signed_on": date(2026, 11, 20)}, "number and the date"),
        ({"words": "  "}, "fill this in"),
    ],
)
def test_a_term_or_paper_that_cannot_be_is_refused(province, facts, words):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    with pytest.raises(BadInput, match=words):
        authorised(inquiry, province, **facts)


def test_an_overlap_is_refused_and_what_follows_is_not(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorised(inquiry, province)
    with pytest.raises(BadInput, match="one matter, one definite term"):
        authorised(inquiry, province, from_at=END - SECOND, until_at=END + HOUR)
    authorised(inquiry, province, from_at=END, until_at=END + HOUR, number="216/GUQ-SXD")
    an_authorisation(inquiry, province.deputy, by=province.head, from_at=START, until_at=END, number="217/GUQ-SXD")


@pytest.mark.parametrize(
    "status", [Status.RECEIVED, Status.ANSWERED, Status.REFUSED, Status.WITHDRAWN, Status.ARCHIVED]
)
def test_a_matter_that_is_over_or_not_begun_is_refused(province, status):
    inquiry = an_inquiry(province, status=status)
    with pytest.raises((StepNotAllowed, NotAllowed), match="Article 3"):
        authorised(inquiry, province)


def test_the_head_needs_no_authority(province):
    with pytest.raises(BadInput, match="speaks by office"):
        an_authorisation(an_inquiry(province, status=Status.DRAFTING), province.head, by=province.head)


def test_only_the_head_revokes_with_a_reason_and_once(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    made = authorised(inquiry, province)
    with pytest.raises(NotAllowed):
        authorising.revoke(inquiry, made, "Thôi", actor=province.deputy, now=CUT)
    with pytest.raises(BadInput):
        authorising.revoke(inquiry, made, " ", actor=province.head, now=CUT)
    authorising.revoke(inquiry, made, "Thôi", actor=province.head, now=CUT)
    for at in (CUT, END):
        with pytest.raises(StepNotAllowed):
            authorising.revoke(inquiry, made, "Thôi", actor=province.head, now=at)


# --- who could speak, now and then --------------------------------------------------------------------------


def test_a_head_of_then_may_have_spoken_and_a_head_of_now_not_before_their_time(province):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    accounts.hand_over(province.department, province.deputy.id, now=START)
    with pytest.raises(BadInput):
        release(inquiry, province.deputy, START - SECOND, actor=province.drafter)
    with pytest.raises(BadInput):
        release(inquiry, province.head, START, actor=province.drafter)
    release(inquiry, province.head, START - SECOND, actor=province.drafter)


def test_a_deputy_speaks_only_by_a_right(province):
    inquiry = an_inquiry(province, status=Status.APPROVED)
    with pytest.raises(BadInput, match="3\\(7\\)"):
        release(inquiry, province.deputy, START, actor=province.drafter)
    an_authorisation(inquiry, province.deputy, by=province.head, from_at=START, until_at=END)
    release(inquiry, province.deputy, START, actor=province.drafter)


def test_who_could_speak_at_a_moment_is_known_afterwards(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    made = authorised(inquiry, province)
    authorising.revoke(inquiry, made, "Thôi", actor=province.head, now=CUT)

    def kinds(at):
        return [right.kind for right in speakers_at(inquiry, at)]

    assert kinds(START - SECOND) == kinds(CUT) == [RightKind.HEAD]
    assert kinds(START) == kinds(CUT - SECOND) == [RightKind.HEAD, RightKind.AUTHORISED]


def test_whoever_left_the_agency_lost_the_authority_and_keeps_what_was(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    authorised(inquiry, province)
    province.speaker.agency = province.other
    with pytest.raises(NotAllowed):
        approve(inquiry, province, START)
    assert jobs.tell_ended(CUT, authorising.note_end) == 1
    rights = speakers_at(inquiry, CUT - SECOND)
    assert [right.kind for right in rights] == [RightKind.HEAD, RightKind.AUTHORISED]
    assert len(speakers_at(inquiry, CUT)) == 1


def test_an_authority_of_a_former_lead_agency_is_none(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorised(inquiry, province)
    handling.assign(inquiry, province.other, actor=province.clerk, now=NOW)
    assert [right.full_name for right in speakers_at(inquiry, START)] == ["Đỗ Giám Đốc"]


# --- the queue, the notices, the history ------------------------------------------------------------------------


def mine(person, now):
    return [row.id for row in lists.queue(person, Filters(my_turn=True), now)]


def test_the_queue_is_handed_over_and_comes_back(province):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    authorised(inquiry, province)
    for at, holder in ((START - SECOND, province.head), (START, province.speaker), (END, province.head)):
        assert [person for person in (province.head, province.speaker) if mine(person, at)] == [holder]
        assert mine(province.deputy, at) == [inquiry.id]
    assert [row.inquiry_id for row in authorities_of(province.speaker.id, START)] == [inquiry.id]


def test_what_was_handed_to_somebody_who_left_is_the_heads_again_at_once(province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    authorised(inquiry, province)
    province.speaker.active = False
    session.flush()
    assert (mine(province.head, START), mine(province.speaker, START)) == ([inquiry.id], [])


def test_what_the_authorised_person_wrote_stays_with_the_head(province):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    answer.save_draft(inquiry, "Lời khác.", actor=province.speaker, now=NOW)
    answer.submit(inquiry, actor=province.drafter, now=NOW)
    authorised(inquiry, province)
    assert mine(province.head, START) == [inquiry.id]


def told(session):
    rows = session.scalars(sa.select(Notice).where(Notice.about_kind == "authorisations").order_by(Notice.id))
    return [(row.kind.value, session.get_one(Person, row.person_id).full_name) for row in rows]


def test_both_are_told_before_the_end_and_at_the_end_once(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    made = authorised(inquiry, province, until_at=NOW + timedelta(days=7))  # Friday 27 November, 16:30
    names = ["Bùi Được Ủy Quyền", "Lê Giám Đốc"]
    assert told(session) == [("authority:given", names[0])]
    thursday = office_instant(date(2026, 11, 26), time(7, 30))
    assert made.remind_at == thursday
    assert jobs.tell_ended(thursday - SECOND, authorising.note_end) == 0
    assert [jobs.tell_ended(thursday, authorising.note_end) for _ in range(2)] == [1, 0]
    assert sorted(told(session)[1:]) == [("authority:ending", name) for name in names]
    end = NOW + timedelta(days=7)
    assert jobs.tell_ended(end - SECOND, authorising.note_end) == 0
    assert [jobs.tell_ended(end, authorising.note_end) for _ in range(2)] == [1, 0]
    assert sorted(told(session)[3:]) == [("authority:ended", name) for name in names]
    expected = "Ủy quyền của Bùi Được Ủy Quyền theo văn bản số 215/GUQ-SXD hết hiệu lực lúc 16:30 27/11/2026"
    assert said(inquiry).startswith(expected)


def test_a_revocation_is_told_at_once_and_not_again_at_the_end(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorising.revoke(inquiry, authorised(inquiry, province), "Đã về", actor=province.head, now=CUT)
    assert told(session)[1:] == [("authority:revoked", "Bùi Được Ủy Quyền")]
    assert jobs.tell_ended(END, authorising.note_end) == 0


def test_a_prepared_one_thrown_away_is_told_nobody(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorising.revoke(inquiry, authorised(inquiry, province, number=""), "Nhầm", actor=province.head, now=CUT)
    assert told(session) == []
    assert "authority" not in session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id.desc())).first().event


def test_who_acts_in_whose_place_stands_in_the_audit_log(province, session):
    inquiry = an_inquiry(province, status=Status.IN_REVIEW)
    made = authorised(inquiry, province)
    approve(inquiry, province, START)
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry.data["authority"] == {
        "id": made.id,
        "name": "Bùi Được Ủy Quyền",
        "giver": "Lê Giám Đốc",
        "number": "215/GUQ-SXD",
        "signed_on": "2026-11-20",
    }


def test_whoever_acts_by_authority_hears_that_an_answer_waits(province, session):
    inquiry = an_inquiry(province, status=Status.DRAFTING)
    authorised(inquiry, province)
    answer.submit(inquiry, actor=province.drafter, now=START)
    waiting = session.scalars(sa.select(Notice.person_id).where(Notice.kind == "case:submitted")).all()
    assert set(waiting) == {province.head.id, province.deputy.id, province.speaker.id}


def test_the_stored_invariants_hold_in_the_database(province, session):
    made = authorised(an_inquiry(province, status=Status.DRAFTING), province)
    for facts in ({"number": ""}, {"until_at": made.from_at}, {"inquiry_id": None}, {"granted_by_id": None}):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.update(Authorisation).where(Authorisation.id == made.id).values(**facts))
