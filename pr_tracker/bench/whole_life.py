"""What else befalls some cases: stops and extensions of the clock, remarks, articles, letters, statements kept."""

import hashlib
import json
from random import Random

from pr_tracker.bench.cast import quoted
from pr_tracker.bench.clocks import Clocks, stored_clock
from pr_tracker.bench.life import Event, Life, NoticeKind
from pr_tracker.bench.moments import in_json, instant_of, minute_of, office_day_of, stored, written_day
from pr_tracker.bench.sheets import Row
from pr_tracker.deadlines.rules import Deadline, recount
from pr_tracker.deadlines.rules_terms import Extension, ExtensionReason, OutletPace, Stop, StopReason
from pr_tracker.inquiries.rules_articles import LetterAsk, LetterText, Verdict
from pr_tracker.office_time import office_day, office_instant
from pr_tracker.statements.rules import LONGEST_TOPIC, StatementEvent, write_code
from pr_tracker.statements.rules_likeness import Matter as LikeMatter
from pr_tracker.statements.rules_likeness import terms_of
from pr_tracker.text import fold, lower_nfc

STOPPED_FOR = 2  # working days
ASKED_BACK = "Đã gửi thư điện tử đề nghị phóng viên nêu rõ địa điểm và thời gian phản ánh, chờ trả lời."
COMPLEX = "Cần kiểm tra hiện trường thêm một buổi trước khi trả lời."
AGREED = "Đồng ý, đề nghị trả lời đúng hạn mới."
REMARK = "Đã trao đổi với đơn vị, số liệu đang được đối chiếu."
TITLES = ("Cơ quan chức năng trả lời về phản ánh của người dân", "Đã có hướng xử lý phản ánh của bạn đọc")
WRONG_WORDS = "Đại diện cơ quan cho biết hiện chưa có kế hoạch giải quyết."
RIGHT_WORDS = "Cơ quan đã trả lời: việc giải quyết đã có kế hoạch, đơn vị thực hiện và thời hạn cụ thể."


