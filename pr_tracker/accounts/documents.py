"""How an agency heads and signs its papers (Decree 30/2020/NĐ-CP, annex I; domain.md §9)."""

import re
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
_COLLECTIVE = "TM. Ủy ban nhân dân"
_ACTING = re.compile(r"^Quyền\s+", re.IGNORECASE)
_UNIT_HEAD = re.compile(r"(Phó\s+)?(Trưởng|Chánh|Chi cục trưởng|Cục trưởng)\b", re.IGNORECASE)
_OWNER = re.compile(r"\s+(Sở|UBND.*|Ủy ban nhân dân.*)$")


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
        return pdf.Signature([_COLLECTIVE], ["Chủ tịch"], name)
    return pdf.Signature([], [_ACTING.sub("Q. ", _head_title(agency))], name)


def signature_of(agency: Agency, signer: Person | None) -> pdf.Signature:
    """As signature(), for whoever approved the paper.

    A deputy signs KT., the head of a unit TL., the deputy of one TL. and KT., anybody else by authority, TUQ. Who
    approved from above the agency does not sign its papers.
    """
    if signer is None or agency.head is None or signer.id == agency.head.id or signer.agency_id != agency.id:
        return signature(agency)
    collective = agency.signing_form is SigningForm.COLLECTIVE
    head = "Chủ tịch" if collective else _ACTING.sub("", _head_title(agency))
    own = _title_alone(signer, agency)
    instead = ([_COLLECTIVE] if collective else []) + [f"KT. {head}"]
    if own.casefold().startswith(f"phó {head}".casefold()):
        return pdf.Signature(instead, [f"Phó {head}"], signer.full_name)
    if unit := _UNIT_HEAD.match(own):
        above = [f"TL. {head}", *([f"KT. {own[unit.end(1) :]}"] if unit[1] else [])]
        return pdf.Signature(above, [own], signer.full_name)
    if Role.HEAD in signer.roles:
        return pdf.Signature(instead, [own or f"Phó {head}"], signer.full_name)
    return pdf.Signature([f"TUQ. {head}"], [own], signer.full_name)


def _title_alone(person: Person, agency: Agency) -> str:
    """A title without the agency, which the head of the paper names already."""
    title = person.title.strip()
    for owner in (agency.name, agency.short_name):
        title = title.removesuffix(owner).strip()
    return _OWNER.sub("", title)


def _head_title(agency: Agency) -> str:
    return (_title_alone(agency.head, agency) if agency.head else "") or _TITLES[agency.kind]
