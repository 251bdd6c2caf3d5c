"""What history and the audit log say of a case; who urges again, in whose place an act is done."""

from datetime import datetime, timedelta
from enum import StrEnum

from pr_tracker.errors import N_, BadInput
from pr_tracker.office_time import write_moment, write_time


class InquiryEvent(StrEnum):
    """What history and the audit log say of a case ("inquiry:thing:verb")."""

    LOG = "inquiry:log"
    CHANGE = "inquiry:change"
    ACKNOWLEDGE = "inquiry:acknowledge"
    ASSIGN = "inquiry:assign"
    TAKE_CASE = "inquiry:officer:take"
    TAKE_OVER = "inquiry:lead:take_over"
    ASK_TAKE_OVER = "inquiry:lead:ask"
    ACCEPT_TAKE_OVER = "inquiry:lead:accept"
    DECLINE_TAKE_OVER = "inquiry:lead:decline"
    COORDINATE = "inquiry:coordination:add"
    RELIEVE = "inquiry:coordination:end"
    CONTRIBUTE = "inquiry:coordination:send"
    WATCH = "inquiry:watcher:add"
    UNWATCH = "inquiry:watcher:end"
    DEADLINE = "inquiry:deadline:set"
    DRAFT = "inquiry:answer:draft"
    SUBMIT = "inquiry:answer:submit"
    RETURN = "inquiry:answer:return"
    APPROVE = "inquiry:answer:approve"
    RELEASE = "inquiry:answer:release"
    REFUSE = "inquiry:refuse"
    WITHDRAW = "inquiry:withdraw"
    CLOSE = "inquiry:close"
    ARCHIVE = "inquiry:archive"
    COMMENT = "inquiry:comment"
    ATTACH = "inquiry:attachment:add"
    DOWNLOAD = "inquiry:attachment:download"
    EXPORT = "inquiry:export"
    SAVE_VIEW = "inquiry:view:save"
    REMOVE_VIEW = "inquiry:view:remove"
    DEADLINE_MOVE = "inquiry:deadline:move"
    PAUSE = "inquiry:clock:pause"
    RESUME = "inquiry:clock:resume"
    ASK_EXTENSION = "inquiry:extension:ask"
    GRANT_EXTENSION = "inquiry:extension:grant"
    DECLINE_EXTENSION = "inquiry:extension:decline"
    URGE = "inquiry:urge"
    NEW_HEAD = "inquiry:responsible:change"  # the lead agency has another head
    REUSE = "inquiry:answer:reuse"  # a cleared statement was put into a version
    KEEP = "inquiry:statement:keep"  # the given answer became a statement
    KEEP_OUT = "inquiry:statement:keep_out"
    VOICE_REPLACE = "inquiry:voice:replace"  # it says otherwise than a statement, and takes its place
    VOICE_AGREE = "inquiry:voice:agree"  # it only seemed to
    ARTICLE = "inquiry:article:add"
    ARTICLE_CORRECT = "inquiry:article:correct"
    ARTICLE_JUDGE = "inquiry:article:judge"
    ARTICLE_WITHDRAW = "inquiry:article:withdraw"
    LETTER = "inquiry:letter:draft"
    LETTER_RETURN = "inquiry:letter:return"
    LETTER_APPROVE = "inquiry:letter:approve"
    LETTER_DROP = "inquiry:letter:drop"
    LETTER_SEND = "inquiry:letter:send"
    LETTER_RECEIVE = "inquiry:letter:receive"
    LETTER_OUTCOME = "inquiry:letter:outcome"
    RELAY = "inquiry:letter:relay"
    ASK_AGAIN = "inquiry:coordination:ask_again"
    ASK_BACK = "inquiry:coordination:ask_back"
    DRAFT_PART = "inquiry:part:draft"
    SUBMIT_PART = "inquiry:part:submit"
    RETURN_PART = "inquiry:part:return"
    CORRECT_PART = "inquiry:coordination:correct"
    MERGE_PART = "inquiry:answer:merge"
    DROP_SOURCE = "inquiry:answer:drop_source"
    JOIN_INCIDENT = "inquiry:incident:join"
    LEAVE_INCIDENT = "inquiry:incident:leave"
    INFORM = "inquiry:incident:inform"
    ENDORSE = "inquiry:answer:endorse"  # approved at the first of two steps
    REOPEN = "inquiry:answer:reopen"  # more approvals are needed than were given
    MARK_SENSITIVE = "inquiry:sensitive:mark"
    AUTHORISE = "inquiry:authority:give"
    REVOKE_AUTHORITY = "inquiry:authority:revoke"
    END_AUTHORITY = "inquiry:authority:end"


# What a leader does by their office; a remark is anybody's own, and some lines the system writes by itself.
ACTS_OF_LEADERS = frozenset(
    {
        InquiryEvent.ENDORSE,
        InquiryEvent.APPROVE,
        InquiryEvent.RETURN,
        InquiryEvent.GRANT_EXTENSION,
        InquiryEvent.DECLINE_EXTENSION,
        InquiryEvent.LETTER_APPROVE,
        InquiryEvent.LETTER_RETURN,
    }
)
NOBODYS_PART = frozenset(
    {
        InquiryEvent.COMMENT,
        InquiryEvent.DOWNLOAD,
        InquiryEvent.DEADLINE,
        InquiryEvent.DEADLINE_MOVE,
        InquiryEvent.URGE,
        InquiryEvent.REOPEN,
        InquiryEvent.AUTHORISE,
        InquiryEvent.REVOKE_AUTHORITY,
        InquiryEvent.END_AUTHORITY,
    }
)
# What a coordinating agency does in its own box: in nobody's place at the lead agency.
IN_THE_BOX = frozenset(
    {
        InquiryEvent.DRAFT_PART,
        InquiryEvent.SUBMIT_PART,
        InquiryEvent.RETURN_PART,
        InquiryEvent.CONTRIBUTE,
        InquiryEvent.CORRECT_PART,
    }
)


# What whoever the head has authorised does in the head's place, by the paper.
ACTS_BY_AUTHORITY = frozenset(
    {
        InquiryEvent.APPROVE,
        InquiryEvent.ENDORSE,
        InquiryEvent.RETURN,
        InquiryEvent.LETTER_APPROVE,
        InquiryEvent.LETTER_RETURN,
    }
)


URGED_AGAIN_AFTER = timedelta(hours=4)


def require_not_just_urged(last_at: datetime | None, now: datetime) -> None:
    """One person urges in one case at most every four hours. Raises BadInput with the time of the last word."""
    if last_at is not None and now - last_at < URGED_AGAIN_AFTER:
        message = N_("You urged at %(time)s already; the next time is possible from %(again)s.")
        again = last_at + URGED_AGAIN_AFTER
        raise BadInput(message, field="note", time=write_time(last_at), again=write_moment(again))


def may_be_done_for(
    event: InquiryEvent, *, actor_id: int, officer_id: int | None, responsible_id: int | None
) -> tuple[int, ...]:
    """In whose place somebody may be doing this, likelier first: the case officer, the responsible head."""
    people = (responsible_id,) if event in ACTS_OF_LEADERS else (officer_id, responsible_id)
    if event in NOBODYS_PART | IN_THE_BOX or actor_id in people:
        return ()
    return tuple(person_id for person_id in people if person_id is not None)
