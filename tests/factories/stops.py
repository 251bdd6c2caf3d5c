"""Stops and extensions for tests, by the office's own actions."""

from datetime import date

from pr_tracker.deadlines.rules_terms import ExtensionReason, StopReason
from pr_tracker.inquiries.actions import stops
from tests.factories.accounts import NOW

EVIDENCE = "Thư điện tử gửi phóng viên lúc 09:00, chờ bổ sung địa chỉ cụ thể"


def pause(inquiry, actor, *, runs_on=date(2026, 11, 25), reason=StopReason.WAITING_FOR_PRESS, now=NOW, **facts):
    return stops.pause(inquiry, reason, runs_on, facts.pop("evidence", EVIDENCE), actor=actor, now=now, **facts)


def ask_extension(inquiry, actor, *, days=2, reason=ExtensionReason.COMPLEX, now=NOW, **facts):
    evidence = facts.pop("evidence", "Phải đo đạc lại hiện trường")
    return stops.ask_extension(inquiry, reason, days, evidence, actor=actor, now=now, **facts)
