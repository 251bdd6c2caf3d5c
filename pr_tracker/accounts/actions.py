"""Add and change agencies and people."""

import uuid
from datetime import date, datetime
from typing import Any

from pr_tracker.accounts import queries
from pr_tracker.accounts.models import Absence, Agency, HeadTenure, Person
from pr_tracker.accounts.rules import (
    AccountEvent,
    AgencyKind,
    SigningForm,
    changes,
    days_problem,
    is_last_administrator,
    makes_a_circle,
)
from pr_tracker.audit.actions import Actor, record, take_turn
from pr_tracker.db import db
from pr_tracker.errors import N_, BadInput, ChangedMeanwhile, NotAllowed
from pr_tracker.office_time import office_day, write_day, write_moment
from pr_tracker.permissions import Role
from pr_tracker.text import fold, name_sort_key, sort_key


def add_agency(
    *,
    code: str,
    name: str,
    short_name: str,
    kind: AgencyKind,
    signing_form: SigningForm,
    superior: Agency | None,
    actor: Actor | None,
    now: datetime,
) -> Agency:
    """A new agency below its superior. Raises BadInput when code or name is taken."""
    take_turn()  # a form sent twice at once: whoever comes second is told
    _require_free_names(None, code, name)
    agency = Agency(
        code=code,
        name=name,
        short_name=short_name,
        sort_key=sort_key(name),
        search_text=fold(f"{code} {name} {short_name}"),
        kind=kind,
        signing_form=signing_form,
        superior=superior,
        active=True,
        version=1,
    )
    db.session.add(agency)
    record(AccountEvent.AGENCY_ADD, agency, actor=actor, now=now, code=code, name=name)
    return agency


def change_agency(
    agency: Agency,
    *,
    version: int,
    actor: Actor | None,
    now: datetime,
    head_since: datetime | None = None,
    **values: Any,
) -> None:
    """Change what an agency is; `values` are columns of Agency. A new head is so from `head_since`, else from now on.

    Raises ChangedMeanwhile when it is no longer the given version, BadInput for a taken code or name, a circle of
    superiors, a head who is not an active head of this agency, or an agency with people or units that is closed.
    """
    _require_version(agency, version)
    _require_free_names(agency.id, values["code"], values["name"])
    if makes_a_circle(agency.id, values["superior_id"], queries.superiors()):
        raise BadInput(N_("An agency cannot stand below itself or one of its own units."), field="superior_id")
    if values["head_id"] and values["head_id"] not in [row.id for row in queries.people_of(agency.id, Role.HEAD)]:
        raise BadInput(N_("The head must be an active person of this agency with the role of leader."), field="head_id")
    if agency.active and not values["active"] and queries.people_of(agency.id):
        raise BadInput(N_("People still belong to this agency; move them first."), field="active")
    if agency.active and not values["active"] and queries.has_units(agency.id):
        raise BadInput(N_("Units still stand below this agency; move them first."), field="active")
    changed = changes({name: getattr(agency, name) for name in values}, values)
    if not changed:
        return
    if "head_id" in changed:
        hand_over(agency, values["head_id"], now=now, since=head_since)
    for name, value in values.items():
        setattr(agency, name, value)
    agency.sort_key = sort_key(agency.name)
    agency.search_text = fold(f"{agency.code} {agency.name} {agency.short_name}")
    agency.version += 1
    record(AccountEvent.AGENCY_CHANGE, agency, actor=actor, now=now, changed=changed)


def hand_over(agency: Agency, head_id: int | None, *, now: datetime, since: datetime | None = None) -> None:
    """From `since`, or from now on, this person heads the agency, or nobody does; the former head stays on record.

    The first head on record is so since before it. Raises BadInput for a moment to come or before the former head's.
    """
    db.session.flush()
    held = queries.present_tenure(agency.id)
    person = db.session.get(Person, head_id) if head_id else None
    title = person.title if person else ""
    if held is not None and (held.person_id, held.title) == (head_id, title):
        return
    last_at = queries.last_handover(agency.id)
    _require_handover(since, last_at, now)
    if held is not None:
        held.until_at, held.changed_at = since or now, now
        db.session.flush()  # first: two heads at once have no place in the table
    if person is not None:
        from_at = since or (None if held is None and last_at is None else now)
        tenure = HeadTenure(agency_id=agency.id, person_id=person.id, title=title, from_at=from_at, changed_at=now)
        db.session.add(tenure)
    agency.head = person


