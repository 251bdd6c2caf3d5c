"""What the people of the demo were told in the last weeks, as if the sender had run all the time."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.duties import jobs as duties
from pr_tracker.inquiries import jobs as inquiries
from pr_tracker.inquiries import jobs_letters as letters
from pr_tracker.notices.models import Notice
from pr_tracker.notices.rules import MailState
from pr_tracker.office_time import office_day, office_instant

WEEKS = timedelta(weeks=8)
OPENS = time(8)
UNREAD_FOR = timedelta(days=2)


def tell_of_the_last_weeks(moment: datetime) -> None:
    """Reminders of each working morning up to a moment; their mail is sent, older ones are read. The caller commits."""
    calendar, day = working_calendar(), office_day(moment - WEEKS)
    while (opens := office_instant(day := calendar.nth_working_day_after(day, 1), OPENS)) <= moment:
        inquiries.remind(opens)
        letters.remind_of_press(opens)
        duties.remind(opens)
    arrived = {"mail_state": MailState.SENT, "mail_sent_at": Notice.created_at, "mail_attempts": 1}
    waiting = sa.update(Notice).where(Notice.mail_state == MailState.WAITING)
    db.session.execute(waiting.values(**arrived, mail_next_at=None))
    read = sa.update(Notice).where(Notice.created_at < moment - UNREAD_FOR, Notice.read_at.is_(None))
    db.session.execute(read.values(read_at=Notice.created_at))
    _number_in_order_of_time()


def _number_in_order_of_time() -> None:
    """As they would have been numbered, for lists show the highest number first. By way of negative ones, all free."""
    place = sa.func.row_number().over(order_by=(Notice.created_at, Notice.id)).label("place")
    ranked = sa.select(Notice.id.label("notice_id"), place).subquery()
    renumber = sa.update(Notice).where(Notice.id == ranked.c.notice_id).values(id=-ranked.c.place)
    for step in (renumber, sa.update(Notice).values(id=-Notice.id)):
        db.session.execute(step.execution_options(synchronize_session=False))
