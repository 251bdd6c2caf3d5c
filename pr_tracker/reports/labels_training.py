"""Who is trained, who should come and why, and how each figure of training is counted, in words."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from pr_tracker.office_time import write_day
from pr_tracker.reports.rules_training import Cover, Handled, Reason, ReportEvent
from pr_tracker.spokespersons.rules_authority import RightKind

COVER = {
    Cover.VALID: _l("Trained"),
    Cover.SOON: _l("Trained, lapses within 90 days"),
    Cover.LAPSED: _l("Lapsed"),
    Cover.NEVER: _l("Not yet trained"),
}
COVER_DEFINITION = {
    Cover.VALID: _l("holds a certificate that counts today and in 90 days."),
    Cover.SOON: _l("holds a certificate that counts today; the one that counts longest lapses within 90 days."),
    Cover.LAPSED: _l("has held a certificate, and none counts today."),
    Cover.NEVER: _l("holds no certificate; revoked ones do not count."),
}
COVER_GLYPH = {Cover.VALID: "check", Cover.SOON: "hourglass", Cover.LAPSED: "triangle", Cover.NEVER: "circle"}
TRAINED_DEFINITION = _l(
    "Who may speak today: heads, permanent spokespersons, authorised persons with a paper in force; "
    "each person once for each agency. Trained is who holds at least one certificate that counts today."
)
KIND = {
    RightKind.HEAD: _l("head of the agency"),
    RightKind.SPOKESPERSON: _l("permanent spokesperson"),
    RightKind.AUTHORISED: _l("authorised person"),
}
KINDS = {
    RightKind.HEAD: _l("Heads of agencies"),
    RightKind.SPOKESPERSON: _l("Permanent spokespersons"),
    RightKind.AUTHORISED: _l("Authorised persons"),
}
REASON = {
    Reason.LATE: _l("Inquiry late"),
    Reason.MADE_LATE: _l("Part that made an inquiry late"),
    Reason.RETURNED: _l("Draft or contribution returned"),
    Reason.CORRECTED: _l("Response or correction to the press needed"),
    Reason.LAPSED: _l("Certificate lapsed"),
    Reason.SOON: _l("Certificate lapses soon"),
    Reason.NEVER: _l("Not yet trained"),
}
REASON_DEFINITION = {
    Reason.LATE: _l("the term ended in the last 12 months, late by the lead agency's own doing: head, officer."),
    Reason.MADE_LATE: _l("the term ended in the last 12 months, late because of a coordinating agency: its head."),
    Reason.RETURNED: _l("a text was returned for revision in the last 12 months: whoever wrote it."),
    Reason.CORRECTED: _l(
        "a letter of response or correction was sent to the press in the last 12 months: whoever had spoken."
    ),
    Reason.LAPSED: _l("may speak today, and the certificates have lapsed."),
    Reason.SOON: _l("may speak today, and the last certificate lapses within 90 days."),
    Reason.NEVER: _l("may speak today, and holds no certificate."),
}
NEEDS_DEFINITION = _l("Inquiries from before a person's newest certificate do not count: the training came after them.")
EFFECT_DEFINITION = _l(
    "Equally many days before the first and after the last day of the class, at most 12 months. Fallen due: inquiries "
    "the agency led whose term ended in these days; on time as in the register. Returned: its draft answers and "
    "contributions. Corrected: its inquiries about which a response or correction was sent to the press."
)
REPORT_EVENTS = {ReportEvent.EXPORT: _l("took out a report on training")}


def cover_words(cover: Cover, last_day: date | None) -> str:
    """Whether somebody is trained and until when: "Trained until 31/12/2027"."""
    if cover is Cover.NEVER:
        return _("Not yet trained")
    if last_day is None:
        return _("Trained, without end")
    words = _("Lapsed on %(day)s") if cover is Cover.LAPSED else _("Trained until %(day)s")
    return words % {"day": write_day(last_day)}


def reason_words(reason: Reason, cases: int, day: date | None) -> str:
    """A reason with its figure: "2 inquiries late", "Certificate lapsed on 01/10/2026"."""
    match reason:
        case Reason.LATE:
            return ngettext("%(num)d inquiry late", "%(num)d inquiries late", cases)
        case Reason.MADE_LATE:
            return ngettext("%(num)d inquiry late because of a part", "%(num)d inquiries late because of parts", cases)
        case Reason.RETURNED:
            return ngettext("text returned in %(num)d inquiry", "texts returned in %(num)d inquiries", cases)
        case Reason.CORRECTED:
            return ngettext("press corrected in %(num)d inquiry", "press corrected in %(num)d inquiries", cases)
        case Reason.LAPSED if day:
            return _("Certificate lapsed on %(day)s", day=write_day(day))
        case Reason.SOON if day:
            return _("Certificate lapses on %(day)s", day=write_day(day))
    return str(REASON[reason])


def kinds_words(kinds: Sequence[RightKind]) -> str:
    """The rights of a person in words."""
    return ", ".join(str(KIND[kind]) for kind in kinds)


def handled_words(one: Handled) -> str:
    """75 % (3 of 4), or that nothing fell due."""
    if one.share is None:
        return _("nothing fell due")
    return _("%(share)s%% (%(part)s of %(whole)s)", share=one.share, part=one.on_time, whole=one.due)
