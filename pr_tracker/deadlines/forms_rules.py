"""A newer version of a clock, as an administrator types it: since when, how long, on what ground."""

import re
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length

from pr_tracker.deadlines.labels_names import CONFIDENCES, INSTRUMENTS, OUTLETS, sentence
from pr_tracker.deadlines.labels_rules import TERM_KINDS
from pr_tracker.deadlines.rules_book import NewVersion, require_length, term_kinds
from pr_tracker.deadlines.rules_ladder import DEFAULT_LADDER, Ladder
from pr_tracker.deadlines.rules_table import Citation, ClockVersion, Confidence, Instrument
from pr_tracker.deadlines.rules_terms import (
    Allowance,
    AnyTerm,
    AtOnce,
    BeforeDate,
    ByOutlet,
    CalendarDays,
    ClockHours,
    DayUnit,
    EveryMonth,
    HoursBefore,
    Months,
    NextIssue,
    OutletPace,
    SettingDays,
    WorkingDays,
)
from pr_tracker.errors import N_, BadInput, DomainError
from pr_tracker.web.forms import Form, OfficeDateField, Required

PLACES = ("1", "2")  # how many texts a version may stand on
LONGEST_NAME = 200
COUNTED = {each.kind: each for each in (WorkingDays, CalendarDays, ClockHours, HoursBefore, Months)}
UNCOUNTED = {each.kind: each for each in (AtOnce, NextIssue, EveryMonth)}
TOO_LONG = _l("Too long, at most %(max)d characters.")


def _instruments() -> list[SelectChoice]:
    known = [SelectChoice(value=each, label=sentence(str(INSTRUMENTS[each]))) for each in Instrument]
    return [SelectChoice(value="", label=""), *known]


def _confidences() -> list[SelectChoice]:
    return [SelectChoice(value=each, label=sentence(str(CONFIDENCES[each]))) for each in Confidence]


class VersionForm(Form):
    """A newer version; form_after adds the fields of the term. `seen` is the digest of what the preview showed."""

    seen = HiddenField()
    valid_from = OfficeDateField(_l("In force from"), [Required()])
    confidence = RadioField(_l("How it is known"), choices=_confidences)
    instrument_1 = SelectField(_l("Text"), choices=_instruments)
    name_1 = StringField(_l("Name and number of another text"), [Length(max=LONGEST_NAME, message=TOO_LONG)])
    article_1 = StringField(_l("Article"))
    clause_1 = StringField(_l("Clause"))
    point_1 = StringField(_l("Point"))
    instrument_2 = SelectField(_l("Text"), choices=_instruments)
    name_2 = StringField(_l("Name and number of another text"), [Length(max=LONGEST_NAME, message=TOO_LONG)])
    article_2 = StringField(_l("Article"))
    clause_2 = StringField(_l("Clause"))
    point_2 = StringField(_l("Point"))
    stop_days = StringField(_l("Stopped for at most, days in all"))
    extension_days = StringField(_l("Extended by at most, days in all"))
    days_before = StringField(_l("Working days before the end"))
    day_at = StringField(_l("At what time of the day"))
    late_days = StringField(_l("Which working days after the end"))
    hours_before = StringField(_l("Hours before the end"))
    late_hours = StringField(_l("Hours after the end"))
    note = TextAreaField(_l("Note"), [Length(max=1000, message=TOO_LONG)])

    last: ClockVersion  # the version that the new one follows

    def preset(self) -> None:
        """What the newest version says, to be changed."""
        ladder = self.last.ladder or DEFAULT_LADDER
        values: dict[str, str] = {
            "confidence": self.last.confidence,
            "stop_days": str(self.last.allowance.stop_days),
            "extension_days": str(self.last.allowance.extension_days),
            "days_before": _written(ladder.days_before),
            "day_at": f"{ladder.day_at:%H:%M}",
            "late_days": _written(tuple(days + 1 for days in ladder.late_days)),
            "hours_before": _written(ladder.hours_before),
            "late_hours": _written(ladder.late_hours),
        }
        for pace, term in _cases(self.last):
            values |= {f"kind{_suffix(pace)}": term.kind, f"number{_suffix(pace)}": _number_of(term)}
        for place, cited in zip(PLACES, self.last.basis, strict=False):
            values |= {f"instrument_{place}": cited.instrument, f"name_{place}": cited.name}
            numbers = {"article": cited.article, "clause": cited.clause, "point": cited.point}
            values |= {f"{part}_{place}": str(number or "") for part, number in numbers.items()}
        for name, value in values.items():
            self[name].data = value

    def new_version(self) -> NewVersion:
        """What was typed. Raises BadInput naming the field."""
        assert self.valid_from.data is not None
        return NewVersion(
            key=self.last.key,
            valid_from=self.valid_from.data,
            term=self._term(),
            basis=tuple(filter(None, (self._citation(place) for place in PLACES))),
            confidence=Confidence(self.confidence.data),
            allowance=Allowance(self._count("stop_days"), self._count("extension_days")),
            ladder=self._ladder(),
        )

    def add_problem(self, error: DomainError) -> None:
        """As every form; what concerns the whole ground or term stands beside its first field."""
        if isinstance(error, BadInput) and error.field in ("basis", "term"):
            error.field = "instrument_1" if error.field == "basis" else self.term_fields[0][1]
        super().add_problem(error)

    @property
    def term_fields(self) -> list[tuple[str, str, str]]:
        """(kind of press agency or "", name of the field of the kind, of the number) for each part of the term."""
        found = []
        for pace, _term in _cases(self.last):
            words = str(OUTLETS[pace]) if pace else ""
            found.append((words, f"kind{_suffix(pace)}", f"number{_suffix(pace)}"))
        return found

    def _term(self) -> AnyTerm:
        terms = [(pace, self._one_term(_suffix(pace))) for pace, _term in _cases(self.last)]
        if isinstance(self.last.term, ByOutlet):
            return ByOutlet(tuple((pace, term) for pace, term in terms if pace))  # type: ignore[misc]
        return terms[0][1]

    def _one_term(self, suffix: str) -> AnyTerm:
        kind, name = self[f"kind{suffix}"].data, f"number{suffix}"
        if kind == SettingDays.kind:
            return self.last.term if isinstance(self.last.term, SettingDays) else SettingDays(DayUnit.WORKING)
        if kind in UNCOUNTED:
            return UNCOUNTED[kind]()
        if kind == BeforeDate.kind:
            term: AnyTerm = _before(self[name].data, name)
        else:
            term = COUNTED[kind](_number(self[name].data, name))
        try:
            require_length(term)
        except BadInput as refusal:
            refusal.field = name
            raise
        return term

    def _citation(self, place: str) -> Citation | None:
        chosen, name = self[f"instrument_{place}"].data, self[f"name_{place}"].data or ""
        parts = {part: self[f"{part}_{place}"].data for part in ("article", "clause", "point")}
        if not chosen and not name and not any(parts.values()):
            return None
        instrument = Instrument(chosen) if chosen else Instrument.OTHER
        if instrument is Instrument.OTHER and not name:
            raise BadInput(N_("Write the name and number of the text."), field=f"name_{place}")
        if instrument is not Instrument.OTHER and name:
            raise BadInput(N_("Choose “another text” to name one the list does not have."), field=f"instrument_{place}")
        for part, within in (("clause", "article"), ("point", "clause")):
            if parts[part] and not parts[within]:
                raise BadInput(N_("Name the article of a clause, and the clause of a point."), field=f"{part}_{place}")
        point = parts["point"] or None
        if point and not re.fullmatch(r"[a-zđ]{1,3}", point):
            raise BadInput(N_("A point is a letter. Example: a"), field=f"point_{place}")
        article, clause = (
            _number(parts[part], f"{part}_{place}") if parts[part] else None for part in ("article", "clause")
        )
        return Citation(instrument, article, clause, point, name)

    def _count(self, name: str) -> int:
        return _number(self[name].data, name) if self[name].data else 0

    def _ladder(self) -> Ladder | None:
        late = _numbers(self.late_days.data, "late_days")
        if 0 in late:
            raise BadInput(N_("The first working day after the end is day 1."), field="late_days")
        ladder = Ladder(
            days_before=_numbers(self.days_before.data, "days_before"),
            day_at=_time(self.day_at.data, "day_at"),
            hours_before=_numbers(self.hours_before.data, "hours_before"),
            late_days=tuple(day - 1 for day in late),  # type: ignore[arg-type]
            late_hours=_numbers(self.late_hours.data, "late_hours"),  # type: ignore[arg-type]
        )
        return None if ladder == DEFAULT_LADDER else ladder


