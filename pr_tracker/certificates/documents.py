"""Certificates on paper: one, or those of a class in one file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from pr_tracker.certificates.models import Certificate
from pr_tracker.certificates.rules import write_number
from pr_tracker.certificates.rules_layout import Layout, fill
from pr_tracker.codes import CODE_LETTERS, LENGTH, show_code
from pr_tracker.office_time import write_day
from pr_tracker.pdf import write_official_day
from pr_tracker.pdf.certificate import Sheet, build_certificates
from pr_tracker.text import fold

_WORDS = re.compile("[a-z0-9]+")
# Official papers are in Vietnamese whatever language the screen has.
_SAMPLE = {
    "name": "Nguyễn Thị Hoàng Khánh Ngọc",
    "title": "Phó Giám đốc",
    "agency": "Sở Nông nghiệp và Môi trường",
    "class": "Lớp 1",
    "place": "Hội trường A",
    "dates": "từ ngày 18/11/2026 đến ngày 25/11/2026",
    "mark": "8,5",
}


def write_certificates(certificates: Iterable[Certificate], out: BinaryIO, *, base: str, title: str) -> None:
    """Write certificates as PDF, a page each; `base` is the address under which their codes are looked up."""
    build_certificates((sheet_of(one, base) for one in certificates), out, title=title)


def sheet_of(certificate: Certificate, base: str) -> Sheet:
    """What is drawn of a certificate."""
    return _sheet(certificate.paper, certificate.code, base)


def write_sample(layout: Layout, values: Mapping[str, str], day: date, out: BinaryIO, *, base: str) -> None:
    """Write what a certificate of a class would look like, for somebody invented; its code is none."""
    until = write_day(day.replace(year=day.year + 2, day=min(day.day, 28)))
    own = {"number": write_number(day.year, 1), "day": write_official_day(day), "valid_until": until}
    known = {name: value for name, value in values.items() if value}
    paper = fill(layout, _SAMPLE | known | own)
    sheet = _sheet(vars(paper), CODE_LETTERS[0] * LENGTH, base, mark="BẢN XEM THỬ")
    build_certificates([sheet], out, title="Giấy chứng nhận, bản xem thử")


def file_name(certificate: Certificate) -> str:
    """What its file is called: number, then the name without marks, for whoever sends or prints them one by one."""
    name = "-".join(_WORDS.findall(fold(certificate.participant.full_name)))
    return f"giay-chung-nhan-{certificate.number:04d}-{certificate.year}-{name}.pdf"


def _sheet(paper: Mapping[str, Any], code: str, base: str, mark: str = "") -> Sheet:
    site = urlsplit(base).netloc
    check = f"Kiểm tra giấy này: quét mã, hoặc mở {site}/certificates và nhập mã."
    return Sheet(**paper, code=show_code(code), check=check, url=f"{base}/certificates/{code}", mark=mark)
