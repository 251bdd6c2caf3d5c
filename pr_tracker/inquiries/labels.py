"""In words, vi and en: enums of the case, the history as sentences, whose turn it is."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.deadlines.labels import face_words
from pr_tracker.deadlines.labels_names import EXTENSION_REASONS, STOP_REASONS, days_words, working_days_words
from pr_tracker.deadlines.rules import ClockFace, DueTime, FaceState, face
from pr_tracker.deadlines.rules_calendar import WorkingCalendar
from pr_tracker.deadlines.rules_terms import DayUnit
from pr_tracker.inquiries.labels_articles import (
    ARTICLE_EVENT,
    ARTICLE_SENTENCES,
    LETTER_KIND,
    OUTCOME,
    SENDING_WAY,
    STATED,
    VERDICT,
)
from pr_tracker.inquiries.labels_ledger import SENTENCES as LEDGER_SENTENCES
from pr_tracker.inquiries.labels_ledger import source_words
from pr_tracker.inquiries.rules import Status, Step
from pr_tracker.inquiries.rules_articles import Stated
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import (
    INTERNAL_KEYS,
    Channel,
    Kind,
    Part,
    RefusalGround,
    Sensitivity,
    Urgency,
    stands_since,
)
from pr_tracker.inquiries.rules_seal import ReviewStep, VoidReason
from pr_tracker.office_time import write_day, write_moment
from pr_tracker.spokespersons.labels_names import by_authority, kept_ground_words
from pr_tracker.spokespersons.rules_authority import RightKind
from pr_tracker.statements.labels import ANSWER_FORM as ANSWER_FORM

STATUS = {
    Status.RECEIVED: _l("Received"),
    Status.ASSIGNED: _l("Assigned"),
    Status.DRAFTING: _l("In progress"),
    Status.IN_REVIEW: _l("Awaiting approval"),
    Status.RETURNED: _l("Returned for revision"),
    Status.APPROVED: _l("Approved"),
    Status.ANSWERED: _l("Answered"),
    Status.REFUSED: _l("Refused (reason given)"),
    Status.WITHDRAWN: _l("Withdrawn"),
    Status.ARCHIVED: _l("Archived"),
}
KIND = {
    Kind.QUESTION: _l("Ordinary question"),
    Kind.INTERVIEW: _l("Interview request"),
    Kind.ANSWER_ON_PRESS: _l("Request to answer on the press"),
    Kind.FORWARDED_OPINION: _l("Forwarded opinion or report"),
    Kind.FORWARDED_COMPLAINT: _l("Forwarded complaint"),
    Kind.FORWARDED_DENUNCIATION: _l("Forwarded denunciation"),
    Kind.INCIDENT: _l("Incident"),
    Kind.DIVIDED_OPINION: _l("Divided public opinion"),
    Kind.FOREIGN_INTERVIEW: _l("Foreign bureau: interview of a provincial leader"),
    Kind.FOREIGN_ACTIVITY: _l("Foreign bureau: press activity in the province"),
}
CHANNEL = {
    Channel.PHONE: _l("Phone"),
    Channel.EMAIL: _l("E-mail"),
    Channel.LETTER: _l("Letter or dispatch"),
    Channel.IN_PERSON: _l("In person"),
    Channel.PRESS_CONFERENCE: _l("Press conference"),
    Channel.SOCIAL_NETWORK: _l("Social network"),
    Channel.FORWARDED: _l("Forwarded by an authority"),
}
URGENCY = {
    Urgency.NORMAL: _l("Normal"),
    Urgency.URGENT: _l("Urgent (KHẨN)"),
    Urgency.VERY_URGENT: _l("Very urgent (THƯỢNG KHẨN)"),
    Urgency.MOST_URGENT: _l("Most urgent (HỎA TỐC)"),
}
# As printed on paper, Decree 30/2020/NĐ-CP: always in Vietnamese.
URGENCY_MARK = {
    Urgency.NORMAL: "",
    Urgency.URGENT: "KHẨN",
    Urgency.VERY_URGENT: "THƯỢNG KHẨN",
    Urgency.MOST_URGENT: "HỎA TỐC",
}
SENSITIVITY = {
    Sensitivity.NORMAL: _l("Not sensitive"),
    Sensitivity.SENSITIVE: _l("Sensitive"),
}
GROUND = {
    RefusalGround.SECRET: _l("State secret, personal, family or other secret protected by law"),
    RefusalGround.INVESTIGATION: _l("Case under investigation or not yet tried"),
    RefusalGround.UNCONCLUDED: _l(
        "Inspection without conclusion; complaint, denunciation or dispute between state bodies not yet settled"
    ),
    RefusalGround.DRAFT_POLICY: _l("Policy still being drafted"),
}
GROUND_ARTICLE = {
    RefusalGround.SECRET: _l("Press Law 2025, Article 31(2)(a); Decree 244/2026/NĐ-CP, Article 4(3)"),
    RefusalGround.INVESTIGATION: _l("Press Law 2025, Article 31(2)(b); Decree 244/2026/NĐ-CP, Article 4(3)"),
    RefusalGround.UNCONCLUDED: _l("Press Law 2025, Article 31(2)(c); Decree 244/2026/NĐ-CP, Article 4(3)"),
    RefusalGround.DRAFT_POLICY: _l("Press Law 2016, Article 38(2)(d)"),
}
PART = {
    Part.INTAKE: _l("logged it"),
    Part.LEAD: _l("lead"),
    Part.COORDINATING: _l("coordinating"),
    Part.WATCHING: _l("for information"),
    Part.ASKED: _l("asked to take over"),
}
REVIEW_STEP = {
    ReviewStep.AGENCY: _l("the leadership of the lead agency"),
    ReviewStep.PROVINCE: _l("the leadership of UBND tỉnh"),
}
APPROVED_AT_STEP = {
    ReviewStep.AGENCY: _l("approved for the lead agency"),
    ReviewStep.PROVINCE: _l("approved for the leadership of UBND tỉnh"),
}
VOID_REASON = {
    VoidReason.NEW_VERSION: _l("a new version was saved"),
    VoidReason.RETURNED: _l("the text was returned for revision"),
    VoidReason.NOT_FOLLOWED: _l("another version followed"),
}
# The verb on a button, named by its act.
STEP = {
    Step.ACKNOWLEDGE: _l("Record the acknowledgement"),
    Step.ASSIGN: _l("Assign"),
    Step.TAKE_OVER: _l("Take over"),
    Step.ASK_TAKE_OVER: _l("Ask another agency to take over"),
    Step.COORDINATE: _l("Ask agencies for input"),
    Step.CONTRIBUTE: _l("Write our part"),
    Step.APPROVE_PART: _l("Approve our part"),
    Step.WATCH: _l("Let an agency follow"),
    Step.DRAFT: _l("Write the answer"),
    Step.SUBMIT: _l("Submit for approval"),
    Step.RETURN: _l("Return for revision"),
    Step.ENDORSE: _l("Approve"),
    Step.APPROVE: _l("Approve"),
    Step.REOPEN: _l("Re-open the approval"),
    Step.RELEASE: _l("Record the release"),
    Step.ANSWER_BY_STATEMENT: _l("Answer by the incident's statement"),
    Step.REFUSE: _l("Record the refusal"),
    Step.WITHDRAW: _l("Record the withdrawal"),
    Step.CLOSE: _l("Close the file"),
    Step.ARCHIVE: _l("Archive"),
    Step.COMMENT: _l("Comment"),
    Step.ATTACH: _l("Attach a file"),
    Step.URGE: _l("Urge"),
    Step.MARK_SENSITIVE: _l("Mark as sensitive"),
    Step.JOIN_INCIDENT: _l("Put into an incident"),
    Step.LEAVE_INCIDENT: _l("Take out of the incident"),
    Step.PAUSE: _l("Pause the clock"),
    Step.RESUME: _l("Let the clock run on"),
    Step.ASK_EXTENSION: _l("Ask for an extension"),
    Step.DECIDE_EXTENSION: _l("Decide on the extension"),
    Step.FOLLOW: _l("Enter an article"),
    Step.WRITE_LETTER: _l("Write to the press agency"),
    Step.APPROVE_LETTER: _l("Approve the letter"),
    Step.AUTHORISE: _l("Authorise somebody to speak"),
}
EVENT = {
    InquiryEvent.LOG: _l("Inquiry logged"),
    InquiryEvent.CHANGE: _l("Inquiry changed"),
    InquiryEvent.ACKNOWLEDGE: _l("Receipt acknowledged"),
    InquiryEvent.ASSIGN: _l("Inquiry assigned"),
    InquiryEvent.TAKE_CASE: _l("Case officer named"),
    InquiryEvent.TAKE_OVER: _l("Inquiry taken over"),
    InquiryEvent.ASK_TAKE_OVER: _l("Asked to take over"),
    InquiryEvent.ACCEPT_TAKE_OVER: _l("Take-over accepted"),
    InquiryEvent.DECLINE_TAKE_OVER: _l("Take-over declined"),
    InquiryEvent.COORDINATE: _l("Coordinating agency added"),
    InquiryEvent.RELIEVE: _l("Coordinating agency relieved"),
    InquiryEvent.CONTRIBUTE: _l("Coordinating agency sent its part"),
    InquiryEvent.ASK_AGAIN: _l("Coordinating agency asked further"),
    InquiryEvent.ASK_BACK: _l("Coordinating agency asked back"),
    InquiryEvent.DRAFT_PART: _l("Version of a part saved"),
    InquiryEvent.SUBMIT_PART: _l("Part submitted"),
    InquiryEvent.RETURN_PART: _l("Part returned"),
    InquiryEvent.CORRECT_PART: _l("Corrected part sent"),
    InquiryEvent.MERGE_PART: _l("Part taken up in the answer"),
    InquiryEvent.DROP_SOURCE: _l("Part no longer used in the answer"),
    InquiryEvent.WATCH: _l("Agency follows"),
    InquiryEvent.UNWATCH: _l("Agency no longer follows"),
    InquiryEvent.DEADLINE: _l("Deadline recounted"),
    InquiryEvent.DRAFT: _l("Version of the answer saved"),
    InquiryEvent.SUBMIT: _l("Answer submitted"),
    InquiryEvent.RETURN: _l("Answer returned"),
    InquiryEvent.APPROVE: _l("Answer approved"),
    InquiryEvent.RELEASE: _l("Answer released"),
    InquiryEvent.REFUSE: _l("Inquiry refused"),
    InquiryEvent.WITHDRAW: _l("Inquiry withdrawn"),
    InquiryEvent.CLOSE: _l("File closed"),
    InquiryEvent.ARCHIVE: _l("File archived"),
    InquiryEvent.COMMENT: _l("Comment"),
    InquiryEvent.ATTACH: _l("File attached"),
    InquiryEvent.DOWNLOAD: _l("File downloaded"),
    InquiryEvent.EXPORT: _l("Inquiries exported"),
    InquiryEvent.SAVE_VIEW: _l("View of the list saved"),
    InquiryEvent.REMOVE_VIEW: _l("View of the list removed"),
    InquiryEvent.DEADLINE_MOVE: _l("Deadline moved"),
    InquiryEvent.PAUSE: _l("Clock paused"),
    InquiryEvent.RESUME: _l("Clock resumed"),
    InquiryEvent.ASK_EXTENSION: _l("Extension asked for"),
    InquiryEvent.GRANT_EXTENSION: _l("Extension granted"),
    InquiryEvent.DECLINE_EXTENSION: _l("Extension declined"),
    InquiryEvent.URGE: _l("Lead agency urged"),
    InquiryEvent.NEW_HEAD: _l("Responsible head changed"),
    InquiryEvent.REUSE: _l("Statement put into the answer"),
    InquiryEvent.KEEP: _l("Answer kept as a statement"),
    InquiryEvent.KEEP_OUT: _l("Answer kept out of the library"),
    InquiryEvent.VOICE_REPLACE: _l("Answer takes the place of a statement"),
    InquiryEvent.VOICE_AGREE: _l("Answer found to agree with a statement"),
    **ARTICLE_EVENT,
    InquiryEvent.JOIN_INCIDENT: _l("Inquiry put into an incident"),
    InquiryEvent.LEAVE_INCIDENT: _l("Inquiry taken out of an incident"),
    InquiryEvent.INFORM: _l("Statement of the incident sent"),
    InquiryEvent.ENDORSE: _l("Approved, second approval asked for"),
    InquiryEvent.REOPEN: _l("Approval re-opened"),
    InquiryEvent.MARK_SENSITIVE: _l("Marked as sensitive"),
    InquiryEvent.AUTHORISE: _l("Authority to speak given"),
    InquiryEvent.REVOKE_AUTHORITY: _l("Authority to speak revoked"),
    InquiryEvent.END_AUTHORITY: _l("Authority to speak ended"),
}
# What whoever's turn it is has to do, and what comes then.
TASK = {
    Status.RECEIVED: _l("name the lead agency"),
    Status.ASSIGNED: _l("write the answer"),
    Status.DRAFTING: _l("finish the answer and submit it for approval"),
    Status.IN_REVIEW: _l("approve the answer or return it"),
    Status.RETURNED: _l("revise the answer as the return says"),
    Status.APPROVED: _l("give the press the approved answer and record it here"),
}
THEN = {
    Status.RECEIVED: _l("Then the lead agency writes the answer."),
    Status.ASSIGNED: _l("Then its head or a deputy approves."),
    Status.DRAFTING: _l("Then its head or a deputy approves."),
    Status.IN_REVIEW: _l("Then the answer is given to the press."),
    Status.RETURNED: _l("Then its head or a deputy approves."),
    Status.APPROVED: _l("Then the file can be closed."),
}
# One sentence an event, with a subject: "%(who)s …".
SENTENCES: dict[InquiryEvent, Any] = {
    InquiryEvent.LOG: _l("%(who)s logged the inquiry as %(code)s, received by: %(channel)s. Due: %(due)s."),
    InquiryEvent.CHANGE: _l("%(who)s changed the inquiry."),
    InquiryEvent.ACKNOWLEDGE: _l("%(who)s told the press at %(at)s that the inquiry was received."),
    InquiryEvent.ASSIGN: _l("%(who)s assigned %(agency)s to lead. Responsible: %(responsible)s."),
    InquiryEvent.TAKE_CASE: _l("%(who)s named the case officer: %(officer)s."),
    InquiryEvent.TAKE_OVER: _l("%(who)s took over for %(agency)s."),
    InquiryEvent.ASK_TAKE_OVER: _l("%(who)s asked %(agency)s to take over:"),
    InquiryEvent.ACCEPT_TAKE_OVER: _l("%(who)s accepted for %(agency)s to lead."),
    InquiryEvent.DECLINE_TAKE_OVER: _l("%(who)s declined for %(agency)s to take over:"),
    InquiryEvent.COORDINATE: _l("%(who)s asked %(agency)s to coordinate, due %(due)s:"),
    InquiryEvent.RELIEVE: _l("%(who)s relieved %(agency)s of coordinating."),
    InquiryEvent.CONTRIBUTE: _l("%(who)s sent the part of %(agency)s."),
    InquiryEvent.ASK_AGAIN: _l("%(who)s asked %(agency)s further, due %(due)s:"),
    InquiryEvent.ASK_BACK: _l("%(who)s asked %(agency)s back about its part, due %(due)s:"),
    InquiryEvent.DRAFT_PART: _l("%(who)s saved version %(number)s of the part of %(agency)s."),
    InquiryEvent.SUBMIT_PART: _l("%(who)s submitted version %(number)s of the part of %(agency)s for approval."),
    InquiryEvent.RETURN_PART: _l("%(who)s returned version %(number)s of the part of %(agency)s for revision."),
    InquiryEvent.CORRECT_PART: _l("%(who)s approved and sent version %(number)s of the part of %(agency)s."),
    InquiryEvent.MERGE_PART: _l(
        "%(who)s put the part of %(agency)s (version %(version)s) into version %(number)s of the answer."
    ),
    InquiryEvent.DROP_SOURCE: _l(
        "%(who)s recorded that the answer no longer uses the part of %(agency)s (version %(version)s)."
    ),
    InquiryEvent.WATCH: _l("%(who)s let %(agency)s follow the inquiry."),
    InquiryEvent.UNWATCH: _l("%(who)s ended the following by %(agency)s."),
    InquiryEvent.DEADLINE: _l("The internal term of %(agency)s applies: the due day moves from %(old)s to %(new)s."),
    InquiryEvent.DRAFT: _l("%(who)s saved version %(number)s of the answer."),
    InquiryEvent.SUBMIT: _l("%(who)s submitted version %(number)s for approval."),
    InquiryEvent.RETURN: _l("%(who)s returned version %(number)s for revision:"),
    InquiryEvent.APPROVE: _l("%(who)s approved version %(number)s."),
    InquiryEvent.RELEASE: _l("%(who)s recorded the release at %(at)s by: %(form)s. Speaker: %(speaker)s."),
    InquiryEvent.REFUSE: _l("%(who)s refused on this ground: %(ground)s. Reason given to the press:"),
    InquiryEvent.WITHDRAW: _l("%(who)s recorded that the press withdrew its inquiry:"),
    InquiryEvent.CLOSE: _l("%(who)s closed the file."),
    InquiryEvent.ARCHIVE: _l("%(who)s archived the file."),
    InquiryEvent.COMMENT: _l("%(who)s commented:"),
    InquiryEvent.ATTACH: _l("%(who)s attached the file %(file)s."),
    InquiryEvent.DOWNLOAD: _l("%(who)s downloaded the file %(file)s."),
    InquiryEvent.EXPORT: _l("%(who)s exported inquiries."),
    InquiryEvent.SAVE_VIEW: _l("%(who)s saved a view of the list."),
    InquiryEvent.REMOVE_VIEW: _l("%(who)s removed a view of the list."),
    InquiryEvent.DEADLINE_MOVE: _l("The due time of %(agency)s moves from %(old)s to %(new)s:"),
    InquiryEvent.PAUSE: _l("%(who)s stopped the clock; it runs on from %(until)s. Reason: %(ground)s. Due: %(due)s."),
    InquiryEvent.RESUME: _l("%(who)s let the clock run on. Due: %(due)s."),
    InquiryEvent.ASK_EXTENSION: _l("%(who)s asked for an extension by %(days)s: %(ground)s."),
    InquiryEvent.GRANT_EXTENSION: _l("%(who)s granted the extension by %(days)s. Due: %(due)s."),
    InquiryEvent.DECLINE_EXTENSION: _l("%(who)s declined the extension:"),
    InquiryEvent.URGE: _l("%(who)s urged %(agency)s:"),
    InquiryEvent.NEW_HEAD: _l("%(agency)s has a new head: %(new)s is responsible from now on, until then %(old)s."),
    InquiryEvent.REUSE: _l("%(who)s put statement %(code)s of %(agency)s into version %(number)s."),
    InquiryEvent.KEEP: _l("The answer is kept in the library as statement %(code)s."),
    InquiryEvent.KEEP_OUT: _l("%(who)s kept the answer out of the library of statements:"),
    InquiryEvent.VOICE_REPLACE: _l("%(who)s decided that the answer takes the place of statement %(code)s."),
    InquiryEvent.VOICE_AGREE: _l("%(who)s decided that the answer does not contradict statement %(code)s:"),
    **ARTICLE_SENTENCES,
    InquiryEvent.JOIN_INCIDENT: _l("%(who)s put the inquiry into incident %(incident)s. Its deadline stays."),
    InquiryEvent.LEAVE_INCIDENT: _l("%(who)s took the inquiry out of incident %(incident)s. Its deadline stays."),
    InquiryEvent.INFORM: _l(
        "%(who)s sent the press statement %(number)s of incident %(incident)s at %(at)s by: %(form)s. "
        "The inquiry stays open."
    ),
    InquiryEvent.ENDORSE: _l("%(who)s approved version %(number)s; the leadership of UBND tỉnh approves it next."),
    InquiryEvent.REOPEN: _l("Version %(number)s needs one approval more, by %(step)s."),
    InquiryEvent.MARK_SENSITIVE: _l("%(who)s marked the inquiry as sensitive:"),
    InquiryEvent.AUTHORISE: _l(
        "%(who)s authorised %(name)s to speak in this inquiry by document no. %(number)s of %(signed_on)s, "
        "from %(since)s to %(until)s."
    ),
    InquiryEvent.REVOKE_AUTHORITY: _l("%(who)s revoked the authority of %(name)s by document no. %(number)s:"),
    InquiryEvent.END_AUTHORITY: _l(
        "The authority of %(name)s by document no. %(number)s ended at %(until)s, %(giver)s has the matter again."
    ),
}
_QUOTED = ("reason", "task", "text", "note", "words")


def face_of(case: Any, now: datetime, calendar: WorkingCalendar) -> ClockFace:
    """What the clock of a case shows: an Inquiry, or a row with its columns."""
    return face(
        DueTime(case.due_on, case.due_at, case.ends_at),
        now=now,
        calendar=calendar,
        statutory=case.clock_key not in INTERNAL_KEYS,
        closed_at=case.finished_at,
        paused_at=stands_since(case.paused_at, case.paused_until, now),
    )


def clock_words(shown: ClockFace, case: Any) -> str:
    """The chip's words; a case that the press withdrew in time was neither on time nor late."""
    withdrawn = case.finished_at is not None and case.released_at is None and case.refusal_ground is None
    if withdrawn and shown.state is FaceState.MET:
        return _("Withdrawn within the term")
    return face_words(shown)


