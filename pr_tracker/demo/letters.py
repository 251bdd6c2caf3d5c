"""The letters in which press agencies of the demo ask: one page of PDF, kept as an attachment."""

from io import BytesIO

from pr_tracker.demo.outlets import DemoOutlet
from pr_tracker.demo.plan import Matter
from pr_tracker.office_time import office_day
from pr_tracker.pdf import (
    Addressees,
    Block,
    Closing,
    Document,
    Letterhead,
    Numbered,
    Recipients,
    Signature,
    Text,
    build,
)

INTRODUCTION = (
    "{bao} gửi đến quý cơ quan các câu hỏi dưới đây và trân trọng đề nghị được trả lời theo quy định của Luật Báo chí."
)
ENDING = "Nội dung trả lời xin gửi về tòa soạn theo địa chỉ thư điện tử {thu}. Trân trọng cảm ơn."
NOTE = "(Dữ liệu mẫu, mọi tên gọi đều do tưởng tượng)"


def press_letter(matter: Matter, outlet: DemoOutlet, addressee: str) -> tuple[str, bytes]:
    """The name of the file and the letter."""
    day = office_day(matter.received_at)
    head = Letterhead(
        superior="",
        issuer=outlet.name,
        symbol="CV",
        place=outlet.address.rsplit(", ", 1)[-1].removeprefix("thành phố ").removeprefix("tỉnh "),
        day=day,
        kind="",
        abstract=matter.subject,
        draft=False,
    )
    blocks: list[Block] = [
        head,
        Addressees([addressee]),
        Text(INTRODUCTION.format(bao=outlet.name)),
        Numbered(matter.questions),
        Text(ENDING.format(thu=outlet.email)),
        Closing(Signature((), ("TỔNG BIÊN TẬP",), note=NOTE), Recipients(["Như trên"], filed="Tòa soạn")),
    ]
    out = BytesIO()
    build(Document(matter.subject, blocks), out)
    return f"Công văn của {outlet.short_name}, {day:%d-%m-%Y}.pdf", out.getvalue()
