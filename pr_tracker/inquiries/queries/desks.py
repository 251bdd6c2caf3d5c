"""Who is told of a case: the people at the desks of its agencies, of the provincial office, of UBND tỉnh."""

from pr_tracker.deadlines.queries_desks import Desk, Desks, desks, told_on
from pr_tracker.deadlines.rules_ladder import Rung
from pr_tracker.inquiries.models import Inquiry

__all__ = ["Desk", "Desks", "desks", "handlers_of", "reminded_of", "reminded_of_part", "responsible_for"]


def handlers_of(inquiry: Inquiry, at: Desks) -> set[int]:
    """Whose work a case is: the case officer's, else the lead agency's staff, before it is assigned the intake's."""
    desk = at.of(inquiry.lead_agency_id or inquiry.intake_agency_id)
    return {inquiry.officer_id} if inquiry.officer_id in desk.people else desk.workers


def responsible_for(inquiry: Inquiry, at: Desks) -> set[int]:
    """Who answers for a case: the responsible head while at the agency that has it, else its head."""
    desk = at.of(inquiry.lead_agency_id or inquiry.intake_agency_id)
    return {inquiry.responsible_id} if inquiry.responsible_id in desk.people else desk.chiefs


def reminded_of(inquiry: Inquiry, rung: Rung, at: Desks) -> set[int]:
    """Who is told of a case on a rung: few people, others at each level (product.md, complaints)."""
    return told_on(rung, at, workers=handlers_of(inquiry, at), chiefs=responsible_for(inquiry, at))


def reminded_of_part(agency_id: int, rung: Rung, at: Desks) -> set[int]:
    """The same for the part of a coordinating agency: its own staff and head owe it, not the lead's."""
    return told_on(rung, at, workers=at.of(agency_id).workers, chiefs=at.of(agency_id).chiefs)
