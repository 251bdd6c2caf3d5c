"""Pages of accounts: one's own, and for administrators people and agencies."""

from pr_tracker.accounts import views_absences, views_account, views_agencies, views_people
from pr_tracker.accounts.views_acts import blueprint

__all__ = ["blueprint", "views_absences", "views_account", "views_agencies", "views_people"]
