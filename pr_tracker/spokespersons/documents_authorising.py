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
    yield pdf.Numbered(
        [
            f"Người ủy quyền: {_person(made.giver, agency.name)}.",
            f"Người được ủy quyền: {_person(made.person, made.person.agency.name, contacts=True)}.",
            f"Nội dung ủy quyền: {made.matter_words}",
            f"Thời hạn ủy quyền: từ {_moment(made.from_at)} đến {_moment(made.until_at)}.",
            "Người được ủy quyền chỉ phát ngôn, cung cấp thông tin cho báo chí trong đúng vụ việc và thời hạn "
            f"nêu trên; không được ủy quyền tiếp cho người khác (khoản 6 Điều 3 {LAW}).",
            "Người đứng đầu cơ quan vẫn chịu trách nhiệm về việc phát ngôn, cung cấp thông tin cho báo chí "
            f"(khoản 1 Điều 8 {LAW}).",
            "Giấy ủy quyền này hết hiệu lực khi hết thời hạn hoặc khi bị thu hồi bằng văn bản./.",
        ]
    )
    names = [made.person.full_name, *([made.person.agency.name] if made.person.agency_id != agency.id else [])]
    yield pdf.Closing(signature(agency), pdf.Recipients([*names, "Văn phòng UBND tỉnh"]))


def _person(person: Person, agency: str, *, contacts: bool = False) -> str:
    facts = [("họ và tên", person.full_name), ("chức vụ", person.title), ("cơ quan", agency)]
    facts += [("điện thoại", person.phone), ("thư điện tử công vụ", person.email)] if contacts else []
    return "; ".join(f"{label}: {value}" for label, value in facts if value)


def _moment(at: datetime) -> str:
    """16 giờ 30 phút, ngày 20 tháng 11 năm 2026."""
    moment = in_office(at)
    return f"{moment:%H} giờ {moment:%M} phút, {write_official_day(moment.date())}"
