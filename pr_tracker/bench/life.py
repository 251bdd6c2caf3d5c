"""The life of one case, act by act, as the actions would have stored it: whatever lies after now has not happened."""

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

from pr_tracker.accounts.rules import AgencyKind
from pr_tracker.bench.cast import Asker, Bureau, Who, quoted
from pr_tracker.bench.clocks import Clock
from pr_tracker.bench.moments import EPOCH, WORKED, WorkingTime, in_json, office_day_of, stored
from pr_tracker.bench.sheets import Acts, Counters, Rows, Told
from pr_tracker.bench.words import Matter, Phrase, phrase, words_of_phrases
from pr_tracker.inquiries.rules_events import InquiryEvent
from pr_tracker.inquiries.rules_kinds import KINDS_WITH_OWN_START, AnswerForm, Channel, Kind, RefusalGround
from pr_tracker.inquiries.rules_number import place_on, write_number
from pr_tracker.inquiries.rules_seal import ReviewStep, seal_of
from pr_tracker.notices import rules as notices

EVIDENCE = {
    "written": "Văn bản trả lời gửi qua thư điện tử công vụ, tòa soạn xác nhận đã nhận.",
    "interview": "Trả lời phỏng vấn trực tiếp tại trụ sở, có bản ghi âm.",
    "portal": "Đăng Cổng Thông tin điện tử tỉnh, mục Thông tin báo chí.",
    "briefing": "Trao đổi tại giao ban báo chí tháng, có biên bản.",
    "press_conference": "Trả lời tại họp báo, có bản ghi hình và biên bản.",
}
CLOSING = "Đã theo dõi bảy ngày, không phát sinh phản hồi."
WITHDRAWN = "Phóng viên gửi thư điện tử đề nghị rút câu hỏi do thay đổi đề tài."
UNCONCLUDED = "Vụ việc đang được thanh tra, kiểm tra, chưa có kết luận; sẽ cung cấp thông tin khi có kết luận."
OPENING = phrase(" trả lời đề nghị của ")
AS_FOLLOWS = phrase(" như sau:")
CLOSING_JSON, WITHDRAWN_JSON = quoted(CLOSING), quoted(WITHDRAWN)
Event = SimpleNamespace(**{event.name: event.value for event in InquiryEvent})  # plain words, which are written as such
NoticeKind = SimpleNamespace(**{kind.name: kind.value for kind in notices.NoticeKind})
AGENCY, PROVINCE = ReviewStep.AGENCY.value, ReviewStep.PROVINCE.value


class Facts(NamedTuple):
    """What is known of a case when it is logged."""

    kind: Kind
    channel: Channel
    urgency: str
    sensitive: bool
    year: int
    number: int
    received: int
    started: int
    logged: int
    wanted: int | None
    asker: Asker
    journalists: list[tuple[int, Phrase]]
    clock: Clock
    lead: Bureau
    intake: Bureau
    registrar: Who
    officer: Who


class Draft(NamedTuple):
    """A version of the answer or refusal."""

    id: int
    number: int
    text: Phrase
    digest: str


@dataclass
class Box:
    """What another agency is asked, by when, and what it sends."""

    agency: Bureau
    task: str
    text: Phrase
    due: int
    id: int = 0
    asked: int = 0
    sent: int | None = None

    @property
    def about(self) -> str:
        """The agency, as its acts name it."""
        return f'"agency":{self.agency.name_json},"agency_id":{self.agency.id}'