def _require_handover(since: datetime | None, last_at: datetime | None, now: datetime) -> None:
    if since is None:
        return
    if since > now:
        raise BadInput(N_("This moment is still to come."), field="head_since")
    if last_at is not None and since < last_at:
        message = N_("The former head took or left office at %(moment)s: this is before it.")
        raise BadInput(message, field="head_since", moment=write_moment(last_at))


def name_head(agency: Agency, head: Person, *, actor: Actor | None, now: datetime) -> None:
    """Make the person head of the agency. Raises BadInput unless they are one of its active leaders."""
    db.session.flush()
    values = {column: getattr(agency, column) for column in ("code", "name", "superior_id", "active")}
    change_agency(agency, version=agency.version, actor=actor, now=now, **{**values, "head_id": head.id})


def add_person(
    *,
    full_name: str,
    email: str,
    agency: Agency,
    roles: set[Role],
    actor: Actor | None,
    now: datetime,
    title: str = "",
    phone: str = "",
    password_hash: str | None = None,
) -> Person:
    """A new person of an agency; without a password hash they set one by mail. Raises BadInput for a taken address."""
    email = email.strip().lower()
    take_turn()
    _require_free_address(None, email)
    person = Person(
        full_name=full_name,
        email=email,
        title=title,
        phone=phone,
        agency=agency,
        sort_key=name_sort_key(full_name),
        search_text=_search_text(full_name, email, title),
        password=password_hash,
        fs_uniquifier=uuid.uuid4().hex,
        created_at=now,
        active=True,
        version=1,
    )
    person.roles = roles
    db.session.add(person)
    record(AccountEvent.PERSON_ADD, person, actor=actor, now=now, roles=sorted(roles))
    return person


def change_person(
    person: Person, *, version: int, roles: set[Role], actor: Actor | None, now: datetime, **values: Any
) -> None:
    """Change a person and their roles; `values` are columns of Person. Who is made inactive loses all sessions.

    Raises ChangedMeanwhile when it is no longer the given version, BadInput for a taken address, for taking away the
    last administrator, and for taking a head from their agency before another is named.
    """
    _require_version(person, version)
    values["email"] = values["email"].strip().lower()
    _require_free_address(person.id, values["email"])
    _require_an_administrator(person, roles, active=values["active"])
    _require_free_of_office(person, roles, values)
    before_roles, was_active = person.roles, person.active
    changed = changes({name: getattr(person, name) for name in values}, values)
    for name, value in values.items():
        setattr(person, name, value)
    person.sort_key = name_sort_key(person.full_name)
    person.search_text = _search_text(person.full_name, person.email, person.title)
    if "title" in changed and (headed := queries.agency_headed_by(person.id)):
        hand_over(headed, person.id, now=now)
    if was_active and not person.active:
        person.fs_uniquifier = uuid.uuid4().hex
    if changed:
        record(AccountEvent.PERSON_CHANGE, person, actor=actor, now=now, changed=changed)
    if before_roles != roles:
        person.roles = roles
        given, taken = sorted(roles - before_roles), sorted(before_roles - roles)
        record(AccountEvent.PERSON_ROLES, person, actor=actor, now=now, given=given, taken=taken)
    if changed or before_roles != roles:
        person.version += 1


def set_preferences(person: Person, *, language: str | None, shortcuts_off: bool, now: datetime) -> None:
    """What a person chooses for themselves."""
    person.language, person.shortcuts_off = language, shortcuts_off
    record(AccountEvent.PREFERENCES, person, actor=person, now=now, language=language, shortcuts_off=shortcuts_off)


def may_enter_absence(actor: Person, person: Person) -> bool:
    """One's own, as a leader those of one's agency, as administrator anybody's."""
    leads = Role.HEAD in actor.roles and actor.agency_id == person.agency_id
    return actor.id == person.id or leads or Role.ADMIN in actor.roles


