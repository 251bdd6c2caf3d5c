"""Parts of coordinating agencies for tests, asked and sent by the office's own actions."""

from pr_tracker.db import db
from pr_tracker.inquiries.actions import parts
from pr_tracker.inquiries.actions.beats import current_part
from pr_tracker.inquiries.rules_kinds import Part
from tests.factories.accounts import NOW

SECRET = "Dự phòng còn bảy tỷ đồng"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_part(inquiry, agency, *questions, actor, now=NOW, due_at=None):
    """The box of an agency that is asked."""
    db.session.flush()
    return parts.ask(inquiry, [agency], questions or ["Số hộ bị ảnh hưởng"], actor=actor, now=now, due_at=due_at)[0]


def a_sent_part(inquiry, text, *, actor, now=NOW, files=()):
    """What the actor's agency sends: written by the actor, approved by its head, by whom alone where they are one."""
    db.session.flush()
    part = current_part(inquiry, actor.agency, Part.COORDINATING)
    parts.save(inquiry, part, text, files, actor=actor, now=now)
    parts.submit(inquiry, part, actor=actor, now=now)
    return parts.approve(inquiry, part, actor=actor.agency.head, now=now)


def written(inquiry, part, text=SECRET, *, by):
    """The version that somebody of the box's agency saves."""
    return parts.save(inquiry, part, text, actor=by, now=NOW)


def submitted(inquiry, part, text=SECRET, *, by):
    """The version that somebody of the box's agency saves and puts before its leaders."""
    version = written(inquiry, part, text, by=by)
    parts.submit(inquiry, part, actor=by, now=NOW)
    return version
