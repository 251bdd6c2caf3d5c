"""How an agency heads and signs its papers (Decree 30/2020/NĐ-CP, annex I; domain.md §9)."""

from datetime import date

from pr_tracker import pdf
from pr_tracker.accounts.models import Agency, Person
from pr_tracker.accounts.rules import AgencyKind, SigningForm
from pr_tracker.permissions import Role

# The title that stands where an agency has no head on record.
_TITLES = {
    AgencyKind.PROVINCE: "Chủ tịch",
    AgencyKind.PROVINCE_OFFICE: "Chánh Văn phòng",
    AgencyKind.DEPARTMENT: "Giám đốc",
    AgencyKind.COMMUNE: "Chủ tịch",
}


def letterhead(
    agency: Agency,
    *,
    place: str,
    day: date | None,
    kind: str,
    abstract: str,
    symbol: str = "",
    urgency: str = "",
    number: str = "",
    draft: bool,
) -> pdf.Letterhead:
    """The head of a paper of this agency. A people's committee has no superior above its name, other agencies have."""
    is_committee = agency.kind in (AgencyKind.PROVINCE, AgencyKind.COMMUNE)
    return pdf.Letterhead(
        superior=agency.superior.name if agency.superior and not is_committee else "",
        issuer=agency.name,
        symbol=symbol,
        place=place,
        day=day,
        kind=kind,
        abstract=abstract,
        urgency=urgency,
        number=number,
        draft=draft,
    )


def signature(agency: Agency) -> pdf.Signature:
    """The place for the head's signature, in the agency's signing form; signature and seal stay empty."""
    name = agency.head.full_name if agency.head else ""
    if agency.signing_form is SigningForm.COLLECTIVE:
        return pdf.Signature(["TM. Ủy ban nhân dân"], ["Chủ tịch"], name)
    return pdf.Signature([], [_signing_title(agency)], name)


def signature_of(agency: Agency, signer: Person | None) -> pdf.Signature:
    """As signature(), for whoever approved the paper: another leader signs KT., anybody else TUQ. of the head."""
    if signer is None or agency.head is None or signer.id == agency.head.id:
        return signature(agency)
    instead, own = "KT." if Role.HEAD in signer.roles else "TUQ.", _title_alone(signer, agency)
    if agency.signing_form is SigningForm.COLLECTIVE:
        return pdf.Signature(["TM. Ủy ban nhân dân", f"{instead} Chủ tịch"], [own or "Phó Chủ tịch"], signer.full_name)
    return pdf.Signature([f"{instead} {_signing_title(agency)}"], [own], signer.full_name)


def _title_alone(person: Person, agency: Agency) -> str:
    """A title without the agency, which the head of the paper names already."""
    title = person.title.strip()
    for owner in (agency.name, agency.short_name):
        title = title.removesuffix(owner).strip()
    return title


def _signing_title(agency: Agency) -> str:
    """The head's title without the agency, which the head of the paper names already."""
    return (_title_alone(agency.head, agency) if agency.head else "") or _TITLES[agency.kind]
