"""Pages: the queue, the list, logging, one case and what is done with it."""

from flask import Blueprint

blueprint = Blueprint("inquiries", __name__)

from pr_tracker.inquiries.views import intake, lists, queue  # noqa: E402, F401 - they put their routes on the blueprint
