"""The rows of a fill on their way to the database: sheets by table, and the journal that puts acts in order of time."""

from collections import defaultdict
from hashlib import sha256
from operator import itemgetter
from typing import Any

from pr_tracker.bench.cast import Who
from pr_tracker.bench.moments import DAY, sealed, stored

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
READ_AFTER = 3 * DAY  # what is older has been read

# The columns of each table in the order in which rows are written; what stays empty in all rows is left out, as Python
# hands over an empty value more slowly than any other. A second word makes a further sheet for rows of another shape.
COLUMNS = {
    "inquiries": (
        "id version year number subject kind channel urgency sensitivity outlet_id journalist_names status "
        "received_at started_at logged_at acknowledged_at wanted_at finished_at closed_at archived_at logged_by_id "
        "intake_agency_id lead_agency_id responsible_id officer_id clock_key clock_version clock due_on "
        "due_at ends_at next_reminder_at paused_at paused_until stopped_days extended_days review_step "
        "approved_draft_id released_at answer_form speaker_id speaker_right evidence answer_states refusal_ground "
        "refusal_reason closing_note"
    ),
    "inquiry_questions": "id inquiry_id position text",
    "inquiry_journalists": "inquiry_id journalist_id",
    "inquiry_participations": "id inquiry_id agency_id part added_at added_by_id task received_at",
    "inquiry_participations asked": (
        "id inquiry_id agency_id part added_at added_by_id task due_at ends_at next_reminder_at box box_version "
        "sent_at sent_by_id received_at"
    ),
    "inquiry_part_rounds": "id participation_id number questions note asked_at asked_by_id",
    "inquiry_contributions": (
        "id participation_id number text digest author_id saved_at submitted_at approved_at approved_by_id "
        "approved_title alone from_before return_reason"
    ),
    "inquiry_drafts": "id inquiry_id number text ground text_digest digest author_id saved_at",
    "inquiry_reviews": "id draft_id step approved reason digest reviewer_id title alone at",
    "inquiry_search": "inquiry_id folded exact place",
    "inquiry_comments": "id inquiry_id author_id at text",
    "inquiry_pauses": (
        "id inquiry_id reason evidence attachment_id from_at planned_until ended_at begun_by_id ended_by_id"
    ),
    "inquiry_extensions": (
        "id inquiry_id reason days evidence attachment_id asked_by_id asked_at decided_by_id decided_at granted "
        "decision"
    ),
    "inquiry_articles": (
        "id inquiry_id outlet_id draft_id title url published_on clipping_id found_at found_by_id verdict passage note "
        "judged_at judged_by_id withdrawn_at withdrawn_by_id withdrawn_reason"
    ),
    "inquiry_press_letters": (
        "id inquiry_id article_id outlet_id kind round version digest subject text passage right proof conclusion asks "
        "pace drafted_at drafted_by_id returned_reason approved_at approved_by_id approved_title authority dropped_at "
        "dropped_reason number dated_on sent_at sent_by_way received_at clock clock_version due_on due_at ends_at "
        "next_reminder_at outcome published_at outcome_note evidence_url evidence_id closed_at"
    ),
    "statements": (
        "id version year number topic text digest agency_id inquiry_id draft_id incident_id form said_at said_by right "
        "link cleared_at cleared_by_id valid_until told_ending_at superseded_by_id superseded_at withdrawn_at "
        "withdrawn_by_id withdrawn_reason folded exact"
    ),
    "statement_terms": "term statement_id weight",
    "courses": (
        "id title purpose legal_ground year agency_id topics hours least_attendance least_mark paper_required "
        "valid_months version created_at"
    ),
    "training_classes": (
        "id course_id name name_key place capacity registration_until cancelled_at cancelled_because version created_at"
    ),
    "class_trainers": "id class_id person_id active created_at",
    "class_sessions": (
        "id class_id starts_at ends_at topic lecturer place closed_at closed_by_id cancelled_at cancelled_because "
        "version created_at"
    ),
    "participants": (
        "id class_id number full_name title agency_id agency_name phone email person_id sort_key token personal_code "
        "venue_id waiting_at walk_in named_by_id invited_at reply replied_at reply_reason substitute_of_id active "
        "removed_because version created_at"
    ),
    "attendance_marks": (
        "id session_id participant_id mark source arrived_at remark marked_by_id marked_at version corrected_because"
    ),
    "inquiry_history": "id inquiry_id version at actor_id actor_title actor_agency event data",
    "audit_entries": "number at actor_id actor_name event subject_kind subject_id data previous_hash hash",
    "notices": (
        "id key person_id kind about_kind about_id path data urgent created_at read_at mail_state mail_attempts "
        "mail_sent_at mail_error"
    ),
}
COLUMNS_OF = {sheet: tuple(names.split()) for sheet, names in COLUMNS.items()}
TABLES = frozenset(sheet.split()[0] for sheet in COLUMNS)


