"""Find imports, their rows, and what an agency said names and columns mean."""

import sqlalchemy as sa

from pr_tracker.db import db
from pr_tracker.imports.models import ImportName
from pr_tracker.text import fold


class RememberedNames:
    """What an agency's people said names mean; see rules.Names."""

    def __init__(self, agency_id: int) -> None:
        query = sa.select(ImportName.what, ImportName.typed_key, ImportName.meant_id)
        rows = db.session.execute(query.where(ImportName.agency_id == agency_id))
        self._meant = {(row.what, row.typed_key): row.meant_id for row in rows}

    def meant(self, what: str, typed: str) -> int | None:
        """The id of what the name was said to mean."""
        return self._meant.get((what, fold(typed)[:300]))
