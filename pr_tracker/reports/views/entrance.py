"""The entrance to all reports: what there is, for whom, in which form."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires

blueprint = Blueprint("report_entrance", __name__)
P = Permission


@dataclass(frozen=True)
class Way:
    """One report: its page, its name, what it answers, who may open it."""

    endpoint: str
    title: str
    about: str
    permission: Permission = P.REPORT_VIEW


WAYS: tuple[tuple[str, str, tuple[Way, ...]], ...] = (
    (
        "annual",
        _l("To the Ministry"),
        (
            Way(
                "annual.index",
                _l("Annual report"),
                _l("Six figures from 15 December to 14 December, sent before 20 December (Decree 244, Article 10)."),
            ),
        ),
    ),
    (
        "figures",
        _l("Figures"),
        (
            Way(
                "figures.show",
                _l("Report of a month or quarter"),
                _l("What was received and what became of it, unit by unit, compared with the period before."),
            ),
            Way(
                "late_units.show",
                _l("Late units of the week"),
                _l("What is overdue or came late, by whose doing, unit by unit."),
            ),
        ),
    ),
    (
        "registers",
        _l("Registers and lists"),
        (
            Way("reports.period", _l("Register of a period"), _l("Every inquiry on a line, by any filter.")),
            Way(
                "inquiries.refusals",
                _l("Refusals"),
                _l("What was refused, on which ground, what the press was told."),
                P.INQUIRY_VIEW,
            ),
            Way(
                "inquiries.press_letters",
                _l("Letters to the press"),
                _l("Responses and corrections: what was asked, whether it was published."),
                P.INQUIRY_VIEW,
            ),
            Way(
                "register.index",
                _l("Spokespersons"),
                _l("Who may speak for which agency, as the portal publishes it."),
                P.SPOKESPERSON_VIEW,
            ),
            Way(
                "paper_list.index",
                _l("Papers issued"),
                _l("Every PDF that left under a code: download it again, sign it, withdraw it."),
                P.PAPER_VIEW,
            ),
        ),
    ),
    (
        "training",
        _l("Training"),
        (
            Way("coverage.index", _l("Who is trained"), _l("Who may speak to the press and holds a certificate.")),
            Way("training_reports.of_year", _l("Training of the year"), _l("Classes, who came from which agency.")),
        ),
    ),
    (
        "files",
        _l("Whole files"),
        (
            Way(
                "exports.index",
                _l("An agency's whole file"),
                _l("Tables, case sheets, attachments and scans of one agency as a ZIP; one's own data."),
                P.AGENCY_FILE,
            ),
        ),
    ),
)


@blueprint.get("/reports")
@requires(Permission.REPORT_VIEW)
def index() -> str:
    """All reports the reader may open, by what they are about."""
    groups = [(key, title, [way for way in ways if current_user.may(way.permission)]) for key, title, ways in WAYS]
    return render_template("reports/entrance.html", groups=[group for group in groups if group[2]])
