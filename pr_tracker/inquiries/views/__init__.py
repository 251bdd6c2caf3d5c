"""Pages: the queue, the list, logging, one case and what is done with it."""

from flask import Blueprint

blueprint = Blueprint("inquiries", __name__)

# They put their routes on the blueprint.
from pr_tracker.inquiries.views import answer, case, explaining, files, handling, intake, lists, queue, stops  # noqa: E402, F401
