"""Certificates in words."""

from flask_babel import lazy_gettext as _l

from pr_tracker.certificates.rules import CertificateEvent

CERTIFICATE_EVENTS = {
    CertificateEvent.LAYOUT: _l("changed the layout of a course's certificates"),
    CertificateEvent.RUN: _l("asked for the certificates of a class"),
    CertificateEvent.ISSUE: _l("issued a certificate"),
    CertificateEvent.REISSUE: _l("issued a certificate in another's place"),
    CertificateEvent.REVOKE: _l("revoked a certificate"),
    CertificateEvent.EXPORT: _l("took certificates out as files"),
}
