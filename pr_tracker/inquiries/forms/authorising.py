"""Fields of an authorisation in an inquiry, and of its revocation."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pr_tracker.accounts.models import Person
from pr_tracker.inquiries.actions.authorising import agency_for
from pr_tracker.inquiries.forms.handling import ActForm, long_text
from pr_tracker.inquiries.models import Inquiry
from pr_tracker.spokespersons.forms_authorising import AuthorityFields
from pr_tracker.spokespersons.queries_rights import may_be_authorised


class AuthoriseForm(AuthorityFields, ActForm):
    """Who may speak in this inquiry, from when until when, by which paper."""

    def prepare(self, inquiry: Inquiry, reader: Person, now: datetime) -> None:
        self.offer(may_be_authorised(agency_for(inquiry, reader), inquiry.lead_agency_id))

    def preset(self, inquiry: Inquiry, now: datetime) -> None:
        self.from_at.data = now
        with force_locale("vi"):  # it goes on an official paper
            self.words.data = _(
                "To speak and give information to the press in the inquiry %(code)s: %(subject)s.",
                code=inquiry.code,
                subject=inquiry.subject,
            )


class RevokeForm(ActForm):
    """Why the authority is taken back."""

    reason = long_text(_l("Reason"), hint=_l("Stands in the history, and reaches whoever was authorised."))
