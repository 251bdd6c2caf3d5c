"""Journalists from a file: known by press card, else by name in their press agency."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from pr_tracker.db import db
from pr_tracker.errors import N_
from pr_tracker.imports.rules import Column, Given, Judged, Reason, Setting, judged
from pr_tracker.imports.targets.fields import Reader, Unsaid, changes_between, is_same_name
from pr_tracker.imports.targets.known import OUTLET, known_outlets
from pr_tracker.imports.targets.outlets import kind_of_name
from pr_tracker.outlets import actions, queries
from pr_tracker.outlets.models import Journalist
from pr_tracker.outlets.rules import (
    LONGEST_CARD,
    LONGEST_JOURNALIST,
    LONGEST_NAME,
    LONGEST_PHONE,
    JournalistFacts,
    OutletKind,
)
from pr_tracker.permissions import Permission
from pr_tracker.text import fold, lower_nfc

CARD_OF_ANOTHER = N_("This press card is on record for %(name)s, %(outlet)s.")
SAME_NAME = N_("Another %(name)s is on record there: this row adds a second person of this name.")
MOVED = N_("The holder of this press card is on record with %(outlet)s: this row moves the journalist.")
RETIRED = N_("The journalist is retired: taking this row in puts them in use again.")
_FIELDS = tuple(JournalistFacts.__dataclass_fields__)


class Data(NamedTuple):
    """What a row says, and of whom; of nobody: somebody new."""

    ident: int | None
    said: dict[str, Any]


class JournalistsTarget:
    """A list of journalists."""

    code = "journalists"
    label = _l("Journalists")
    hint = _l("One journalist a row: name, press agency, press card or letter of introduction, contacts at work.")
    permission = Permission.OUTLET_EDIT
    columns = (
        Column(
            "full_name",
            _l("Full name"),
            (
                "họ và tên",
                "họ tên",
                "phóng viên",
                "nhà báo",
                "tên phóng viên",
                "tên",
                "journalist",
                "full name",
                "name",
            ),
            required=True,
            example="Nguyễn Thị Minh Châu",
        ),
        Column(
            "outlet",
            _l("Press agency"),
            ("cơ quan báo chí", "tên cơ quan báo chí", "cơ quan", "báo, đài", "đơn vị", "outlet"),
            required=True,
            example="Báo Đồng Bằng",
        ),
        Column("press_card", _l("Press card number"), ("thẻ nhà báo", "số thẻ nhà báo", "số thẻ", "press card")),
        Column("letter_number", _l("Letter of introduction, number"), ("giấy giới thiệu", "số giấy giới thiệu")),
        Column("letter_on", _l("Letter of introduction, date"), ("ngày giấy giới thiệu", "ngày giới thiệu")),
        Column("phone", _l("Work phone"), ("điện thoại", "số điện thoại", "sđt", "đt", "di động", "phone")),
        Column("email", _l("Work e-mail"), ("thư điện tử", "e-mail", "email", "hộp thư")),
    )

    def begin(self, setting: Setting) -> "JournalistsSession":
        """A pass through a list of journalists."""
        return JournalistsSession(setting)

    def known_names(self, what: str) -> Sequence[tuple[int, str]]:
        """Every press agency."""
        return list(known_outlets(Unsaid()).by_id.items())

    def add_name(self, what: str, typed: str, setting: Setting) -> int | None:
        """A press agency that is not on record yet, its kind as its name tells: the register can be corrected."""
        if what != OUTLET:
            return None
        kind = kind_of_name(typed) or OutletKind.PRINT
        return actions.outlet_named(typed, kind, actor=setting.actor, now=setting.now).id


class JournalistsSession:
    """One pass through a list of journalists."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._outlets = known_outlets(setting.names)
        fields = [getattr(Journalist, name) for name in _FIELDS]
        rows = db.session.execute(sa.select(Journalist.id, Journalist.active, *fields)).all()
        self._by_card = {row.press_card: row for row in rows if row.press_card}
        self._by_name: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            self._by_name[fold(row.full_name), row.outlet_id].append(row)
        self._seen: dict[object, int] = {}

    def judge(self, rows: Sequence[Given]) -> list[Judged]:
        """What each row would do."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: Given) -> Judged:
        read = Reader(row)
        name = read.text("full_name", LONGEST_JOURNALIST, required=True)
        outlet_id = read.name("outlet", self._outlets, LONGEST_NAME)
        given = {
            "press_card": read.text("press_card", LONGEST_CARD),
            "letter_number": read.text("letter_number", 60),
            "letter_on": read.day("letter_on"),
            "phone": read.phone("phone", LONGEST_PHONE),
            "email": read.email("email"),
        }
        if given["press_card"]:
            read.once(given["press_card"], self._seen, "press_card")
        elif name and outlet_id:
            read.once((lower_nfc(name), outlet_id), self._seen, "full_name")
        if read.wrong or outlet_id is None:
            return judged(row, wrong=read.wrong, doubts=read.doubts)
        facts = JournalistFacts(full_name=name, outlet_id=outlet_id, **given)  # type: ignore[arg-type]
        known = self._meant(read, facts)
        if known is not None and not read.wrong:
            return self._change(read, known, facts)
        return judged(row, wrong=read.wrong, doubts=read.doubts, data=Data(None, dict(vars(facts))))

    def _meant(self, read: Reader, facts: JournalistFacts) -> Any | None:
        """Who is meant: the holder of the card, else the one of this name there whose card it may be."""
        holder = self._by_card.get(facts.press_card)
        if holder is not None:
            outlet = self._outlets.by_id.get(holder.outlet_id, "")
            if fold(holder.full_name) != fold(facts.full_name):
                params = {"name": holder.full_name, "outlet": outlet}
                read.wrong.append(Reason(CARD_OF_ANOTHER, "press_card", params))
            elif holder.outlet_id != facts.outlet_id:
                read.doubts.append(Reason(MOVED, "outlet", {"outlet": outlet}))
            return holder
        alike = self._by_name.get((fold(facts.full_name), facts.outlet_id), [])
        namesakes = [one for one in alike if is_same_name(facts.full_name, one.full_name)]
        fitting = [one for one in namesakes if one.press_card == facts.press_card]
        fitting = fitting or [one for one in namesakes if not facts.press_card or not one.press_card]
        if len(fitting) == 1:
            return fitting[0]
        if namesakes:
            read.doubts.append(Reason(SAME_NAME, "full_name", {"name": facts.full_name}))
        return None

    def _change(self, read: Reader, known: Any, said: JournalistFacts) -> Judged:
        before = JournalistFacts(**{name: getattr(known, name) for name in _FIELDS})
        news = {name: value for name, value in vars(said).items() if value and name != "full_name"}
        facts = replace(before, **news)
        changes = changes_between(self._in_words(before), self._in_words(facts))
        if not known.active:
            read.doubts.append(Reason(RETIRED, "full_name"))
            changes["full_name"] = (known.full_name, known.full_name)
        data = Data(known.id, news)
        return judged(read.row, doubts=read.doubts, subject_id=known.id, changes=changes, data=data)

    def _in_words(self, facts: JournalistFacts) -> dict[str, object]:
        words = dict(vars(facts))
        return words | {"outlet": self._outlets.by_id.get(words.pop("outlet_id"), "")}

    def write(self, rows: Sequence[Judged]) -> None:
        """Put the journalists on record."""
        acting = {"actor": self._setting.actor, "now": self._setting.now}
        for ident, said in (row.data for row in rows):
            if ident is None:
                actions.add_journalist(JournalistFacts(**said), **acting)
                continue
            journalist = queries.get_journalist(ident)
            actions.set_journalist_active(journalist, True, **acting)
            facts = replace(actions.facts_of_journalist(journalist), **said)
            actions.change_journalist(journalist, facts, version=journalist.version, **acting)