def states_words(states: list[str]) -> str:
    """What an answer on the press states: "Biện pháp giải quyết, Kết quả"."""
    return ", ".join(str(STATED[Stated(one)]) for one in states)


def who_words(row: sa.Row) -> str:
    """Who acted, with the office they hold: "Lê Hồ Trọng Hậu, Phó Giám đốc"."""
    if not row.actor:
        return _("The system")
    return f"{row.actor}, {row.title}" if row.title else str(row.actor)


def _doer(row: sa.Row, absent: str | None) -> str:
    """Who acted, and for whom, as the subject of a sentence."""
    who = who_words(row)
    if absent:
        return _("%(who)s, instead of %(absent)s,", who=who, absent=absent)
    return f"{who}," if row.actor and row.title else who


class _Values(dict[str, str]):
    """The values of a sentence; one that an old entry does not have leaves a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "…"


def sentence(row: sa.Row) -> str:
    """One line of history as a sentence, the quotation apart."""
    data = _data(row)
    values = _Values({name: _shown(name, value) for name, value in data.items()})
    values["who"] = by_authority(data["authority"]) if "authority" in data else _doer(row, data.get("instead_of"))
    if "right" in data:
        values["speaker"] = speaker_words(data["right"])
    values["due"] = _moment(data.get("due_on") or data.get("due_at") or data.get("due")) or "…"
    if "days" in data:
        values["days"] = unit_words(int(data["days"]), working=data.get("unit") != DayUnit.CALENDAR)
    if data.get("by_plan"):
        values["due"] = _("%(due)s by the plan of the draft", due=values["due"])
    said = _source(row, data) % values
    said += _of_answer(InquiryEvent(row.event), data)
    if "ledger" in data and "code" in data:
        said += " " + source_words(data)
    if data.get("late"):
        said += " " + _("It was late.")
    if data.get("voids_approval"):
        said += " " + _("The earlier approval no longer counts.")
    if data.get("parent"):
        said += " " + _("It follows up %(code)s.", code=data["parent"])
    return said


def _source(row: sa.Row, data: dict[str, Any]) -> str:
    """The sentence of an event; before agencies approved what they send, whoever sent was nobody's approver."""
    event = InquiryEvent(row.event)
    if event is InquiryEvent.CONTRIBUTE and "number" in data:
        event = InquiryEvent.CORRECT_PART
    return str((LEDGER_SENTENCES if "ledger" in data else SENTENCES)[event])


