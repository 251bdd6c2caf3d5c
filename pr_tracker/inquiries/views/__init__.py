"""Pages: the queue, the list, logging, one case and what is done with it."""

from flask import Blueprint

blueprint = Blueprint("inquiries", __name__)

# They put their routes on the blueprint.
from pr_tracker.inquiries.views import (  # noqa: E402
    answer,  # noqa: F401
    articles,  # noqa: F401
    authorising,  # noqa: F401
    boxes,  # noqa: F401
    case,  # noqa: F401
    explaining,  # noqa: F401
    files,  # noqa: F401
    handling,  # noqa: F401
    intake,  # noqa: F401
    letters,  # noqa: F401
    letters_list,  # noqa: F401
    lists,  # noqa: F401
    parts,  # noqa: F401
    printing,  # noqa: F401
    queue,  # noqa: F401
    refusals,  # noqa: F401
    refusing,  # noqa: F401
    reusing,  # noqa: F401
    sealing,  # noqa: F401
    stops,  # noqa: F401
    tables,  # noqa: F401
)
