"""Certificates in words."""

from datetime import date
from decimal import Decimal

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.certificates.rules import CertificateEvent, CourseRule, Lack, Reason, Status, Verdict
from pr_tracker.office_time import write_day

CERTIFICATE_EVENTS = {
    CertificateEvent.LAYOUT: _l("changed the layout of a course's certificates"),
    CertificateEvent.RUN: _l("asked for the certificates of a class"),
    CertificateEvent.ISSUE: _l("issued a certificate"),
    CertificateEvent.REISSUE: _l("issued a certificate in another's place"),
    CertificateEvent.REVOKE: _l("revoked a certificate"),
    CertificateEvent.EXPORT: _l("took certificates out as files"),
}

STATUSES = {
    Status.VALID: _l("valid"),
    Status.SUPERSEDED: _l("superseded"),
    Status.REVOKED: _l("revoked"),
}

# What the public page says: the answer, then what it means.
VERDICTS = {
    Verdict.VALID: (
        _l("Valid"),
        _l("This certificate was issued and is valid. Compare what stands below with the paper, word for word."),
    ),
    Verdict.LAPSED: (
        _l("Genuine, no longer counts"),
        _l("This certificate was issued, but the day until which the training counts has passed."),
    ),
    Verdict.SUPERSEDED: (
        _l("Superseded"),
        _l("This certificate is no longer valid: another was issued in its place."),
    ),
    Verdict.REVOKED: (
        _l("Revoked"),
        _l("This certificate is no longer valid: the agency that issued it has taken it back."),
    ),
    Verdict.ALTERED: (
        _l("Not confirmed"),
        _l("What is stored under this code is not what was issued. Ask the agency named on the paper."),
    ),
    Verdict.UNKNOWN: (
        _l("No such certificate"),
        _l("No certificate was ever issued with this code: it was mistyped, or the paper is not genuine."),
    ),
}

PLACEHOLDER_WORDS = {
    "name": _l("full name"),
    "title": _l("position"),
    "agency": _l("agency of the trainee"),
    "course": _l("title of the course"),
    "class": _l("name of the class"),
    "place": _l("place of the class"),
    "dates": _l("days of the sessions"),
    "hours": _l("periods of teaching"),
    "topics": _l("topics of the course"),
    "mark": _l("mark of the test"),
    "number": _l("number and year"),
    "day": _l("day of issue, in the official form"),
    "valid_until": _l("last day on which it counts"),
    "superior": _l("superior agency of the one that holds the course"),
    "issuer": _l("agency that holds the course"),
    "signer": _l("head of the agency that holds the course"),
}


def reason_words(reason: Reason) -> str:
    """Why somebody gets no certificate."""
    said = {name: _decimal(value) for name, value in reason.figures.items()}
    if reason.lack is not Lack.ATTENDANCE:
        return str(_LACKS[reason.lack]) % said
    words = _("attended %(attended)s of %(sessions)s sessions (%(share)s%%), %(least)s%% needed", **said)
    count = reason.figures["open"]
    return f"{words}; {open_words(count)}" if count else words


def open_words(count: int) -> str:
    """How many sessions are still to come or to be closed."""
    return ngettext("%(num)d session is not closed yet", "%(num)d sessions are not closed yet", count)


_LACKS = {
    Lack.NO_SESSION: _l("the class has no session yet"),
    Lack.NO_MARK: _l("no mark in the test, %(least)s needed"),
    Lack.LOW_MARK: _l("mark %(mark)s in the test, %(least)s needed"),
    Lack.NO_PAPER: _l("the final paper has not been accepted"),
}


def rule_words(rule: CourseRule) -> str:
    """What the course asks for, as one sentence."""
    parts = [_("attendance at %(share)s%% of the sessions at least", share=rule.least_attendance)]
    if rule.least_mark is not None:
        parts.append(_("a mark of %(mark)s at least in the test", mark=_decimal(rule.least_mark)))
    if rule.paper_required:
        parts.append(_("an accepted final paper"))
    return _("The course asks for: %(parts)s.", parts=", ".join(parts))


def until_words(until: date | None) -> str:
    """How long a certificate counts."""
    return write_day(until) if until else _("for ever")


def _decimal(value: object) -> str:
    return format_decimal(value) if isinstance(value, Decimal) else str(value)