ANSWERS_ALONE = _l("The head of the agency answers directly, and approved their own text.")


def _of_answer(event: InquiryEvent, data: dict[str, Any]) -> str:
    """What a version or its approval adds: a ground, its files, that the head answered alone."""
    added = []
    if event is InquiryEvent.DRAFT and data.get("ground"):
        added.append(_("It is a refusal on this ground: %(ground)s.", ground=_shown("ground", data["ground"])))
    if isinstance(data.get("files"), list):
        added.append(_("With it: %(files)s.", files=", ".join(map(str, data["files"]))))
    if event is InquiryEvent.APPROVE and data.get("step") == ReviewStep.PROVINCE:
        added.append(_("It is the approval of the leadership of UBND tỉnh."))
    if data.get("alone"):
        own = event in (InquiryEvent.APPROVE, InquiryEvent.ENDORSE)
        added.append(str(ANSWERS_ALONE) if own else _("The head answered alone."))
    if event is InquiryEvent.RELEASE and data.get("incident"):
        added.append(_("The statement of incident %(incident)s answers it.", incident=data["incident"]))
    if event is InquiryEvent.REFUSE and data.get("at"):
        added.append(_("The press was told at %(at)s.", at=_moment(data["at"])))
    return "".join(f" {sentence}" for sentence in added)