def enter_absence(
    person: Person, substitute: Person, *, from_on: date, to_on: date, note: str = "", actor: Person, now: datetime
) -> Absence:
    """The person is away on these days, both included, and the substitute stands in with their own rights only.

    Raises NotAllowed, or BadInput naming the field: the days, an absence that overlaps, who cannot stand in.
    """
    _require_own_people(actor, person)
    take_turn()  # a form sent twice at once: whoever comes second is told
    problem = days_problem(from_on, to_on, office_day(now))
    if problem:
        raise BadInput(problem[1], field=problem[0])
    if substitute.id not in {row.id for row in queries.possible_substitutes(person)}:
        raise BadInput(N_("This person cannot stand in: choose from the list."), field="substitute_id")
    other = queries.absence_between(person.id, from_on, to_on)
    if other is not None:
        days = {"first": write_day(other.from_on), "last": write_day(other.to_on)}
        raise BadInput(N_("There is an absence from %(first)s to %(last)s already."), field="from_on", **days)
    made = {"from_on": from_on, "to_on": to_on, "note": note, "created_at": now, "created_by_id": actor.id}
    absence = Absence(person=person, substitute=substitute, **made)
    db.session.add(absence)
    days = {"from_on": from_on.isoformat(), "to_on": to_on.isoformat()}
    names = {"substitute": substitute.full_name, "substitute_id": substitute.id, "note": note}
    record(AccountEvent.ABSENCE_ENTER, person, actor=actor, now=now, **days, **names)
    return absence


def end_absence(absence: Absence, *, actor: Person, now: datetime) -> None:
    """The person is back, or the absence was a mistake: from now on nobody stands in. Raises NotAllowed, BadInput."""
    _require_own_people(actor, absence.person)
    if absence.ended_at is not None or absence.to_on < office_day(now):
        raise BadInput(N_("This absence is over already."))
    absence.ended_at, absence.ended_by_id = now, actor.id
    days = {"from_on": absence.from_on.isoformat(), "to_on": absence.to_on.isoformat()}
    record(
        AccountEvent.ABSENCE_END, absence.person, actor=actor, now=now, **days, substitute=absence.substitute.full_name
    )


def _require_own_people(actor: Person, person: Person) -> None:
    if not may_enter_absence(actor, person):
        raise NotAllowed(N_("Leaders enter absences of their own agency; an administrator does it for anybody."))


def _search_text(full_name: str, email: str, title: str) -> str:
    return fold(f"{full_name} {email} {title}")


def _require_version(thing: Agency | Person, version: int) -> None:
    if thing.version != version:
        raise ChangedMeanwhile(N_("Somebody else changed this while you were writing."))


def _require_free_names(agency_id: int | None, code: str, name: str) -> None:
    taken = queries.find_agency_by_code(code)
    if taken is not None and taken.id != agency_id:
        raise BadInput(N_("The code %(code)s belongs to %(name)s."), field="code", code=taken.code, name=taken.name)
    named = queries.find_agency_by_name(name)
    if named is not None and named.id != agency_id:
        raise BadInput(N_("There is already an agency with this name."), field="name")


def _require_free_address(person_id: int | None, email: str) -> None:
    taken = queries.find_person_by_email(email)
    if taken is not None and taken.id != person_id:
        raise BadInput(N_("This address belongs to %(name)s already."), field="email", name=taken.full_name)


def _require_an_administrator(person: Person, roles: set[Role], *, active: bool) -> None:
    if active and Role.ADMIN in roles:
        return
    if is_last_administrator(person.id, queries.active_administrators(for_change=True)):
        raise BadInput(N_("This is the last administrator: give the role to another person first."), field="roles")


def _require_free_of_office(person: Person, roles: set[Role], values: dict[str, Any]) -> None:
    agency = queries.agency_headed_by(person.id)
    if agency is None or (values["active"] and Role.HEAD in roles and values["agency_id"] == agency.id):
        return
    raise BadInput(
        N_("%(name)s is head of %(agency)s: name another head there first."),
        field="agency_id" if values["agency_id"] != agency.id else "roles",
        name=person.full_name,
        agency=agency.name,
    )