class Life:
    """One case from the logging on; every act writes its rows and what is told of it."""

    status, version = "received", 1
    lead: Bureau | None = None
    officer: Who | None = None
    box: Box | None = None
    draft: Draft | None = None
    approved: Draft | None = None
    step: str | None = None
    acknowledged: int | None = None
    finished: int | None = None
    closed: int | None = None
    archived: int | None = None
    form: str | None = None
    ground: RefusalGround | None = None
    released = False
    stop: tuple[int, int] | None = None
    stopped_days = extended_days = 0

    def __init__(self, facts: Facts, matter: Matter, rows: Rows, journal: Acts, ids: Counters, now: int) -> None:
        self.facts, self.matter, self.rows, self.journal, self.ids, self.now = facts, matter, rows, journal, ids, now
        self.id = ids.next("inquiries")
        self.code = write_number(facts.year, facts.number)
        self.clock = facts.clock
        self.is_urgent = facts.clock.due_on is None or facts.urgency != "normal"
        self.subject_json = quoted(matter.subject.text)

    # What every act does

    def tell(self, at: int, who: Who, event: str, data: str, *told: Told, version: bool = True) -> None:
        """History, audit log and notices of an act; `data` is JSON with its keys in order."""
        if version:
            self.version += 1
        self.journal.kept.append((at, self.id, self.version, who.id, event, data, told))

    def notice(
        self, kind: str, people: tuple[int, ...], who: Who, *, due: bool = True, path: str = "", mail: bool = True
    ) -> Told:
        """What is told of an act, to whom; nobody is told of his own."""
        if who.id in people:
            people = tuple([each for each in people if each != who.id])
        agency = (self.lead or self.facts.intake).name_json
        said = f",{self.clock.said}" if due else ""
        data = (
            f'{{"actor":{who.name_json},"agency":{agency},"clock":"{self.clock.key}","code":"{self.code}"{said},'
            f'"subject":{self.subject_json}}}'
        )
        return (kind, people, f"/inquiries/{self.id}{path}", data, int(self.is_urgent), mail)

    def part(self, bureau: Bureau, part: str, at: int, who: Who) -> None:
        """An agency takes part."""
        row = (self.ids.next("inquiry_participations"), self.id, bureau.id, part, stored(at), who.id, "")
        self.rows["inquiry_participations"].append((*row, stored(self.facts.received)))

    # The acts

    def log(self, at: int) -> None:
        facts = self.facts
        self.part(facts.intake, "intake", at, facts.registrar)
        data = f'{{"channel":"{facts.channel.value}","code":"{self.code}",{self.clock.said}}}'
        self.tell(at, facts.registrar, Event.LOG, data, version=False)
        for position, question in enumerate(self.matter.questions, 1):
            self.rows["inquiry_questions"].append(
                (self.ids.next("inquiry_questions"), self.id, position, question.text)
            )
        for journalist_id, _name in facts.journalists:
            self.rows["inquiry_journalists"].append((self.id, journalist_id))

    def acknowledge(self, at: int) -> None:
        self.acknowledged = at
        self.tell(at, self.facts.registrar, Event.ACKNOWLEDGE, f'{{"at":"{in_json(at)}"}}')

    def assign(self, at: int) -> None:
        lead, who = self.facts.lead, self.facts.registrar
        self.lead, self.status = lead, "assigned"
        self.part(lead, "lead", at, who)
        data = f'{{"agency":{lead.name_json},"note":"","responsible":{lead.head.name_json}}}'
        people = (lead.head.id, self.facts.officer.id)
        self.tell(at, who, Event.ASSIGN, data, self.notice(NoticeKind.ASSIGNED, people, who))

    def take(self, at: int) -> None:
        self.officer = self.facts.officer
        self.tell(at, self.officer, Event.TAKE_CASE, f'{{"officer":{self.officer.name_json}}}')

    def write(self, at: int, text: Phrase, ground: RefusalGround | None = None) -> None:
        """A new version."""
        author = self.facts.officer
        digest = seal_of(text.text, ground=ground)
        whose = digest if ground is None else hashlib.sha256(text.text.encode()).hexdigest()
        number = self.draft.number + 1 if self.draft else 1
        self.draft = Draft(self.ids.next("inquiry_drafts"), number, text, digest)
        self.rows["inquiry_drafts"].append(
            (self.draft.id, self.id, number, text.text, ground and ground.value, whose, digest, author.id, stored(at))
        )
        self.status, self.officer = "drafting", self.officer or author
        on = f'"ground":"{ground.value}",' if ground else ""
        data = f'{{"digest":"{digest}",{on}"number":{number},"voids_approval":false}}'
        self.tell(at, author, Event.DRAFT, data)

    def submit(self, at: int) -> None:
        assert self.draft
        self.status, self.step = "in_review", AGENCY
        leaders = tuple(who.id for who in self.facts.lead.leaders if who.id != self.facts.officer.id)
        told = self.notice(NoticeKind.SUBMITTED, leaders[:1], self.facts.officer)
        self.tell(at, self.facts.officer, Event.SUBMIT, f'{{"number":{self.draft.number}}}', told)

    def give_back(self, at: int) -> None:
        assert self.draft
        who = self._approver()
        self.status, self.step = "returned", None
        reason = self.matter.theme.returned
        self._review(at, who, AGENCY, approved=0, reason=reason)
        data = f'{{"number":{self.draft.number},"reason":{quoted(reason)},"step":"{AGENCY}","voids_approval":false}}'
        self.tell(at, who, Event.RETURN, data, self.notice(NoticeKind.RETURNED, (self.facts.officer.id,), who))

    def approve(self, at: int, *, province: Who | None = None) -> None:
        """The lead agency's leader seals; with `province` its leader is asked next."""
        assert self.draft
        who = self._approver()
        self._review(at, who, AGENCY)
        if province is not None:
            self.step = PROVINCE
            told = self.notice(NoticeKind.PROVINCE_ASKED, (province.id,), who)
            self.tell(at, who, Event.ENDORSE, self._sealed(AGENCY, who), told)
            return
        self._is_approved(at, who, AGENCY)

    def approve_above(self, at: int, who: Who) -> None:
        """The leader of the province seals."""
        self._review(at, who, PROVINCE)
        self._is_approved(at, who, PROVINCE)

    def _is_approved(self, at: int, who: Who, step: str) -> None:
        self.status, self.step, self.approved = "approved", None, self.draft
        told = self.notice(NoticeKind.APPROVED, (self.facts.officer.id,), who)
        self.tell(at, who, Event.APPROVE, self._sealed(step, who), told)

    def _sealed(self, step: str, who: Who) -> str:
        assert self.draft
        number, digest = self.draft.number, self.draft.digest
        return f'{{"digest":"{digest}","number":{number},"step":"{step}","title":{who.title_json}}}'

    def _approver(self) -> Who:
        """The head; who wrote the words does not seal them."""
        return next(who for who in self.facts.lead.leaders if who.id != self.facts.officer.id)

    def _review(self, at: int, who: Who, step: str, *, approved: int = 1, reason: str = "") -> None:
        assert self.draft
        row = (self.ids.next("inquiry_reviews"), self.draft.id, step, approved, reason, self.draft.digest, who.id)
        self.rows["inquiry_reviews"].append((*row, who.title, 0, stored(at)))

    def release(self, at: int, form: AnswerForm) -> None:
        """The answer is given by the head of the lead agency."""
        assert self.draft
        lead, who = self.facts.lead, self.facts.officer
        self._finish(at, "answered")
        self.form, self.released = form.value, True
        late = "true" if at >= self.clock.ends_at else "false"
        data = (
            f'{{"at":"{in_json(at)}","digest":"{self.draft.digest}","evidence":{quoted(EVIDENCE[form.value])},'
            f'"form":"{form.value}","late":{late},"number":{self.draft.number},"right":{lead.right},'
            f'"speaker":{lead.head.name_json}}}'
        )
        told = self.notice(NoticeKind.RELEASED, (self.facts.registrar.id,), who, due=False, mail=False)
        self.tell(at, who, Event.RELEASE, data, told)

    def refuse(self, at: int) -> None:
        """The press is told of the approved refusal."""
        assert self.draft
        assert self.ground
        who = self.facts.officer
        self._finish(at, "refused")
        self.form = AnswerForm.WRITTEN.value
        late = "true" if at >= self.clock.ends_at else "false"
        data = (
            f'{{"at":"{in_json(at)}","digest":"{self.draft.digest}","evidence":{quoted(EVIDENCE["written"])},'
            f'"form":"written","ground":"{self.ground.value}","late":{late},"number":{self.draft.number},'
            f'"reason":{quoted(self.draft.text.text)}}}'
        )
        people = (self.facts.registrar.id,)
        self.tell(at, who, Event.REFUSE, data, self.notice(NoticeKind.REFUSED, people, who, due=False))

    def withdraw(self, at: int) -> None:
        """The press withdraws its inquiry."""
        self._finish(at, "withdrawn")
        who = self.facts.registrar
        told = self.notice(NoticeKind.WITHDRAWN, (self.facts.officer.id,), who, due=False)
        self.tell(at, who, Event.WITHDRAW, f'{{"reason":{WITHDRAWN_JSON}}}', told)

    def _finish(self, at: int, status: str) -> None:
        self.status, self.finished, self.step = status, at, None

    def close(self, at: int) -> None:
        self.closed = at
        self.tell(at, self.facts.registrar, Event.CLOSE, f'{{"note":{CLOSING_JSON}}}')

    def archive(self, at: int) -> None:
        self.status, self.archived = "archived", at
        self.tell(at, self.facts.registrar, Event.ARCHIVE, "{}")

    def coordinate(self, at: int, box: "Box") -> None:
        """Another agency is asked for its part."""
        self.box, box.asked = box, at
        who, box.id = self.facts.officer, self.ids.next("inquiry_participations")
        data = f'{{{box.about},"due":"{in_json(box.due)}","part_id":{box.id},"task":{quoted(box.task)}}}'
        people = tuple({box.agency.head.id, box.agency.staff[0].id})
        told = self.notice(NoticeKind.COORDINATION_ASKED, people, who, path=f"/parts/{box.id}")
        self.tell(at, who, Event.COORDINATE, data, told)
        row = (self.ids.next("inquiry_part_rounds"), box.id, 1, f"[{quoted(box.task)}]", "", stored(at), who.id)
        self.rows["inquiry_part_rounds"].append(row)

    def contribute(self, at: int) -> None:
        """The agency that was asked sends its part, approved by its head."""
        box = self.box
        assert box
        box.sent = at
        author, head = box.agency.staff[0], box.agency.head
        digest = seal_of(box.text.text)
        row = (self.ids.next("inquiry_contributions"), box.id, 1, box.text.text, digest, author.id, stored(at))
        approved = (stored(at), stored(at), head.id, head.title, 0, 0, "")
        self.rows["inquiry_contributions"].append((*row, *approved))
        data = f'{{{box.about},"due":"{in_json(box.due)}","number":1,"part_id":{box.id}}}'
        self.tell(at, author, Event.DRAFT_PART, data, version=False)
        self.tell(at, author, Event.SUBMIT_PART, data, version=False)
        late = "true" if at >= box.due else "false"
        data = (
            f'{{{box.about},"alone":false,"digest":"{digest}","late":{late},"number":1,"part_id":{box.id},'
            f'"title":{head.title_json}}}'
        )
        people, path = (self.facts.officer.id,), f"/parts/{box.id}"
        told = self.notice(NoticeKind.COORDINATION_SENT, people, head, due=False, path=path)
        self.tell(at, head, Event.CONTRIBUTE, data, told)

    def _store_box(self, box: "Box") -> None:
        row = (box.id, self.id, box.agency.id, "coordinating", stored(box.asked), self.facts.officer.id, box.task)
        state = ("sent", 4, stored(box.sent), box.agency.head.id) if box.sent else ("asked", 1, None, None)
        owed = box.sent is None and box.due > self.now and self.finished is None
        due, received = stored(box.due), stored(self.facts.received)
        row = (*row, due, due, due if owed else None, *state, received)
        self.rows["inquiry_participations asked"].append(row)

    # What stands at the end

    def store(self, next_reminder: str | None) -> None:
        """The case itself, and what search looks through."""
        facts, clock = self.facts, self.clock
        if self.box:
            self._store_box(self.box)
        answered = self.released
        names = ", ".join(name.text for _id, name in facts.journalists)
        self.rows["inquiries"].append(
            (
                *(self.id, self.version, facts.year, facts.number, self.matter.subject.text, facts.kind.value),
                *(facts.channel.value, facts.urgency, "sensitive" if facts.sensitive else "normal", facts.asker.id),
                *(names, self.status, stored(facts.received), stored(facts.started), stored(facts.logged)),
                *map(stored, (self.acknowledged, facts.wanted, self.finished, self.closed, self.archived)),
                *(facts.registrar.id, facts.intake.id, self.lead and self.lead.id),
                *(self.lead and self.lead.head.id, self.officer and self.officer.id),
                *(clock.key, clock.version, clock.whole, clock.due_on, clock.due_at, stored(clock.ends_at)),
                *(next_reminder, *map(stored, self.stop or (None, None)), self.stopped_days, self.extended_days),
                *(self.step, self.approved and self.approved.id, stored(self.finished) if answered else None),
                *(self.form, facts.lead.head.id if answered else None, facts.lead.right if answered else None),
                *(EVIDENCE[self.form] if self.form else "", self._states() if answered else None),
                *self._refusal(),
                CLOSING if self.closed else "",
            )
        )
        number = f"{facts.year} {facts.number:04d}"
        code = Phrase(self.code, f"dn {number}", f"đn {number}")
        pieces = [code, self.matter.subject, *self.matter.questions, facts.asker.name]
        pieces += [name for _id, name in facts.journalists]
        pieces += [self.draft.text] if self.draft else []
        place = place_on(EPOCH.toordinal() + office_day_of(facts.received), self.id)
        self.rows["inquiry_search"].append((self.id, *words_of_phrases(pieces), place))

    def _states(self) -> str | None:
        return '["measures", "result"]' if self.facts.kind is Kind.ANSWER_ON_PRESS else None

    def _refusal(self) -> tuple[Any, Any]:
        if self.ground is None or self.form is None or self.draft is None:
            return None, None
        return self.ground.value, self.draft.text.text


def needs_second(facts: Facts) -> bool:
    """Whether the leadership of UBND tỉnh approves too."""
    extraordinary = facts.sensitive or facts.kind in KINDS_WITH_OWN_START
    return extraordinary and facts.lead.kind is not AgencyKind.PROVINCE


def worked_span(work: WorkingTime, facts: Facts) -> int:
    """How long the office has for the case, in minutes it works; a day at least."""
    return max(work.until(facts.clock.ends_at) - work.until(facts.logged), WORKED)