def seal_words(row: sa.Row) -> list[str]:
    """Who approved, with the title held then, when, and what has to be known of it; a row of reviews_of."""
    who = ", ".join(filter(None, (row.full_name, row.title)))
    return [_("%(who)s, %(moment)s", who=who, moment=write_moment(row.at)), *seal_notes(row)]


def seal_notes(row: sa.Row) -> list[str]:
    """What has to be known of an approval: that the head answered alone, in whose place it was given."""
    in_place_of = [f"{by_authority(row.authority)}."] if row.authority else []
    return [*in_place_of, *([str(ANSWERS_ALONE)] if row.alone else [])]


def speaker_words(right: dict[str, Any]) -> str:
    """Who spoke and by what right, as the release keeps it: "B thay A theo văn bản số X ngày …"."""
    ground = kept_ground_words(right)
    if right["kind"] == RightKind.AUTHORISED:
        return ground
    return f"{', '.join(filter(None, (right['name'], right['title'])))} ({ground})"


def unit_words(days: int, *, working: bool) -> str:
    """So many days in the unit of a term."""
    return working_days_words(days) if working else days_words(days)


def quotation(row: sa.Row) -> str:
    """The words quoted below the sentence: a reason, a task, a comment."""
    data = _data(row)
    if InquiryEvent(row.event) is InquiryEvent.RELEASE:
        return str(data.get("evidence", ""))
    return next((str(data[name]) for name in _QUOTED if data.get(name)), "")


def _data(row: sa.Row) -> dict[str, Any]:
    return row.data if isinstance(row.data, dict) else {}


def _moment(iso: Any) -> str:
    """A stored day or moment as it is written; whatever else was stored, as it stands."""
    text = str(iso or "")
    try:
        return write_moment(datetime.fromisoformat(text)) if "T" in text else write_day(date.fromisoformat(text))
    except ValueError:
        return text


# A StrEnum equals its code, so what was stored is found under its member.
_ENUMS: dict[str, dict[Any, Any]] = {
    "channel": CHANNEL,
    "form": ANSWER_FORM,
    "verdict": VERDICT,
    "letter": LETTER_KIND,
    "outcome": OUTCOME,
    "way": SENDING_WAY,
    "ground": {**GROUND, **STOP_REASONS, **EXTENSION_REASONS},
    "step": REVIEW_STEP,
}
_MOMENTS = frozenset({"at", "old", "new", "until", "since", "on", "day", "signed_on"})


def _shown(name: str, value: Any) -> str:
    if name in _ENUMS:
        return str(_ENUMS[name].get(str(value), value))
    return _moment(value) if name in _MOMENTS else str(value)
