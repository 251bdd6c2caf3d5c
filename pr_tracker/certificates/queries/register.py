"""Find certificates: those of a class, one by its code, what is still to be drawn."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from pr_tracker.accounts.models import Person
from pr_tracker.audit.models import AuditEntry
from pr_tracker.certificates.models import Certificate, CertificateRun
from pr_tracker.certificates.rules import GIVING, Status
from pr_tracker.codes import digest_of
from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.files import KeptFile
from pr_tracker.trainings.models_roster import Participant
from pr_tracker.trainings.queries.plan import got


def get_certificate(certificate_id: int) -> Certificate:
    """The certificate. Raises NotFound."""
    found: Certificate = got(Certificate, certificate_id, N_("There is no such certificate."))
    return found


def find_by_code(code: str) -> Certificate | None:
    """The certificate with this code."""
    return db.session.scalar(sa.select(Certificate).where(Certificate.code == code))


def code_of_file(digest: str) -> str | None:
    """The code of the certificate whose PDF has this SHA-256."""
    query = sa.select(Certificate.code).join(KeptFile, KeptFile.id == Certificate.file_id)
    return db.session.scalar(query.where(KeptFile.digest == digest).order_by(Certificate.id.desc()).limit(1))


def successor_of(certificate: Certificate) -> Certificate | None:
    """The certificate given in this one's place."""
    return db.session.scalar(sa.select(Certificate).where(Certificate.replaces_id == certificate.id))


def valid_of(participant_id: int) -> Certificate | None:
    """The certificate somebody holds of their class."""
    query = sa.select(Certificate).where(
        Certificate.participant_id == participant_id, Certificate.status == Status.VALID
    )
    return db.session.scalar(query)


def holders(class_id: int) -> dict[int, sa.Row]:
    """By participant: the certificate (id, year, number) that each holds."""
    one = Certificate
    query = sa.select(one.participant_id, one.id, one.year, one.number).where(
        one.class_id == class_id, one.status == Status.VALID
    )
    return {row.participant_id: row for row in db.session.execute(query)}


def certificates_of(class_id: int) -> Sequence[sa.Row]:
    """Every certificate ever given in a class, in the order of numbers, with who it is for and what became of it."""
    one, who = Certificate, Participant
    by = sa.orm.aliased(Person)
    query = (
        sa.select(
            one.id,
            one.year,
            one.number,
            one.issued_on,
            one.valid_until,
            one.status,
            one.ended_at,
            one.ended_because,
            one.file_id,
            one.participant_id,
            one.paper["person"].as_string().label("person"),
            who.agency_name,
            by.full_name.label("ended_by"),
        )
        .join(who, who.id == one.participant_id)
        .outerjoin(by, by.id == one.ended_by_id)
        .where(one.class_id == class_id)
        .order_by(one.year, one.number)
    )
    return db.session.execute(query).all()


def to_print(class_id: int, run_id: int | None = None) -> Sequence[Certificate]:
    """The certificates of a class that are valid, of all runs or of one, in the order of numbers."""
    query = sa.select(Certificate).where(Certificate.class_id == class_id, Certificate.status == Status.VALID)
    if run_id is not None:
        query = query.where(Certificate.run_id == run_id)
    loaded = (sa.orm.joinedload(Certificate.file), sa.orm.joinedload(Certificate.participant))
    return db.session.scalars(query.options(*loaded).order_by(Certificate.year, Certificate.number)).all()


def is_whole(certificate: Certificate) -> bool:
    """Whether what is stored of a certificate is what the audit log says was given."""
    entry = AuditEntry
    query = sa.select(entry.data).where(
        entry.subject_kind == Certificate.__tablename__, entry.subject_id == certificate.id, entry.event.in_(GIVING)
    )
    said: dict[str, Any] | None = db.session.scalar(query.order_by(entry.number).limit(1))
    return said is not None and said.get("digest") == digest_of(certificate.code, certificate.paper)


def latest_run(class_id: int) -> CertificateRun | None:
    """The last run of a class, finished or not."""
    query = sa.select(CertificateRun).where(CertificateRun.class_id == class_id)
    return db.session.scalar(query.order_by(CertificateRun.id.desc()).limit(1))


def unfinished_runs() -> Sequence[int]:
    """The ids of runs that are still to be worked off, the first asked for first."""
    query = sa.select(CertificateRun.id).where(CertificateRun.finished_at.is_(None))
    return db.session.scalars(query.order_by(CertificateRun.id)).all()


def people_left(run_id: int) -> int:
    """Of how many people of a run it is not yet settled whether they get a certificate."""
    run = db.session.get_one(CertificateRun, run_id, populate_existing=True)
    return len(run.people) - run.done


def undrawn_of(run_id: int, most: int) -> Sequence[Certificate]:
    """Certificates of a run that have no PDF yet, at most so many."""
    query = sa.select(Certificate).where(Certificate.run_id == run_id, Certificate.file_id.is_(None))
    return db.session.scalars(query.order_by(Certificate.id).limit(most)).all()


def count_drawn(run_id: int) -> int:
    """How many certificates of a run have their PDF."""
    query = sa.select(sa.func.count(Certificate.file_id)).where(Certificate.run_id == run_id)
    return db.session.scalar(query) or 0