class WholeLife(Life):
    """A life with everything that may befall it."""

    deadline: Deadline | None = None
    pause_id: int | None = None
    paused: tuple[int, int] | None = None
    article_id = 0

    # The clock

    def _recounted(self, clocks: Clocks, stops: tuple[Stop, ...], extensions: tuple[Extension, ...]) -> None:
        facts = self.facts
        deadline = self.deadline or clocks.deadline(facts.kind, facts.started, facts.lead.settings)
        stops, extensions = (*deadline.stops, *stops), (*deadline.extensions, *extensions)
        self.deadline = recount(deadline, calendar=clocks.calendar, stops=stops, extensions=extensions)
        self.clock = stored_clock(self.deadline)
        self.stopped_days, self.extended_days = self.deadline.stopped_days, self.deadline.extended_days

    def pause(self, at: int, clocks: Clocks) -> None:
        """The press is asked back, and the clock stands for two working days."""
        runs_on = clocks.calendar.nth_working_day_after(office_day(instant_of(at)), STOPPED_FOR)
        until = minute_of(office_instant(runs_on))
        self._recounted(clocks, (Stop(StopReason.WAITING_FOR_PRESS, instant_of(at), instant_of(until)),), ())
        self.paused, self.pause_id = (at, until), self.ids.next("inquiry_pauses")
        data = f'{{{self.clock.said},"ground":"waiting_for_press","until":"{runs_on}","words":{quoted(ASKED_BACK)}}}'
        who = self.facts.officer
        told = self.notice(NoticeKind.PAUSED, (self.facts.lead.head.id,), who)
        self.tell(at, who, Event.PAUSE, data, told)

    def extend(self, at: int, clocks: Clocks) -> None:
        """The officer asks for a day, a leader grants it."""
        who, head = self.facts.officer, self._approver()
        granted = at + 5
        words = f'"words":{quoted(COMPLEX)}'
        self.tell(at, who, Event.ASK_EXTENSION, f'{{"days":1,"ground":"complex","unit":"working_days",{words}}}')
        self._recounted(clocks, (), (Extension(ExtensionReason.COMPLEX, 1, instant_of(granted)),))
        data = f'{{"days":1,{self.clock.said},"unit":"working_days","words":{quoted(AGREED)}}}'
        told = self.notice(NoticeKind.EXTENSION_GRANTED, (who.id,), head)
        self.tell(granted, head, Event.GRANT_EXTENSION, data, told)
        row = (self.ids.next("inquiry_extensions"), self.id, "complex", 1, COMPLEX, None, who.id, stored(at), head.id)
        self.rows["inquiry_extensions"].append((*row, stored(granted), 1, AGREED))

    # Remarks

    def comment(self, at: int) -> None:
        """A remark inside the house."""
        who = self.facts.officer
        self.rows["inquiry_comments"].append((self.ids.next("inquiry_comments"), self.id, who.id, stored(at), REMARK))
        self.tell(at, who, Event.COMMENT, f'{{"text":{quoted(REMARK)}}}', version=False)

    # The press afterwards

    def publish(self, at: int, random: Random) -> None:
        """The press agency publishes, somebody finds it and compares it with the answer."""
        assert self.approved
        drawn = random.random()
        verdict = Verdict.RIGHT if drawn < 0.7 else Verdict.NOT_USED if drawn < 0.92 else Verdict.WRONG
        judged, outlet = at + 70, self.facts.asker
        title = TITLES[int(random.random() * len(TITLES))]
        self.article_id = self.ids.next("inquiry_articles")
        passage = WRONG_WORDS if verdict is Verdict.WRONG else ""
        on = written_day(office_day_of(at))
        who = self.facts.registrar
        row: Row = (
            self.article_id,
            self.id,
            outlet.id,
            self.approved.id,
            title,
            f"https://bao.example/{self.article_id}",
        )
        row += (on, None, stored(at), who.id, verdict.value, passage, "", stored(judged), who.id)
        self.rows["inquiry_articles"].append((*row, None, None, ""))
        about = f'"article":{quoted(title)},"article_id":{self.article_id}'
        outlet_json = quoted(outlet.name.text)
        self.tell(at, who, Event.ARTICLE, f'{{{about},"on":"{on}","outlet":{outlet_json}}}')
        words = f'"verdict":"{verdict.value}","words":{quoted(passage)}'
        self.tell(judged, who, Event.ARTICLE_JUDGE, f'{{{about},"outlet":{outlet_json},{words}}}')
        if verdict is Verdict.WRONG:
            self._answer_back(judged + 60)

    def _answer_back(self, at: int) -> None:
        """A letter asks the press agency to publish what is right; it does."""
        head, who, outlet = self._approver(), self.facts.officer, self.facts.asker
        text = self._feedback()
        letter_id, number = self.ids.next("inquiry_press_letters"), f"{self.id}/PH"
        approved, sent, closed = at + 30, at + 60, at + 300
        day = written_day(office_day_of(sent))
        about = f'"letter":"feedback","letter_id":{letter_id}'
        rest = f'"outlet":{quoted(outlet.name.text)},"round":1'
        by = f'"version":1,"writer_id":{who.id}'
        content = json.dumps(
            {**vars(text), "asks": ["publish"]}, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        self.tell(at, who, Event.LETTER, f'{{"content":{content},{about},{rest},{by}}}')
        sealed = f'{{"digest":"{text.digest}",{about},{rest},{by}}}'
        self.tell(approved, head, Event.LETTER_APPROVE, sealed)
        data = f'{{"at":"{in_json(sent)}","day":"{day}",{about},"number":{quoted(number)},{rest},"way":"network",'
        self.tell(sent, who, Event.LETTER_SEND, f'{data}"writer_id":{who.id}}}')
        data = f'{{"at":"{in_json(closed)}","former":{{}},"late":false,{about},"outcome":"published",{rest},"words":""'
        self.tell(closed, who, Event.LETTER_OUTCOME, f'{data},"writer_id":{who.id}}}')
        row: Row = (
            letter_id,
            self.id,
            self.article_id,
            outlet.id,
            "feedback",
            1,
            1,
            text.digest,
            text.subject,
            text.text,
        )
        row += (text.passage, text.right, text.proof, "", '["publish"]', text.pace.value, stored(at), who.id, "")
        row += (stored(approved), head.id, head.title, None, None, "", number, day, stored(sent), "network", None)
        row += (None, "", None, None, None, None, "published", stored(closed), "", "https://bao.example/phan-hoi", None)
        self.rows["inquiry_press_letters"].append((*row, stored(closed)))

    def _feedback(self) -> LetterText:
        return LetterText(
            f"phản hồi thông tin đăng, phát trên {self.facts.asker.name.text}"[:300],
            f"Qua theo dõi, {self.facts.lead.name.text} có ý kiến phản hồi như sau:",
            WRONG_WORDS,
            RIGHT_WORDS,
            "Văn bản trả lời báo chí đã gửi tòa soạn.",
            asks=(LetterAsk.PUBLISH,),
            pace=OutletPace.ONLINE,
        )

    def keep(self, at: int) -> None:
        """The answer that was given becomes a statement, with the terms by which it is found as like a matter."""
        assert self.approved
        facts, head, who = self.facts, self.facts.lead.head, self.facts.officer
        year = int(written_day(office_day_of(at))[:4])
        statement_id, number = self.ids.next("statements"), self.ids.next(f"statements of {year}")
        code, text = write_code(year, number), self.approved.text
        topic = self.matter.subject.text[:LONGEST_TOPIC]
        whole = f"{code} {self.matter.subject.text} {text.text}"
        digest = hashlib.sha256(text.text.encode()).hexdigest()
        said_by = ", ".join(filter(None, (head.name, head.title, head.agency)))
        row: Row = (
            statement_id,
            1,
            year,
            number,
            topic,
            text.text,
            digest,
            facts.lead.id,
            self.id,
            self.approved.id,
            None,
        )
        row += (self.form, stored(at), said_by, facts.lead.right, "", stored(at), who.id, None, None, None, None)
        self.rows["statements"].append((*row, None, None, "", fold(whole), lower_nfc(whole)))
        terms = terms_of.__wrapped__(LikeMatter(topic, text.text))
        self.rows["statement_terms"] += [(term[:80], statement_id, weight) for term, weight in terms.items()]
        data = f'{{"code":"{code}","topic":{quoted(topic)}}}'
        self.journal.note(at, who, StatementEvent.CLEAR.value, "statements", statement_id, data)
        data = f'{{"code":"{code}","statement_id":{statement_id}}}'
        self.tell(at, who, Event.KEEP, data, version=False)

    def store(self, next_reminder: str | None) -> None:
        """The case with its stops."""
        if self.paused:
            at, until = self.paused
            is_over = self.finished is not None
            self.stop = None if is_over else self.paused
            row = (self.pause_id, self.id, "waiting_for_press", ASKED_BACK, None, stored(at), stored(until))
            self.rows["inquiry_pauses"].append((*row, stored(until) if is_over else None, self.facts.officer.id, None))
        super().store(next_reminder)
