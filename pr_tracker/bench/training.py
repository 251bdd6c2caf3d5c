"""Classes with their sessions, rosters and roll calls: four a year, as far back as the inquiries go."""

import json
from random import Random

from pr_tracker.bench.cast import Cast, Who, quoted
from pr_tracker.bench.moments import DAY, OFFICE_OFFSET, WORKED, WorkingTime, stored, written_day
from pr_tracker.bench.sheets import Acts, Counters, Row, Rows
from pr_tracker.text import fold, name_sort_key

EVERY = 91  # days
ROSTER, SESSIONS = 60, 6
TITLE = "Bồi dưỡng kỹ năng phát ngôn và cung cấp thông tin cho báo chí năm {}"
TOPICS = (
    "Luật Báo chí và trách nhiệm của người phát ngôn",
    "Soạn nội dung trả lời báo chí",
    "Quan hệ với cơ quan báo chí, tổ chức họp báo",
    "Cung cấp thông tin trên mạng xã hội",
    "Xử lý khủng hoảng truyền thông",
    "Thực hành trả lời phỏng vấn",
)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
HALL = "Hội trường A, Văn phòng UBND tỉnh"


class Training:
    """Holds one class after the other; each has a course of its own."""

    def __init__(
        self, cast: Cast, work: WorkingTime, ids: Counters, journal: Acts, trainer: Who, random: Random
    ) -> None:
        self.cast, self.work, self.ids, self.journal, self.trainer = cast, work, ids, journal, trainer
        self.random = random
        self.held = 0

    def hold(self, day: int, rows: Rows, now: int) -> None:
        """A class whose sessions lie in the days that follow; nothing of it lies after now."""
        begins = self.work.until(day * DAY - OFFICE_OFFSET + 8 * 60)
        if self.work.when(begins + SESSIONS * WORKED) > now:
            return
        self.held += 1
        year, at = written_day(day)[:4], day * DAY - OFFICE_OFFSET + 8 * 60
        course_id, class_id = self.ids.next("courses"), self.ids.next("training_classes")
        title, name, holder = TITLE.format(year), f"Lớp {self.held}", self.cast.office
        rows["courses"].append(
            (course_id, title, "", "", int(year), holder.id, "", None, 80, None, 0, None, 1, stored(at))
        )
        row: Row = (class_id, course_id, name, fold(name), HALL, None, None, None, "", 1, stored(at))
        rows["training_classes"].append(row)
        rows["class_trainers"].append((self.ids.next("class_trainers"), class_id, self.trainer.id, 1, stored(at)))
        self.journal.note(at, self.trainer, "course:add", "courses", course_id, f'{{"title":{quoted(title)}}}')
        self.journal.note(at, self.trainer, "class:add", "training_classes", class_id, f'{{"name":{quoted(name)}}}')
        roster = self._roster(class_id, at, rows)
        for number, topic in enumerate(TOPICS):
            self._session(class_id, self.work.when(begins + 30 + number * WORKED), topic, roster, rows)

    def _roster(self, class_id: int, at: int, rows: Rows) -> list[int]:
        """Who is in the class: people of all agencies."""
        everybody = [(who, bureau) for bureau in self.cast.bureaus for who in (*bureau.leaders, *bureau.staff)]
        roster = []
        for number, (who, bureau) in enumerate(self.random.sample(everybody, ROSTER), 1):
            participant_id = self.ids.next("participants")
            token = "".join(self.random.choices(LETTERS, k=22))
            code = "".join(self.random.choices(LETTERS, k=6))
            row: Row = (
                participant_id,
                class_id,
                number,
                who.name,
                who.title,
                bureau.id,
                bureau.name.text,
                "",
                "",
                who.id,
            )
            row += (name_sort_key(who.name), token, code, None, None, 0, None, None, "open", None, "", None)
            rows["participants"].append((*row, 1, "", 1, stored(at)))
            roster.append(participant_id)
        return roster

    def _session(self, class_id: int, starts: int, topic: str, roster: list[int], rows: Rows) -> None:
        """One session, with a mark for everybody, closed at its end."""
        session_id, ends = self.ids.next("class_sessions"), starts + 90
        row: Row = (session_id, class_id, stored(starts), stored(ends), topic, "", HALL, stored(ends), self.trainer.id)
        rows["class_sessions"].append((*row, None, "", 2, stored(starts)))
        counts = dict.fromkeys(("absent", "excused", "late", "left_early", "present", "unmarked"), 0)
        for participant_id in roster:
            drawn = self.random.random()
            mark = "present" if drawn < 0.88 else "late" if drawn < 0.92 else "excused" if drawn < 0.97 else "absent"
            counts[mark] += 1
            row = (self.ids.next("attendance_marks"), session_id, participant_id, mark, "roll", None, "")
            rows["attendance_marks"].append((*row, self.trainer.id, stored(starts + 10), 1, ""))
        said = json.dumps(counts, separators=(",", ":"))
        self.journal.note(ends, self.trainer, "session:close", "class_sessions", session_id, said)
