"""Pages of the press register, and the look-ups that offer names while one types."""

from flask import Blueprint, Response, jsonify

from pr_tracker.outlets import queries
from pr_tracker.outlets.labels import OUTLET_KINDS
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.parameters import id_of, text_of

blueprint = Blueprint("outlets", __name__)


@blueprint.get("/outlets/lookup")
@requires(Permission.OUTLET_VIEW)
def lookup() -> Response:
    """The press agencies that two or more typed letters may mean, best first."""
    found = queries.suggested_outlets(text_of("q"))
    return jsonify([{"id": row.id, "label": row.name, "detail": str(OUTLET_KINDS[row.kind])} for row in found])


@blueprint.get("/journalists/lookup")
@requires(Permission.OUTLET_VIEW)
def lookup_journalists() -> Response:
    """The journalists that the typed letters may mean; with `outlet`, only those of this agency."""
    found = queries.suggested_journalists(text_of("q"), id_of("outlet"))
    return jsonify([{"id": row.id, "label": row.full_name, "detail": row.outlet_name} for row in found])
