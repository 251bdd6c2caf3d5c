"""Cleared statements for tests."""

from datetime import timedelta

from pr_tracker.statements.actions import Said, clear, record_published
from pr_tracker.statements.rules import AnswerForm
from tests.factories.accounts import NOW

TOPIC = "Đường vào khu tái định cư Vĩnh Thông ngập sau mưa"
TEXT = "Kinh phí sửa chữa hệ thống thoát nước là 15 tỷ đồng. Việc khơi thông hoàn thành trước ngày 30/11/2026."


def said(agency, topic=TOPIC, text=TEXT, **facts):
    defaults = {"form": AnswerForm.PORTAL, "said_at": NOW - timedelta(days=10), "said_by": "Lê Giám Đốc, Giám đốc"}
    return Said(topic=topic, text=text, agency_id=agency.id, **(defaults | facts))


def a_statement(agency, topic=TOPIC, text=TEXT, *, by=None, now=NOW, replaces=(), **facts):
    """A statement of an agency, recorded by somebody or cleared by the system."""
    enter = record_published if by else clear
    return enter(said(agency, topic, text, **facts), actor=by, now=now, replaces=replaces)
