"""Notices for tests."""

from itertools import count

from pr_tracker.db import db
from pr_tracker.notices import actions
from pr_tracker.notices.rules import NoticeKind
from tests.factories.accounts import NOW, a_person

_numbers = count(1)
DATA = {"code": "ĐN-2026-0412", "subject": "Kè biển Rạch Giá", "days": 1, "due_on": "2026-11-30"}


def told(*people, kind=NoticeKind.BEFORE, key=None, about=None, now=NOW, data=DATA, path="/inquiries/412", **facts):
    """The new notices of telling these people, or one new person."""
    people = people or (a_person(now=now),)
    key = key or f"test:{next(_numbers)}"
    db.session.flush()
    return actions.tell(people, kind, key=key, about=about or people[0], data=data, now=now, path=path, **facts)
