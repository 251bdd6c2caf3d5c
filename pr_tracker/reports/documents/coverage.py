"""The coverage of training as a workbook: who may speak for which agency and is trained in what until when."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from flask_babel import force_locale

from pr_tracker.office_time import write_day
from pr_tracker.reports import labels_training as labels
from pr_tracker.reports.queries.coverage import AgencyCoverage, Coverage, Speaker, count_covers, trained
from pr_tracker.reports.rules_training import Cover
from pr_tracker.sheets import Sheet, write_workbook


def write_coverage(found: Coverage, out: BinaryIO) -> None:
    """Write two sheets, in Vietnamese: agencies by course as numbers, and person by person."""
    on = write_day(found.on)
    courses = [title for _, title in found.courses]
    with force_locale("vi"):
        notes = [str(labels.TRAINED_DEFINITION), *_definitions()]
        agencies = Sheet(
            "Theo đơn vị",
            f"Đơn vị và khóa học: số người còn hiệu lực trên số người phát ngôn, đến ngày {on}",
            ["Đơn vị", "Số người", "Đã qua tập huấn, còn hiệu lực", "Đã hết hiệu lực", "Chưa qua tập huấn", *courses],
            [_agency_row(agency, found) for agency in found.agencies],
            notes,
        )
        people = Sheet(
            "Theo người",
            f"Người đứng đầu, người phát ngôn, người được ủy quyền đã qua tập huấn, đến ngày {on}",
            ["Đơn vị", "Họ và tên", "Chức vụ", "Tư cách phát ngôn", "Tình trạng", "Hiệu lực đến", *courses],
            [_person_row(agency, one, found) for agency in found.agencies for one in agency.speakers],
            notes,
        )
        write_workbook([agencies, people], out)


def _definitions() -> Iterator[str]:
    for cover, words in labels.COVER_DEFINITION.items():
        yield f"{labels.COVER[cover]}: {words}"


def _agency_row(agency: AgencyCoverage, found: Coverage) -> list[Any]:
    covers = count_covers(agency.speakers, found.on)
    numbers = [len(agency.speakers), trained(covers), covers[Cover.LAPSED], covers[Cover.NEVER]]
    by_course = [agency.in_course(course_id, found.on) for course_id, _ in found.courses]
    return [agency.name, *numbers, *by_course]


def _person_row(agency: AgencyCoverage, one: Speaker, found: Coverage) -> list[Any]:
    cover = one.cover(found.on)
    until: Any = one.lasts_until or ("" if cover is Cover.NEVER else "không thời hạn")
    who = [agency.name, one.full_name, one.title, labels.kinds_words(one.kinds), str(labels.COVER[cover]), until]
    return [*who, *(_until(one, course_id) for course_id, _ in found.courses)]


def _until(one: Speaker, course_id: int) -> Any:
    held = one.certificate_of(course_id)
    return "" if held is None else held.valid_until or "không thời hạn"
