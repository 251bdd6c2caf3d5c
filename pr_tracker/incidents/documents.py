"""What leaves the room: the chronology as an official paper, and what a private calendar shows.

An official paper is in Vietnamese whatever language its reader uses.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

import sqlalchemy as sa
from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Person
from pr_tracker.deadlines import labels as deadline_words
from pr_tracker.deadlines.labels_names import CLOCKS, basis_words, sentence
from pr_tracker.deadlines.queries import working_calendar
from pr_tracker.deadlines.rules import Deadline, DueTime, face
from pr_tracker.incidents import labels
from pr_tracker.incidents.models import Incident
from pr_tracker.incidents.queries import room as queries
from pr_tracker.incidents.queries.lists import owed_by
from pr_tracker.incidents.rules_kinds import Moment, write_number
from pr_tracker.inquiries import labels as inquiry_words
from pr_tracker.inquiries.rules_number import write_number as inquiry_number
from pr_tracker.notices.rules import FeedEntry
from pr_tracker.office_time import office_day, write_moment
from pr_tracker.pdf.fonts import Choice
from pr_tracker.spokespersons.labels_names import by_authority

Fact = tuple[str, str]


def write_chronology(
    incident: Incident,
    out: BinaryIO,
    *,
    actor: Person | None,
    place: str,
    now: datetime,
    check: pdf.Check | None = None,
    typeface: Choice = "host",
) -> None:
    """Write the chronology as it stands at `now`: what is known, the clock, inquiries, statements, roster, each event.

    Of the inquiries' own history it has only what `actor` may see; None is the system itself. `place` begins its date
    line. An internal paper: the incident's own number identifies it, so it has neither a number line nor DỰ THẢO.
    """
    with force_locale("vi"):
        blocks = _blocks(incident, actor, place, now)
        pdf.build(pdf.Document(chronology_title(incident), blocks, check=check), out, face=typeface)


def chronology_title(incident: Incident) -> str:
    """What the chronology is called."""
    return f"Diễn biến vụ việc {incident.code}"


def _blocks(incident: Incident, actor: Person | None, place: str, now: datetime) -> Iterator[pdf.Block]:
    members = queries.members_of(incident)
    yield letterhead(
        incident.agency,
        place=place,
        day=office_day(now),
        kind="Diễn biến vụ việc",
        abstract=f"Vụ việc số {incident.code}:\n{incident.title}",
        draft=False,
    )
    yield pdf.Heading("I. Thông tin vụ việc")
    yield pdf.Facts(list(_facts(incident)))
    if incident.summary:
        yield pdf.Text(incident.summary)
    yield pdf.Heading("II. Thời hạn thông tin ban đầu")
    yield from _clock(incident, now)
    yield pdf.Heading("III. Đề nghị của báo chí trong vụ việc")
    yield _inquiries(members)
    yield pdf.Heading("IV. Nội dung phát ngôn")
    yield from _statements(incident)
    yield pdf.Heading("V. Lịch trực, phân công")
    yield from _roster(incident)
    yield pdf.Heading("VI. Diễn biến")
    yield pdf.Timeline(_events(incident, actor))
    yield pdf.Text(f"Lập theo hồ sơ đến {write_moment(now)}.")  # so that the signature never stands alone
    names = [row.lead for row in members if row.lead and row.lead_agency_id != incident.agency_id]
    names += [row.name for row in queries.parts_of(incident)]
    yield pdf.Closing(signature(incident.agency), pdf.Recipients(list(dict.fromkeys(names)), f"hồ sơ {incident.code}"))


def _facts(incident: Incident) -> Iterator[Fact]:
    yield "Loại vụ việc", str(labels.KIND[incident.kind])
    yield "Đơn vị chủ trì", incident.agency.name
    parts = queries.parts_of(incident)
    if parts:
        yield "Đơn vị phối hợp", "\n".join(row.name for row in parts)
    for moment in Moment:
        at = incident.moments.at(moment)
        if at is not None:
            yield str(labels.MOMENT[moment]), write_moment(at)
    yield "Mở vụ việc", f"{write_moment(incident.opened_at)}, {incident.opened_by.full_name}"
    if incident.closed_at is None:
        yield "Tình trạng", "Đang mở"
    else:
        yield "Kết thúc", f"{write_moment(incident.closed_at)}\n{incident.closing_note}"


def _clock(incident: Incident, now: datetime) -> Iterator[pdf.Block]:
    if incident.clock is None or incident.ends_at is None:
        yield pdf.Text("Chưa xác định có tác động hoặc nguy cơ tác động đến dư luận nên thời hạn 24 giờ chưa tính.")
        return
    deadline = Deadline.from_json(incident.clock)
    due = DueTime(incident.due_on, incident.due_at, incident.ends_at)
    shown = face(due, now=now, calendar=working_calendar(), statutory=True, closed_at=incident.informed_at)
    informed = write_moment(incident.informed_at) if incident.informed_at else "Chưa thông tin"
    yield pdf.Facts(
        [
            ("Căn cứ", basis_words(deadline.basis)),
            ("Hạn thông tin ban đầu", sentence(deadline_words.due_words(deadline))),
            ("Thông tin ban đầu lúc", informed),
            ("Kết quả thời hạn", deadline_words.face_words(shown)),
        ]
    )
    yield pdf.Steps([pdf.Step(*step) for step in deadline_words.explain(deadline)])


def _inquiries(members: Sequence[sa.Row]) -> pdf.Block:
    return pdf.Table(
        (
            pdf.Column("STT", 1, "center"),
            pdf.Column("Số", 3, fits="ĐN-2026-0001"),
            pdf.Column("Cơ quan báo chí", 3.5),
            pdf.Column("Nội dung", 6),
            pdf.Column("Hạn riêng", 3, fits="31/12/2026"),
            pdf.Column("Tình trạng", 3),
        ),
        (_inquiry(number, row) for number, row in enumerate(members, 1)),
        empty="Chưa có đề nghị nào của báo chí.",
    )


def _inquiry(number: int, row: sa.Row) -> tuple[pdf.Cell, ...]:
    due = write_moment(row.due_at) if row.due_at else f"{row.due_on:%d/%m/%Y}"
    code = inquiry_number(row.year, row.number)
    return str(number), code, row.outlet, row.subject, due, str(inquiry_words.STATUS[row.status])


def _statements(incident: Incident) -> Iterator[pdf.Block]:
    rows = queries.statements_of(incident)[::-1]
    ids = [row.id for row in rows]
    reviews, told = queries.reviews_of(ids), queries.tellings_of(ids)
    approved = {row.statement_id for row in reviews if row.approved and row.voided_at is None}
    shown = [row for row in rows if row.id in approved]
    if not shown:
        yield pdf.Text("Chưa có nội dung phát ngôn được duyệt.")
    for row in shown:
        yield pdf.Heading(f"Bản {row.number}", 2)
        own = [each for each in reviews if each.statement_id == row.id and each.approved and each.voided_at is None]
        yield pdf.Facts([*_approvals(own), *_release(row, [each for each in told if each.statement_id == row.id])])
        yield pdf.Text("Nguyên văn:")
        yield pdf.Quote(row.text)


def _approvals(reviews: Iterable[sa.Row]) -> Iterator[Fact]:
    for each in reviews:
        name = f"{each.full_name}, {each.title}" if each.title else each.full_name
        alone = "\nNgười đứng đầu tự soạn và tự duyệt" if each.alone else ""
        alone += f"\n{by_authority(each.authority)}" if each.authority else ""
        yield f"Duyệt ({labels.AWAITED[each.step]})", f"{name}\n{write_moment(each.at)}{alone}"
        yield "Mã kiểm (SHA-256)", " ".join(each.digest[at : at + 8] for at in range(0, 64, 8))


def _release(row: sa.Row, told: Sequence[sa.Row]) -> Iterator[Fact]:
    if row.released_at is None:
        yield "Phát hành", "Chưa phát hành"
        return
    yield "Hình thức", str(inquiry_words.ANSWER_FORM[row.answer_form])
    yield "Phát hành lúc", write_moment(row.released_at)
    yield "Người phát ngôn", labels.speaker_words(row)
    names = [f"{each.outlet} ({inquiry_number(each.year, each.number)})" if each.year else each.outlet for each in told]
    if names:
        yield "Gửi cùng lúc đến", "\n".join(names)
    yield "Minh chứng", row.evidence


def _roster(incident: Incident) -> Iterator[pdf.Block]:
    yield pdf.Heading("Lịch trực", 2)
    yield pdf.Table(
        (
            pdf.Column("Người trực", 5),
            pdf.Column("Điện thoại", 3, fits="0000 900 000"),
            pdf.Column("Nhiệm vụ", 4),
            pdf.Column("Từ", 3, fits="31/12/2026"),
            pdf.Column("Đến", 3, fits="31/12/2026"),
        ),
        (
            (
                ", ".join(filter(None, (row.full_name, row.title, row.agency))),
                row.phone,
                row.task,
                write_moment(row.from_at),
                write_moment(row.until_at),
            )
            for row in queries.shifts_of(incident)
        ),
        empty="Chưa lập lịch trực.",
    )
    yield pdf.Heading("Phân công", 2)
    yield pdf.Table(
        (
            pdf.Column("Việc", 6),
            pdf.Column("Người làm", 4),
            pdf.Column("Hạn", 3, fits="31/12/2026"),
            pdf.Column("Kết quả", 4),
        ),
        ((row.what, row.full_name, write_moment(row.due_at), _task_result(row)) for row in queries.tasks_of(incident)),
        empty="Chưa phân công việc nào.",
    )


def _task_result(row: sa.Row) -> str:
    if row.done_at:
        return f"Xong {write_moment(row.done_at)}"
    return f"Bỏ: {row.reason}" if row.dropped_at else "Chưa xong"


def _events(incident: Incident, actor: Person | None) -> Iterator[pdf.Event]:
    """Every line, the earliest first: the incident's own, and what happened to its inquiries."""
    lines = [
        (row.occurred_at, 1, row.id, labels.sentence(row), labels.quotation(row))
        for row in queries.entries_of(incident)
    ]
    for row in queries.told_of_inquiries(incident, actor):
        said = f"{inquiry_number(row.year, row.number)}: {inquiry_words.sentence(row)}"
        lines.append((row.at, 0, row.id, said, inquiry_words.quotation(row)))
    for at, _, _, said, quoted in sorted(lines, key=lambda line: line[:3]):
        yield pdf.Event(write_moment(at), said, quoted)


def calendar_of(person: Person, now: datetime) -> Iterator[FeedEntry]:
    """What a person's private calendar shows: the initial information that is owed, by when."""
    for row in owed_by(person):
        yield FeedEntry(
            uid=f"incident-{row.id}",
            title=f"{write_number(row.year, row.number)}, {row.title}",
            path=f"/incidents/{row.id}",
            changed_at=row.started_at or row.opened_at,
            due_on=row.due_on,
            due_at=row.due_at,
            note=str(CLOCKS[row.kind.clock_key]),
            alarm_at=row.next_reminder_at,
        )
