"""Pages of what comes in from files: choose one, name its columns, look at every row, write what is good."""

from pr_tracker.imports.views import matching, showing
from pr_tracker.imports.views.choosing import blueprint

__all__ = ["blueprint", "matching", "showing"]
