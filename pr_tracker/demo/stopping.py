"""Some clocks of the demo stand still or were extended, by the office's own actions and within its rules."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pr_tracker.accounts.models import Person
from pr_tracker.deadlines.rules_terms import ExtensionReason, StopReason
from pr_tracker.demo.plan import Act, Verb
from pr_tracker.errors import BadInput
from pr_tracker.inquiries.actions import stops
from pr_tracker.inquiries.actions.stops import usual_stops
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.inquiries.rules import LED
from pr_tracker.inquiries.rules_kinds import INTERNAL_KEYS

MINUTE = timedelta(minutes=1)
WAITING = "Đã gửi thư điện tử đề nghị phóng viên nêu rõ địa điểm và thời gian phản ánh, chờ trả lời."
OUTSIDE = "Đã có văn bản đề nghị cơ quan trung ương cung cấp số liệu, chờ trả lời."
COMPLEX = "Cần kiểm tra hiện trường thêm một buổi trước khi trả lời."
GRANTED = "Đồng ý, đề nghị trả lời đúng hạn mới."


def along_the_way(act: Act, case: Inquiry, actor: Person) -> None:
    """With a few acts of the past a stop of a day, or an extension by a day that the head granted."""
    if case.clock_key not in INTERNAL_KEYS or case.status not in LED or act.at >= case.ends_at:
        return
    if act.verb is Verb.DRAFT and act.case % 13 == 5:
        _stop(case, actor, StopReason.WAITING_FOR_PRESS, WAITING, act.at)
    elif act.verb is Verb.SUBMIT and act.case % 9 == 4:
        _extend(case, actor, act.at)


def as_it_stands(cases: Iterable[Inquiry], moment: datetime) -> None:
    """Of the open cases two stand still, one was extended, and one extension waits for the head's decision."""
    running = [
        case
        for case in cases
        if case.finished_at is None and case.officer and case.clock_key in INTERNAL_KEYS and case.status in LED
    ]
    todo = [
        lambda case: _stop(case, case.officer, StopReason.WAITING_FOR_PRESS, WAITING, moment),
        lambda case: _stop(case, case.officer, StopReason.WAITING_FOR_OUTSIDE, OUTSIDE, moment),
        lambda case: stops.ask_extension(case, ExtensionReason.COMPLEX, 1, COMPLEX, actor=case.officer, now=moment),
    ]
    for case in running:
        if todo and moment < case.ends_at - timedelta(days=1) and not case.paused_at and not case.extended_days:
            todo.pop(0)(case)


def _stop(case: Inquiry, actor: Person, reason: StopReason, evidence: str, at: datetime) -> None:
    _days, runs_on = usual_stops(case, at)[reason]
    try:
        stops.pause(case, reason, runs_on, evidence, actor=actor, now=at)
    except BadInput:
        return  # stopped for as long as its rule allows: the story goes on without


def _extend(case: Inquiry, actor: Person, at: datetime) -> None:
    head = case.responsible
    if head is None or head.id == actor.id or case.extended_days:
        return
    stops.ask_extension(case, ExtensionReason.COMPLEX, 1, COMPLEX, actor=actor, now=at)
    stops.grant_extension(case, GRANTED, actor=head, now=at + MINUTE)
