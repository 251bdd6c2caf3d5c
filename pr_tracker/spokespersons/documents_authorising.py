"""An authorisation to speak as an official draft in PDF (GIẤY ỦY QUYỀN), in Vietnamese whoever prints it."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from flask_babel import force_locale

from pr_tracker import pdf
from pr_tracker.accounts.documents import letterhead, signature
from pr_tracker.accounts.models import Person
from pr_tracker.office_time import in_office
from pr_tracker.pdf.fonts import Choice
from pr_tracker.pdf.letterhead import write_official_day
from pr_tracker.spokespersons.models import Authorisation

LAW = "Nghị định số 244/2026/NĐ-CP của Chính phủ"
ABSTRACT = "Về việc phát ngôn và cung cấp thông tin cho báo chí"


def write_authorisation(made: Authorisation, out: BinaryIO, *, place: str, typeface: Choice = "host") -> None:
    """Write the paper; number, signature and seal come from the document office, so it says DỰ THẢO."""
    with force_locale("vi"):
        title = f"Giấy ủy quyền phát ngôn: {made.matter_code}, {made.person.full_name}"
        pdf.build(pdf.Document(title, _blocks(made, place)), out, face=typeface)


def _blocks(made: Authorisation, place: str) -> Iterator[pdf.Block]:
    agency = made.agency
    yield letterhead(
        agency,
        place=place,
        day=made.signed_on,
        kind="Giấy ủy quyền",
        abstract=ABSTRACT,
        symbol=f"GUQ-{agency.code}",
        draft=True,
    )
    yield pdf.Text(f"Căn cứ các khoản 4, 5, 6 Điều 3 và khoản 1 Điều 8 {LAW};", face="italic")
    yield pdf.Text(
        f"Xét yêu cầu xử lý đề nghị của báo chí, hồ sơ {made.matter_code}: {made.matter_title}.", face="italic"
    )
    yield pdf.Heading("1. Người ủy quyền", 2)
    yield pdf.Facts(_person(made.giver, agency.name))
    yield pdf.Heading("2. Người được ủy quyền", 2)
    yield pdf.Facts([*_person(made.person, made.person.agency.name), *_contacts(made.person)])
    yield pdf.Heading("3. Nội dung ủy quyền", 2)
    yield pdf.Text(made.matter_words)
    yield pdf.Heading("4. Thời hạn ủy quyền", 2)
    yield pdf.Text(f"Từ {_moment(made.from_at)} đến {_moment(made.until_at)}.")
    yield pdf.Heading("5. Trách nhiệm", 2)
    yield pdf.Text(
        "Người được ủy quyền chỉ phát ngôn, cung cấp thông tin cho báo chí trong đúng vụ việc và thời hạn nêu trên; "
        f"không được ủy quyền tiếp cho người khác (khoản 6 Điều 3 {LAW})."
    )
    yield pdf.Text(
        "Người đứng đầu cơ quan vẫn chịu trách nhiệm về việc phát ngôn, cung cấp thông tin cho báo chí (khoản 1 Điều 8 "
        f"{LAW}). Giấy ủy quyền này hết hiệu lực khi hết thời hạn hoặc khi bị thu hồi bằng văn bản./."
    )
    names = [made.person.full_name, *([made.person.agency.name] if made.person.agency_id != agency.id else [])]
    yield pdf.Closing(signature(agency), pdf.Recipients([*names, "Văn phòng UBND tỉnh"]))


def _person(person: Person, agency: str) -> list[tuple[str, str]]:
    return [("Họ và tên", person.full_name), ("Chức vụ", person.title), ("Cơ quan", agency)]


def _contacts(person: Person) -> list[tuple[str, str]]:
    return [("Điện thoại", person.phone), ("Thư điện tử công vụ", person.email)]


def _moment(at: datetime) -> str:
    """16 giờ 30 phút, ngày 20 tháng 11 năm 2026."""
    moment = in_office(at)
    return f"{moment:%H} giờ {moment:%M} phút, {write_official_day(moment.date())}"
