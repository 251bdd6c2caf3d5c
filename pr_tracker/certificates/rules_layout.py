"""The layout of a course's certificates: texts with {placeholders}, and [parts] that vanish with an empty one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from pr_tracker.errors import N_, BadInput
from pr_tracker.text import nfc

# As they are written in a layout, which is Vietnamese like the paper, and what each stands for.
PLACEHOLDERS = {
    "họ và tên": "name",
    "chức vụ": "title",
    "đơn vị": "agency",
    "khóa": "course",
    "lớp": "class",
    "nơi học": "place",
    "ngày học": "dates",
    "số tiết": "hours",
    "chuyên đề": "topics",
    "điểm": "mark",
    "số": "number",
    "ngày cấp": "day",
    "giá trị đến": "valid_until",
    "cơ quan chủ quản": "superior",
    "cơ quan cấp": "issuer",
    "người ký": "signer",
}
_WRITTEN = {stands_for: written for written, stands_for in PLACEHOLDERS.items()}
LONGEST = 600
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\[([^\[\]]*)\]")
_EDGES = " ,;"


@dataclass(frozen=True)
class Layout:
    """Every text of a certificate, from top to bottom. As a layout it has placeholders; filled, it is the paper."""

    issuer: str = "[{cơ quan chủ quản}]\n{cơ quan cấp}"
    heading: str = "Giấy chứng nhận"
    lead: str = "Chứng nhận"
    person: str = "{họ và tên}"
    about: str = "[{chức vụ}, ]{đơn vị}"
    body: str = (
        "Đã hoàn thành khóa “{khóa}”[, {lớp}], tổ chức {ngày học}[, tại {nơi học}][, thời lượng {số tiết} tiết].\n"
        "[Giấy chứng nhận có giá trị đến hết ngày {giá trị đến}.]"
    )
    number: str = "Số: {số}/GCN"
    dated: str = "{ngày cấp}"
    authority: str = ""
    signer: str = "{người ký}"
    framed: bool = True

    @classmethod
    def texts(cls) -> tuple[str, ...]:
        """The names of the fields that are texts."""
        return tuple(field.name for field in fields(cls) if field.type in (str, "str"))


def require_layout(layout: Layout) -> None:
    """Raises BadInput naming the field: an unknown placeholder, a bracket left open, nobody named, no number."""
    for name in Layout.texts():
        text = getattr(layout, name)
        if len(text) > LONGEST:
            raise BadInput(N_("At most %(longest)s characters."), field=name, longest=LONGEST)
        for found in _PLACEHOLDER.findall(text):
            if not _meant(found):
                raise BadInput(N_("“{%(name)s}” is not a placeholder. See the list."), field=name, name=found)
        rest = _PLACEHOLDER.sub("", _PART.sub("", text))
        if any(bracket in rest for bracket in "{}[]"):
            raise BadInput(N_("A bracket is left open, or stands within another."), field=name)
    for name, needed in (("person", "name"), ("number", "number"), ("dated", "day")):
        if needed not in map(_meant, _PLACEHOLDER.findall(getattr(layout, name))):
            raise BadInput(N_("“{%(name)s}” must stand here."), field=name, name=_WRITTEN[needed])


def fill(layout: Layout, values: Mapping[str, str]) -> Layout:
    """The paper: placeholders replaced, [parts] with an empty one dropped, empty lines closed up."""
    filled: dict[str, Any] = {name: _filled(getattr(layout, name), values) for name in Layout.texts()}
    return replace(layout, **filled)


def _meant(written: str) -> str:
    """What a placeholder stands for, in Vietnamese or by its code; "" when it is none."""
    name = " ".join(nfc(written).lower().split())
    return PLACEHOLDERS.get(name, name if name in _WRITTEN else "")


def _filled(text: str, values: Mapping[str, str]) -> str:
    def value(written: str) -> str:
        return values.get(_meant(written), "")

    def part(found: re.Match[str]) -> str:
        return found[1] if all(map(value, _PLACEHOLDER.findall(found[1]))) else ""

    whole = _PART.sub(part, text)
    lines = (_PLACEHOLDER.sub(lambda found: value(found[1]), line) for line in whole.split("\n"))
    return "\n".join(line for line in (" ".join(line.split()).lstrip(_EDGES) for line in lines) if line)


def write_dates(days: Sequence[date]) -> str:
    """When a class was held: ngày 25/11/2026, ngày 18 và 25/11/2026, từ ngày 18/11/2026 đến ngày 26/11/2026."""
    held = sorted(set(days))
    if not held:
        return ""
    first, last = held[0], held[-1]
    if first == last:
        return f"ngày {first:%d/%m/%Y}"
    if len(held) == 2 and (first.year, first.month) == (last.year, last.month):
        return f"ngày {first:%d} và {last:%d/%m/%Y}"
    return f"từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"
