"""Find: the filtered list, page by page, search, and saved views."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from pr_tracker import clock
from pr_tracker.accounts import queries as accounts
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.queries import stands_in_for
from pr_tracker.db import db
from pr_tracker.deadlines import queries as deadlines
from pr_tracker.errors import DomainError
from pr_tracker.inquiries import labels, labels_timing
from pr_tracker.inquiries.actions import views as saved
from pr_tracker.inquiries.queries import lists
from pr_tracker.inquiries.queries.filters import Filters
from pr_tracker.inquiries.rules import Status
from pr_tracker.inquiries.rules_kinds import Kind, RefusalGround
from pr_tracker.inquiries.rules_timing import Result, Timing
from pr_tracker.inquiries.views import blueprint
from pr_tracker.inquiries.views.acting import reader
from pr_tracker.inquiries.views.rows import presented
from pr_tracker.keyset import Cursor
from pr_tracker.office_time import office_day, write_day
from pr_tracker.outlets.models import Journalist, Outlet
from pr_tracker.permissions import Permission
from pr_tracker.web.access import requires
from pr_tracker.web.errors import say
from pr_tracker.web.forms import tidy
from pr_tracker.web.parameters import address_of, cursor_asked, day_of, id_of, member_of, text_of


def filters_asked() -> Filters:
    """The filters in the address; what makes no sense is left out."""
    return Filters(
        text=text_of("q"),
        agency_id=id_of("agency"),
        status=member_of("status", Status),
        kind=member_of("kind", Kind),
        outlet_id=id_of("outlet"),
        person_id=id_of("person"),
        journalist_id=id_of("journalist"),
        outlet_name=text_of("outlet_name", 100),
        person_name=text_of("person_name", 100),
        since=day_of("from"),
        until=day_of("to"),
        late=bool(text_of("late")),
        only_open=bool(text_of("open")),
        my_turn=bool(text_of("mine")),
        paused=bool(text_of("paused")),
        stopped=bool(text_of("stopped")),
        extended=bool(text_of("extended")),
        timing=member_of("timing", Timing),
        result=member_of("result", Result),
        ground=member_of("ground", RefusalGround),
        unassigned=bool(text_of("unassigned")),
        carried=day_of("carried"),
    )


def kept_in_address() -> dict[str, str]:
    """The filters as they stand in the address, to be carried along in links."""
    return {name: value for name, value in request.args.items() if name in saved.FILTERS and value}


@blueprint.get("/inquiries")
@requires(Permission.INQUIRY_VIEW)
def index() -> str:
    """The list, narrowed by what stands in the address; `?part=1` is the rows alone, for refreshing."""
    now, filters, person = clock.now(), filters_asked(), reader()
    page = lists.page(person, filters, now, cursor_asked())
    absent = {row.id: row.full_name for row in stands_in_for(person.id, office_day(now))}
    rows = presented(page.rows, person, now, deadlines.working_calendar(), absent)
    kept = kept_in_address()
    shown: dict[str, Any] = {
        "rows": rows,
        "newer": _address(kept, page.newer),
        "older": _address(kept, page.older),
        "filters": filters,
    }
    if request.args.get("part"):
        return render_template("inquiries/list_part.html", **shown)
    return render_template(
        "inquiries/list.html",
        **shown,
        kept=kept,
        refresh_url=_address({**kept, "part": "1"}, cursor_asked(), even_without=True),
        agencies=accounts.agencies_for_choice(),
        narrowed=narrowed_to(filters),
        statuses=labels.STATUS,
        kinds=labels.KIND,
        saved=lists.saved_views(person),
    )


def narrowed_to(filters: Filters) -> list[tuple[str, str, str]]:
    """Filters that have no field of their own: the address's name, the words, and who or what."""
    found = (
        ("outlet", _("Press agency"), lists.name_of(Outlet, filters.outlet_id)),
        ("person", _("Person"), lists.name_of(Person, filters.person_id)),
        ("journalist", _("Journalist"), lists.name_of(Journalist, filters.journalist_id)),
        ("timing", _("Deadline"), filters.timing and labels_timing.TIMING[filters.timing]),
        ("result", _("Result"), filters.result and labels_timing.RESULT[filters.result]),
        ("ground", _("Ground"), filters.ground and labels_timing.GROUND_IN_SHORT[filters.ground]),
        ("unassigned", _("Lead agency"), _("not assigned") if filters.unassigned else None),
        ("carried", _("Still open at the beginning of"), filters.carried and write_day(filters.carried)),
    )
    return [(name, words, str(who)) for name, words, who in found if who]


def _address(kept: dict[str, str], cursor: Cursor | None, *, even_without: bool = False) -> str | None:
    if cursor is None:
        return f"{url_for('.index')}?{urlencode(kept)}" if even_without else None
    return f"{url_for('.index')}?{urlencode({**kept, **address_of(cursor)})}"


@blueprint.post("/saved-views")
@requires(Permission.INQUIRY_VIEW)
def save_view() -> ResponseReturnValue:
    """Keep the present filters under a name; the same name is overwritten."""
    query = request.form.get("query", "")
    try:
        kept = saved.save_view(current_user, tidy(request.form.get("name", "")), query, now=clock.now())
    except DomainError as error:
        flash(say(error), "error")
    else:
        db.session.commit()
        flash(_("The view “%(name)s” is saved.", name=kept.name))
    return redirect(f"{url_for('.index')}?{saved.only_filters(query)}", 303)


@blueprint.post("/saved-views/<id:view_id>/remove")
@requires(Permission.INQUIRY_VIEW)
def remove_view(view_id: int) -> ResponseReturnValue:
    """Forget a saved view of one's own."""
    saved.remove_view(current_user, view_id, now=clock.now())
    db.session.commit()
    flash(_("The view is removed."))
    return redirect(url_for(".index"), 303)
