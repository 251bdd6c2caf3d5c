"""The notice of a press conference as an official letter in PDF: a draft that the document office numbers and sends.

An official paper is in Vietnamese whatever language its reader uses, so it is made and written under that language.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.deadlines.labels_names import basis_words
from pr_tracker.deadlines.rules import Deadline
from pr_tracker.duties import labels
from pr_tracker.duties.models import Duty, PressConference
from pr_tracker.duties.rules import NoticeSettings
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
