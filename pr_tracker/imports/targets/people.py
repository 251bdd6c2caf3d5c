"""People from a file: known by their e-mail address; they set their password themselves."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.accounts import actions, queries
from pr_tracker.accounts.labels import ROLES
from pr_tracker.accounts.models import Agency, Person, PersonRole
from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.fields import NOT_A_CHOICE, Reader, Unsaid, changes_between
from pr_tracker.imports.targets.known import known_agencies
from pr_tracker.imports.targets.words import words_of
from pr_tracker.permissions import Permission, Role
from pr_tracker.text import fold

NO_ROLE = N_("No role is given: the person becomes an officer.")
ADMINISTRATOR = N_("This row makes somebody an administrator.")
NAMESAKE = N_("%(name)s is on record there with another address: %(email)s.")
OTHER_NAME = N_("This address is on record for %(name)s: the row changes the name.")
IS_HEAD = N_("%(name)s is head of %(agency)s: name another head there first.")
STAYS_ADMINISTRATOR = N_("A list takes nobody's administrator role away: do that on the person's page.")
MAY_NOT_SIGN_IN = N_("This person may no longer sign in; the row leaves that as it is.")

_ROLES = {
    Role.STAFF: ("chuyên viên", "cán bộ", "công chức", "viên chức", "nhân viên", "officer", "staff"),
    Role.HEAD: ("lãnh đạo", "người đứng đầu", "thủ trưởng", "cấp trưởng", "cấp phó", "leader", "head"),
    Role.TRAINER: ("cán bộ đào tạo", "đào tạo", "tập huấn", "trainer"),
    Role.SUPERVISOR: ("giám sát", "supervisor"),
    Role.ADMIN: ("quản trị", "quản trị viên", "quản trị hệ thống", "administrator", "admin"),
}
_FIELDS = ("full_name", "title", "email", "phone", "agency_id", "active")


class Data(NamedTuple):
    """What a row says, and of whom; of nobody: somebody new. No roles: those the person has."""

    ident: int | None
    said: dict[str, Any]
    roles: set[Role]


class PeopleTarget:
    """A list of people who sign in."""

    code = "people"
    label = _l("People")
    hint = _l(
        "One person a row. Nobody is written to: whoever signs in first asks for a link with “Forgot the password”."
    )
    permission = Permission.ACCOUNT_MANAGE
    columns = (
        Column(
            "full_name",
            _l("Full name"),
            ("họ và tên", "họ tên", "tên", "cán bộ", "full name", "name"),
            required=True,
            example="Trần Văn Bình",
        ),
        Column("title", _l("Title"), ("chức vụ", "chức danh", "chức vụ, chức danh", "title", "position")),
        Column(
            "email",
            _l("Official e-mail"),
            ("thư điện tử", "thư điện tử công vụ", "e-mail", "email", "email công vụ", "hộp thư"),
            required=True,
            example="tvbinh@example.gov.vn",
        ),
        Column("phone", _l("Work phone"), ("điện thoại", "số điện thoại", "sđt", "đt", "di động", "phone")),
        Column(
            "agency",
            _l("Agency"),
            ("cơ quan", "đơn vị", "cơ quan, đơn vị", "đơn vị công tác", "nơi công tác", "agency"),
            required=True,
            example="Sở Y tế",
        ),
        Column("roles", _l("Roles"), ("vai trò", "quyền", "nhóm quyền", "roles", "role"), example="chuyên viên"),
    )

    def begin(self, setting: Setting) -> "PeopleSession":
        """A pass through a list of people."""
        return PeopleSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every agency."""
        return list(known_agencies(Unsaid()).by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """Agencies are put on record by their own list."""
        return None


class PeopleSession:
    """One pass through a list of people."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._agencies = known_agencies(setting.names)
        rows = db.session.execute(sa.select(Person.id, *(getattr(Person, name) for name in _FIELDS))).all()
        self._by_email = {row.email.lower(): row for row in rows}
        self._namesakes = {(fold(row.full_name), row.agency_id): row.email for row in rows if row.active}
        self._roles: dict[int, set[Role]] = defaultdict(set)
        for person_id, role in db.session.execute(sa.select(PersonRole.person_id, PersonRole.role)):
            self._roles[person_id].add(role)
        headed = sa.select(Agency.head_id, Agency.id, Agency.name).where(Agency.head_id.is_not(None))
        self._headed = {row.head_id: row for row in db.session.execute(headed)}
        self._role_words = words_of(ROLES, _ROLES)
        self._seen: dict[object, int] = {}

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each row would do."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: Given) -> Judged:
        read = Reader(row)
        given: dict[str, Any] = {
            "full_name": read.text("full_name", 120, required=True),
            "title": read.text("title", 120),
            "email": read.email("email", required=True),
            "phone": read.phone("phone", 40),
        }
        agency_id = read.name("agency", self._agencies, 200)
        if given["email"]:
            read.once(given["email"], self._seen, "email")
        roles = self._read_roles(read)
        facts = given | {"agency_id": agency_id}
        known = self._by_email.get(given["email"])
        if known is not None:
            return self._change(read, known, facts, roles)
        if (other := self._namesakes.get((fold(given["full_name"]), agency_id or 0))) is not None:
            read.doubts.append(Reason(NAMESAKE, "full_name", {"name": given["full_name"], "email": other}))
        if not roles:
            read.doubts.append(Reason(NO_ROLE, "roles"))
        if Role.ADMIN in roles:
            read.doubts.append(Reason(ADMINISTRATOR, "roles"))
        data = Data(None, facts, roles or {Role.STAFF})
        return judged(row, wrong=read.wrong, doubts=read.doubts, data=data)

    def _read_roles(self, read: Reader) -> set[Role]:
        found = set()
        for part in read.row.text("roles").replace(";", ",").replace("+", ",").replace("/", ",").split(","):
            role = self._role_words.get(fold(part))
            if role is not None:
                found.add(role)
            elif part.strip():
                params = {"typed": part.strip()[:80], "choices": "; ".join(map(str, ROLES.values()))}
                read.wrong.append(Reason(NOT_A_CHOICE, "roles", params))
        return found

    def _change(self, read: Reader, known: Any, said: dict[str, Any], roles: set[Role]) -> Judged:
        before = {name: getattr(known, name) for name in _FIELDS}
        said = {name: value for name, value in said.items() if value and name != "email"}
        facts = before | said
        held = self._roles[known.id]
        named, roles = roles, roles or held
        if fold(facts["full_name"]) != fold(known.full_name):
            read.doubts.append(Reason(OTHER_NAME, "full_name", {"name": known.full_name}))
        if Role.ADMIN in roles - held:
            read.doubts.append(Reason(ADMINISTRATOR, "roles"))
        if Role.ADMIN in held - roles:
            read.wrong.append(Reason(STAYS_ADMINISTRATOR, "roles"))
        headed = self._headed.get(known.id)
        if headed is not None and (facts["agency_id"] != headed.id or Role.HEAD not in roles):
            read.wrong.append(Reason(IS_HEAD, "roles", {"name": known.full_name, "agency": headed.name}))
        if not known.active:
            read.doubts.append(Reason(MAY_NOT_SIGN_IN, "email"))
        changes = changes_between(self._in_words(before, held), self._in_words(facts, roles))
        data = Data(known.id, said, named)
        return judged(read.row, wrong=read.wrong, doubts=read.doubts, subject_id=known.id, changes=changes, data=data)

    def _in_words(self, facts: dict[str, Any], roles: set[Role]) -> dict[str, object]:
        words = {name: facts[name] for name in ("full_name", "title", "phone")}
        agency = self._agencies.by_id.get(facts["agency_id"], "")
        return words | {"agency": agency, "roles": ", ".join(str(ROLES[role]) for role in Role if role in roles)}

    def lock(self, rows: Sequence[Judged]) -> None:
        """Lock the people that these rows change, and who administers."""
        idents = [row.subject_id for row in rows if row.subject_id is not None]
        query = sa.select(Person.id).where(Person.id.in_(idents)).order_by(Person.id)
        db.session.execute(query.with_for_update(of=Person, key_share=True))
        queries.active_administrators(for_change=True)

    def write(self, rows: Sequence[Judged]) -> None:
        """Put the people on record. Raises BadInput where a head or the last administrator would be taken away."""
        acting = {"actor": self._setting.actor, "now": self._setting.now}
        for ident, said, roles in (row.data for row in rows):
            if ident is None:
                given = {name: said[name] for name in ("full_name", "title", "email", "phone")}
                actions.add_person(**given, agency=queries.get_agency(said["agency_id"]), roles=roles, **acting)
                continue
            person = queries.get_person(ident, for_change=True)
            values = {name: getattr(person, name) for name in _FIELDS} | said
            actions.change_person(person, version=person.version, roles=roles or person.roles, **values, **acting)
