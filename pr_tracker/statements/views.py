"""Pages of the library of statements: the list, one statement, what is done with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError

from pr_tracker import clock
from pr_tracker.accounts.models import Person
from pr_tracker.accounts.queries import agencies_for_choice
from pr_tracker.audit.queries import entries_of
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, DomainError, NotAllowed
from pr_tracker.office_time import in_office, office_day, write_day, write_time
from pr_tracker.permissions import Permission
from pr_tracker.spokespersons.labels_names import kept_ground_words
from pr_tracker.statements import actions, labels, queries
from pr_tracker.statements.forms import PublishedForm, SeenForm, SupersedeForm, ValidityForm, WithdrawForm
from pr_tracker.statements.models import Statement
from pr_tracker.statements.queries import Filters, SaidBefore
from pr_tracker.statements.rules import LONGEST_TOPIC, State, StatementEvent, state_on, write_code
from pr_tracker.statements.rules_likeness import Matter
from pr_tracker.web.access import only_reads, requires
from pr_tracker.web.lists import Column, Table, list_out, of_query
from pr_tracker.web.parameters import address_of, cursor_asked, id_of, member_of, text_of

blueprint = Blueprint("statements", __name__)
P = Permission
BOTH = ["GET", "POST"]
SHORTEST_MATTER = 12  # letters: below it everything is alike


@dataclass(frozen=True)
class Case:
    """A case that a statement comes from or went into, as a reader may see it."""

    code: str
    subject: str
    url: str


# Which of these inquiries a person may see, by id: the feature above tells.
CaseLookup = Callable[[Person, Iterable[int]], Mapping[int, Case]]


def install(app: Flask, cases: CaseLookup) -> None:
    """Let statements link the cases they come from."""
    app.extensions["statement_cases"] = cases


def reader() -> Person:
    """Whoever is signed in, as a row and not as a proxy for one."""
    person: Person = current_user._get_current_object()
    return person


@dataclass(frozen=True)
class Shown:
    """A row of the library as the list shows it."""

    row: sa.Row
    code: str
    state: State


@blueprint.get("/statements")
@requires(P.STATEMENT_VIEW)
def index() -> str:
    """The library, narrowed by words, state and agency."""
    filters, day = _filters(), office_day(clock.now())
    page, soon = queries.page(filters, day, cursor_asked()), queries.soon_from(day)
    rows = [Shown(row, write_code(row.year, row.number), _state(row, soon)) for row in page.rows]
    kept: dict[str, Any] = {name: value for name in ("q", "state", "agency") if (value := text_of(name))}
    return render_template(
        "statements/index.html",
        labels=labels,
        filters=filters,
        rows=rows,
        states=State,
        agencies=queries.agencies_heard(),
        kept=kept,
        older=url_for(".index", **kept | address_of(page.older)) if page.older else None,
        newer=url_for(".index", **kept | address_of(page.newer)) if page.newer else None,
    )


def _state(row: Any, soon: Any) -> State:
    return state_on(office_day(clock.now()), queries.validity_of(row), soon=soon)


def _filters() -> Filters:
    return Filters(text=text_of("q"), state=member_of("state", State), agency_id=id_of("agency"))


@list_out(blueprint, "/statements", P.STATEMENT_VIEW, file_name="phat-ngon")
def statements_table() -> Table:
    """The narrowed library for a spreadsheet, with the words."""
    day = office_day(clock.now())
    soon = queries.soon_from(day)
    columns: list[Column] = [
        (_("Number"), lambda row: write_code(row.year, row.number)),
        (_("On what"), lambda row: row.topic),
        (_("Agency"), lambda row: row.agency),
        (_("State"), lambda row: labels.STATE[state_on(day, queries.validity_of(row), soon=soon)]),
        (_("Counts until"), lambda row: row.valid_until),
        (_("Said at"), lambda row: row.said_at),
        (_("Form of speaking"), lambda row: labels.ANSWER_FORM[row.form]),
        (_("Said by"), lambda row: row.said_by),
        (_("Link"), lambda row: row.link),
        (_("Words"), lambda row: row.text),
        (_("Reason of withdrawal"), lambda row: row.withdrawn_reason),
    ]
    return of_query(_("What the province has said"), queries.listed(_filters(), day), columns)


@blueprint.get("/statements/<id:statement_id>")
@requires(P.STATEMENT_VIEW)
def show(statement_id: int) -> str:
    """One statement: its words, who said it by what right, what replaced what, where it was used again."""
    statement = queries.get_statement(statement_id)
    uses = queries.uses_of(statement)
    cases = _cases([statement.inquiry_id, *(use.inquiry_id for use in uses)])
    soon = queries.soon_from(office_day(clock.now()))
    chain = [Shown(row, write_code(row.year, row.number), _state(row, soon)) for row in queries.whole_chain(statement)]
    return render_template(
        "statements/show.html",
        labels=labels,
        statement=statement,
        state=state_on(office_day(clock.now()), statement.validity, soon=soon),
        right=kept_ground_words(statement.right or {}),
        source=cases.get(statement.inquiry_id or 0),
        chain=chain if len(chain) > 1 else [],
        uses=[(use, cases.get(use.inquiry_id)) for use in uses],
        history=_timeline(entries_of(statement)),
        may_keep=queries.may_keep(reader(), statement.agency_id),
    )


def _cases(ids: Iterable[int | None]) -> Mapping[int, Case]:
    asked = {ident for ident in ids if ident is not None}
    lookup: CaseLookup = current_app.extensions["statement_cases"]
    return lookup(reader(), asked) if asked else {}


def _timeline(rows: Iterable[sa.Row]) -> list[dict[str, Any]]:
    entries = []
    for row in rows:
        sentence, quote = labels.happened(row)
        at = in_office(row.at)
        when = {"iso": at.isoformat(timespec="minutes"), "day": write_day(at.date()), "hour": write_time(row.at)}
        glyph = labels.GLYPHS.get(StatementEvent(row.event), "document")
        entries.append({**when, "glyph": glyph, "sentence": sentence, "quote": quote})
    return entries


@blueprint.route("/statements/new", methods=BOTH)
@requires(P.STATEMENT_EDIT)
def new() -> ResponseReturnValue:
    """Record what an agency published by itself."""
    form, now = PublishedForm(), clock.now()
    form.prepare(_agencies())
    replaces, status = _ticked(), 200
    if not form.is_submitted():
        form.agency_id.data, form.said_at.data = reader().agency_id, now
    elif "show" not in request.form:
        made: list[Statement] = []
        by: dict[str, Any] = {"actor": reader(), "now": now}
        status = _attempt(form, lambda: made.append(actions.record_published(form.said(), replaces=replaces, **by)))
        if status == 200:
            flash(_("Recorded as statement %(code)s.", code=made[0].code))
            return redirect(url_for(".show", statement_id=made[0].id), 303)
    page = render_template("statements/new.html", form=form, **_preview(form, replaces))
    return page, status


@blueprint.post("/statements/preview")
@requires(P.STATEMENT_EDIT)
@only_reads
def preview() -> str:
    """What the province said on this before. A piece of a page."""
    form = PublishedForm()
    form.prepare(_agencies())
    return render_template("statements/said_before.html", **_preview(form, _ticked()))


def _preview(form: PublishedForm, replaces: Sequence[int]) -> dict[str, Any]:
    matter = Matter((form.topic.data or "")[:LONGEST_TOPIC], form.text.data or "")
    long_enough = len(matter.topic) + len(matter.text) >= SHORTEST_MATTER
    said = queries.said_before(matter, matter, office_day(clock.now())) if long_enough else []
    return {"said": said, "labels": labels, "ticked": replaces, "may_replace": may_replace, "asked": long_enough}


def may_replace(said: SaidBefore) -> bool:
    """Whether the reader may put another statement in its place."""
    return said.row.superseded_at is None and said.row.withdrawn_at is None


def _ticked() -> list[int]:
    typed = request.form.getlist("replaces")
    return sorted({int(one) for one in typed if one.isascii() and one.isdigit() and 0 < len(one) < 10})


def _agencies() -> list[tuple[int, str]]:
    person = reader()
    if person.agency.kind.sees_whole_province:
        return [(row.id, row.name) for row in agencies_for_choice()]
    return [(person.agency_id, person.agency.name)]


@blueprint.route("/statements/<id:statement_id>/validity", methods=BOTH)
@requires(P.STATEMENT_EDIT)
def validity(statement_id: int) -> ResponseReturnValue:
    """Say until when it counts."""
    form, statement = ValidityForm(), _to_act_on(statement_id)
    if not form.is_submitted():
        form.valid_until.data = statement.valid_until
    page = ActPage(
        title=_("Until when it counts"),
        button=_("Set the last day"),
        said=_("The last day is set."),
        lede=_("It counts until the end of that day. Leave the field empty when it has no end."),
    )
    return _run(statement, form, page, lambda by: actions.set_validity(statement, form.valid_until.data, **by))


@blueprint.route("/statements/<id:statement_id>/withdraw", methods=BOTH)
@requires(P.STATEMENT_EDIT)
def withdraw(statement_id: int) -> ResponseReturnValue:
    """The province no longer stands by it."""
    form, statement = WithdrawForm(), _to_act_on(statement_id)
    page = ActPage(
        title=_("Withdraw the statement"),
        button=_("Withdraw %(code)s", code=statement.code),
        said=_("The statement is withdrawn."),
        lede=_("Its words stay readable, marked as withdrawn, with the reason. Nobody is offered it any more."),
    )
    return _run(statement, form, page, lambda by: actions.withdraw(statement, form.reason.data or "", **by))


@blueprint.route("/statements/<id:statement_id>/supersede", methods=BOTH)
@requires(P.STATEMENT_EDIT)
def supersede(statement_id: int) -> ResponseReturnValue:
    """Another statement takes its place."""
    form, statement = SupersedeForm(), _to_act_on(statement_id, lock=False)
    form.prepare(queries.later_like(statement))
    page = ActPage(
        title=_("Replace the statement"),
        button=_("Replace %(code)s", code=statement.code),
        said=_("The statement is replaced."),
        lede=_("From now on only the newer one counts. The words of this one stay readable."),
    )
    return _run(statement, form, page, lambda by: _supersede(statement, form.code, by))


def _supersede(statement: Statement, code: str, by: dict[str, Any]) -> None:
    newer = queries.find_by_code(code)
    if newer is None:
        raise BadInput(N_("There is no such statement."), field="newer")
    queries.lock_statements([statement.id, newer.id])  # both in one order, whoever replaces what
    actions.supersede(statement, newer, **by)


@dataclass(frozen=True)
class ActPage:
    """What the page of an act on a statement says."""

    title: str
    button: str
    said: str
    lede: str


def _to_act_on(statement_id: int, *, lock: bool = True) -> Statement:
    """The statement, locked where the act is sent. Raises NotFound, NotAllowed."""
    statement = queries.get_statement(statement_id, to_change=lock and request.method == "POST")
    if not queries.may_keep(reader(), statement.agency_id):
        raise NotAllowed(N_("Only people of the agency that spoke, or of the province's office, may do this."))
    return statement


def _run(
    statement: Statement, form: SeenForm, page: ActPage, act: Callable[[dict[str, Any]], object]
) -> ResponseReturnValue:
    status, meanwhile = 200, []
    if form.is_submitted():
        by = {"actor": reader(), "now": clock.now(), "seen": form.seen_version}
        status = _attempt(form, lambda: act(by))
        if status == 200:
            flash(page.said)
            return redirect(url_for(".show", statement_id=statement.id), 303)
        meanwhile = _timeline(entries_of(statement))[:3] if status == 409 else []
    db.session.refresh(statement)
    form.show(statement.version)
    shown = {"statement": statement, "form": form, "page": page, "meanwhile": meanwhile, "labels": labels}
    return render_template("statements/act.html", **shown), status


def _attempt(form: Any, act: Callable[[], object]) -> int:
    """Do and commit: 200; or put the refusal on the form: 422 to mend, 409 when somebody else was first."""
    if not form.validate():
        return 422
    try:
        act()
        db.session.commit()
    except (BadInput, ChangedMeanwhile) as refusal:
        return _refused(form, refusal)
    except StaleDataError:
        return _refused(form, ChangedMeanwhile(N_("Somebody else changed this statement while you had it open.")))
    return 200


def _refused(form: Any, refusal: DomainError) -> int:
    db.session.rollback()
    form.add_problem(refusal)
    return 409 if isinstance(refusal, ChangedMeanwhile) else 422
