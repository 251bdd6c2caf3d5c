"""What leaves the house about duties: the notice of a press conference as a letter, and what a calendar shows.

The letter is a draft that the document office numbers and sends; like every official paper it is in Vietnamese,
whatever language its reader uses.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Person
from pr_tracker.deadlines.labels_names import basis_words
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.duties import labels, queries
from pr_tracker.duties.models import Duty, PressConference
from pr_tracker.duties.rules import NoticeSettings
from pr_tracker.notices.rules import FeedEntry
from pr_tracker.office_time import office_day
from pr_tracker.pdf.fonts import Choice

OPEN_PLACE = "…" * 20


def write_notice(
    duty: Duty, settings: NoticeSettings, out: BinaryIO, *, place: str, now: datetime, typeface: Choice = "host"
) -> None:
    """Write the letter as it stands at `now`; an item nobody has filled in leaves its place open.

    Number, signature and seal come from the document office, so it says DỰ THẢO. `place` begins its date line.
    """
    with force_locale("vi"):
        assert duty.conference is not None
        title = f"Thông báo tổ chức họp báo: {duty.conference.title}"
        pdf.build(pdf.Document(title, _blocks(duty, duty.conference, settings, place, now)), out, face=typeface)


def _blocks(
    duty: Duty, conference: PressConference, settings: NoticeSettings, place: str, now: datetime
) -> Iterator[pdf.Block]:
    agency = duty.agency
    yield letterhead(
        agency,
        place=place,
        day=office_day(now),
        kind="",
        abstract="thông báo tổ chức họp báo",
        symbol=agency.code,
        draft=True,
    )
    yield pdf.Addressees([labels.addressee_words(settings)])
    basis = basis_words(Deadline.from_json(duty.clock).basis)
    form = labels.FORMAT[conference.format]
    about = f"thông báo việc tổ chức họp báo ({form}) về “{conference.title}”"
    yield pdf.Text(f"Căn cứ {basis}, {agency.name} {about} với các nội dung sau:")
    yield pdf.Numbered([f"{label}: {text or OPEN_PLACE}" for label, text in labels.item_words(duty.notice_items)])
    yield pdf.Text(f"{agency.name} trân trọng thông báo./.")
    yield pdf.Closing(signature(agency), pdf.Recipients(["Như trên"]))


def calendar_of(person: Person, now: datetime) -> Iterable[FeedEntry]:
    """What a person's private calendar shows: the duties their agency owes, its press conferences to come."""
    owed, coming = queries.owed_by(person), queries.coming_conferences_of(person, now)
    changed = queries.changes_of("duties", [duty.id for duty in owed])
    for duty in owed:
        yield FeedEntry(
            uid=f"duty-{duty.id}",
            title=labels.title_of_duty(duty),
            path=f"/duties/{duty.id}",
            changed_at=changed.get(duty.id, duty.opened_at),
            due_on=duty.due_on,
            due_at=duty.due_at,
            note=str(labels.ASKS[duty.kind]),
            alarm_at=duty.next_reminder_at,
        )
    changed = queries.changes_of("press_conferences", [one.id for one in coming])
    for one in coming:
        yield FeedEntry(
            uid=f"press-conference-{one.id}",
            title=one.title,
            path=f"/duties/conferences/{one.id}",
            changed_at=changed.get(one.id, one.planned_at),
            due_at=one.starts_at,
            note=one.place,
        )
