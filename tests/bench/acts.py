"""Acts of the bench: inquiries logged and approved through the real forms, as three readers at their browsers."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.outlets.models import Outlet
from tests.bench.asked import CLERK, HEAD, OFFICER, person
from tests.bench.reading import Forms

SUBJECT = "Tiến độ khơi thông hệ thống thoát nước trên địa bàn, lần hỏi thứ {number}"
QUESTIONS = "Bao giờ khơi thông hệ thống thoát nước?\nĐơn vị nào chịu trách nhiệm?"
ANSWER = (
    "Công trình đang được thi công theo hợp đồng đã ký. Sở đã yêu cầu nhà thầu hoàn thành việc khơi thông trước "
    "mùa mưa, bố trí máy bơm tại các điểm ngập và báo cáo kết quả hằng tuần. (Lần {number}.)"
)
Fields = dict[str, str] | None
Ask = Callable[[str, str, str, Fields, str], tuple[int, str, str]]
# (reader, method, path, fields, which act) → status, the page, where it leads on to


class ActFailed(Exception):
    """A form was not taken."""


@dataclass(frozen=True)
class Desk:
    """What the forms are filled with."""

    agency_id: int
    outlet: str

    @classmethod
    def found(cls) -> "Desk":
        """Of the filled database; wants an application context."""
        outlet = db.session.scalars(sa.select(Outlet.name).where(Outlet.active).order_by(Outlet.id)).first()
        return cls(person(OFFICER).agency_id, outlet)


LOG, SUBMIT, APPROVE = "log an inquiry", "submit an answer", "approve one"
TIMED = (LOG, APPROVE)


def handle(ask: Ask, desk: Desk, number: int) -> None:
    """One inquiry: logged by the office, answered by the department, approved by its head."""
    typed = {"outlet": desk.outlet, "questions": QUESTIONS, "subject": SUBJECT.format(number=number)}
    case = _send(ask, CLERK, "/inquiries/new", {**typed, "lead_id": str(desk.agency_id)}, LOG)
    text = {"text": ANSWER.format(number=number), "then": "submit"}
    _send(ask, OFFICER, f"{case}/draft", text, SUBMIT)
    _send(ask, HEAD, f"{case}/approve", {}, APPROVE)


def _send(ask: Ask, reader: str, path: str, typed: dict[str, str], act: str) -> str:
    """Where the answer leads on to. Raises ActFailed."""
    _, page, _ = ask(reader, "GET", path, None, "")
    status, page, onward = ask(reader, "POST", path, {**Forms(page, path).found[path], **typed}, act)
    if status != 303:
        raise ActFailed(f"{act}: {status}\n{page[:3000]}")
    return onward
