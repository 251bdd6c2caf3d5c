"""Pages of the incident room: the list, the room, its acts."""

from flask import Blueprint

blueprint = Blueprint("incidents", __name__)

# They put their routes on the blueprint.
from pr_tracker.incidents.views import authorising, joining, lists, opening, papers, releasing, room, roster, statement  # noqa: E402, F401