def form_after(last: ClockVersion) -> VersionForm:
    """The form of a version that follows `last`, with the kinds of term it may have."""
    fields: dict[str, Any] = {}
    for pace, term in _cases(last):
        kinds = [SelectChoice(value=kind.kind, label=sentence(str(TERM_KINDS[kind.kind]))) for kind in term_kinds(last)]
        fields[f"kind{_suffix(pace)}"] = SelectField(_l("How the term is counted"), choices=kinds, default=term.kind)
        fields[f"number{_suffix(pace)}"] = StringField(_l("How long"))
    form: VersionForm = type("VersionForm", (VersionForm,), fields)()
    form.last = last
    return form


class WithdrawalForm(Form):
    """A version that has not begun is withdrawn; `seen` is the digest of what was shown."""

    seen = HiddenField()


def _cases(version: ClockVersion) -> tuple[tuple[OutletPace | None, AnyTerm], ...]:
    return version.term.cases if isinstance(version.term, ByOutlet) else ((None, version.term),)


def _suffix(pace: OutletPace | None) -> str:
    return f"_{pace}" if pace else ""


def _number_of(term: AnyTerm) -> str:
    match term:
        case WorkingDays(number) | CalendarDays(number) | ClockHours(number) | HoursBefore(number) | Months(number):
            return str(number)
        case BeforeDate(month, day):
            return f"{day:02}/{month:02}"
    return ""


def _written(numbers: tuple[int, ...]) -> str:
    return ", ".join(str(number) for number in numbers)


def _number(typed: str | None, field: str) -> int:
    text = (typed or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise BadInput(N_("“%(typed)s” is not a whole number. Example: 5"), field=field, typed=text)
    return int(text)


def _numbers(typed: str | None, field: str) -> tuple[int, ...]:
    return tuple(_number(each, field) for each in re.split(r"[\s,;]+", (typed or "").strip()) if each)


def _time(typed: str | None, field: str) -> time:
    found = re.fullmatch(r"(\d{1,2})[:h](\d{2})", (typed or "").strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise BadInput(N_("“%(typed)s” is not a time of the day. Example: 08:00"), field=field, typed=typed or "")
    return time(int(found[1]), int(found[2]))


def _before(typed: str | None, field: str) -> BeforeDate:
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", (typed or "").strip())
    if not found:
        raise BadInput(N_("“%(typed)s” is not a day of the year. Example: 20/12"), field=field, typed=typed or "")
    return BeforeDate(int(found[2]), int(found[1]))