def new_rows() -> Rows:
    """Empty sheets."""
    return {sheet: [] for sheet in COLUMNS}


class Counters:
    """The ids given so far, by table."""

    def __init__(self, last: dict[str, int]) -> None:
        self.last = defaultdict(int, last)

    def next(self, table: str) -> int:
        """The next id of a table."""
        self.last[table] = found = self.last[table] + 1
        return found


Told = tuple[str, tuple[int, ...], str, str, int, bool]  # what of an act: kind, people, path, data, urgent, by mail too


class Acts:
    """What happened, on its way to the journal; people by their ids.

    Acts of the same minute stay in the order in which they were added.
    """

    def __init__(self) -> None:
        self.kept: list[Row] = []

    def note(self, at: int, who: Who, event: str, kind: str, subject_id: int, data: str) -> None:
        """One entry of the audit log that is no case's history."""
        self.kept.append((at, kind, subject_id, who.id, event, data, None))

    def taken(self) -> list[Row]:
        """What was kept since this was last asked."""
        kept, self.kept = self.kept, []
        return kept


class Journal:
    """Acts, kept by day until nothing earlier can come any more; then history, audit chain and notices."""

    def __init__(self, people: dict[int, Who], last: dict[str, int], number: int, digest: str, now: int) -> None:
        self.people, self.number, self.hash, self.now = people, number, digest, now
        self.last_history, self.last_notice = last["inquiry_history"], last["notices"]
        self._days: dict[int, list[Row]] = defaultdict(list)

    def take(self, acts: list[Row]) -> None:
        """Acts in the order in which they were added."""
        days = self._days
        for act in acts:
            days[act[0] // DAY].append(act)

    def write_until(self, day: int, rows: Rows) -> None:
        """Write everything before this day (of UTC, since 1970)."""
        histories = rows["inquiry_history"].append
        for done in sorted([each for each in self._days if each < day]):
            for at, about, which, who_id, event, data, told in sorted(self._days.pop(done), key=itemgetter(0)):
                who = self.people[who_id]
                if told is None:
                    self.seal(rows, at, who, event, about, which, data)
                    continue
                self.last_history = history_id = self.last_history + 1
                histories((history_id, about, which, stored(at), who_id, who.title, who.agency, event, data))
                self.seal(rows, at, who, event, "inquiries", about, data)
                if told:
                    self._tell(rows, f"history:{history_id}", at, about, told)

    def seal(self, rows: Rows, at: int, who: Who, event: str, kind: str, subject_id: int, data: str) -> None:
        """An entry of the audit log, chained to the one before; see audit.rules.digest."""
        self.number = number = self.number + 1
        before, (actor, name, name_json, *_) = self.hash, who
        text = f'[{number},"{sealed(at)}",{actor},{name_json},"{event}","{kind}",{subject_id},{data},"{before}"]'
        self.hash = sha256(text.encode()).hexdigest()
        rows["audit_entries"].append(
            (number, stored(at), actor, name, event, kind, subject_id, data, before, self.hash)
        )

    def _tell(self, rows: Rows, key: str, at: int, inquiry_id: int, told: tuple[Told, ...]) -> None:
        notices, when = rows["notices"].append, stored(at)
        read = stored(at + 90) if at < self.now - READ_AFTER else None
        for kind, people, path, data, urgent, mail in told:
            mailed = ("sent", 1, when, "") if mail else ("off", 0, None, "")
            for person_id in people:
                self.last_notice = notice_id = self.last_notice + 1
                notices(
                    (notice_id, key, person_id, kind, "inquiries", inquiry_id, path, data, urgent, when, read, *mailed)
                )
