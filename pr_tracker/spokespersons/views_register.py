"""The whole province's list of spokespersons, public by law (Decree 244/2026/NĐ-CP Art 3(3)): page, PDF, CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any, BinaryIO

from flask import Blueprint, Response, current_app, make_response, render_template, request, send_file, url_for
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.office_time import office_day
from pr_tracker.papers.jobs import issue_in_public
from pr_tracker.papers.rules import PaperKind
from pr_tracker.pdf import Check
from pr_tracker.sheets import XLSX
from pr_tracker.spokespersons import labels, queries
from pr_tracker.spokespersons.documents import LIST_TITLE, write_csv, write_list, write_workbook
from pr_tracker.spokespersons.queries import Entry
from pr_tracker.spokespersons.queries_rights import shown_publicly_at
from pr_tracker.web.access import public
from pr_tracker.web.i18n import LANGUAGES
from pr_tracker.web.parameters import text_of

blueprint = Blueprint("register", __name__)
FRESH_FOR = 300  # seconds that a cache between us and the public may keep the list


@dataclass(frozen=True)
class Group:
    """Agencies of one kind under their heading."""

    code: str
    title: str
    entries: list[Entry]


@blueprint.get("/spokespersons")
@public
def index() -> Response:
    """Who speaks for each agency of the province: no sign-in, no cookie; a reader with a session keeps their menu."""
    now, search = clock.now(), text_of("q")
    entries = queries.register_at(now, search, shown_publicly_at(now))
    kept: dict[str, Any] = {"q": search or None}
    page = render_template(
        "spokespersons/index.html",
        layout="layouts/page.html" if current_user.is_authenticated else "layouts/bare.html",
        groups=_groups(entries),
        agencies=len(entries),
        speakers=sum(one.matter is None for entry in entries for one in entry.speakers),
        labels=labels,
        search=search,
        changed_at=queries.last_change(now),
        languages=[(code, name, url_for("register.index", lang=code, **kept)) for code, name in LANGUAGES.items()],
    )
    return _public(make_response(page))


def _groups(entries: Sequence[Entry]) -> list[Group]:
    groups = groupby(entries, key=lambda entry: labels.group_of(entry.agency.kind))
    return [Group(str(number), str(labels.GROUPS[number]), list(rows)) for number, rows in groups]


def _public(response: Response) -> Response:
    """What a visitor without cookies gets may be kept by caches for a while; anybody else's page is theirs."""
    if not request.cookies:
        response.headers["Cache-Control"] = f"public, max-age={FRESH_FOR}"
    response.headers["Vary"] = "Cookie"
    return response


@blueprint.get("/spokespersons.pdf")
@public
def as_pdf() -> Response:
    """The list in official layout. Raises NotFound while UBND tỉnh is not on record."""
    now, keeper = clock.now(), queries.province()
    settings = current_app.config
    where = {"keeper": keeper, "place": settings["PR_TRACKER_PLACE"], "province": settings["PR_TRACKER_PROVINCE"]}
    entries, changed_at = queries.register_at(now, "", shown_publicly_at(now)), queries.last_change(now)

    def draw_at(out: BinaryIO, check: Check, at: datetime) -> None:
        write_list(entries, changed_at, out, now=at, check=check, **where)

    issued = issue_in_public(PaperKind.SPOKESPERSONS, "spokespersons", LIST_TITLE, draw_at, agency=keeper, now=now)
    return _file(issued.content, "application/pdf", f"{_file_name(now)}.pdf")


@blueprint.get("/spokespersons.csv")
@public
def as_csv() -> Response:
    """The list for machines and spreadsheets."""
    now = clock.now()
    content = write_csv(queries.register_at(now, "", shown_publicly_at(now)), queries.last_change(now))
    return _file(content, "text/csv", f"{_file_name(now)}.csv")


@blueprint.get("/spokespersons.xlsx")
@public
def as_workbook() -> Response:
    """The list for Excel."""
    now = clock.now()
    content = write_workbook(queries.register_at(now, "", shown_publicly_at(now)), queries.last_change(now))
    return _file(content, XLSX, f"{_file_name(now)}.xlsx")


def _file_name(now: datetime) -> str:
    return f"danh-sach-nguoi-phat-ngon-{office_day(now):%Y-%m-%d}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    answer = send_file(BytesIO(content), media_type, as_attachment=True, download_name=name)
    return _public(answer)
