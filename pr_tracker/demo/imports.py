"""A ledger of the years before, sent by the office's old clerk: looked at, not yet taken in, with its usual faults."""

from datetime import datetime

from pr_tracker.accounts.queries import find_person_by_email
from pr_tracker.demo.people import DOMAIN
from pr_tracker.imports import actions, jobs

FILE_NAME = "so-theo-doi-bao-chi-2024.csv"
LARGEST = 1  # megabytes
LEDGER = """\
Số;Ngày nhận;Cơ quan báo chí;Phóng viên;Nội dung đề nghị;Đơn vị chủ trì;Ngày trả lời;Ghi chú
01/2024;08/01/2024;Báo Nhịp sống Miền Tây;;Tiến độ sửa chữa cầu giao thông nông thôn;Sở Xây dựng;12/01/2024;
02/2024;15/01/2024;Thời báo Cửu Long;;Nguồn vốn đầu tư công đã giải ngân trong quý;Sở Tài chính;19/01/2024;
03/2024;29/02/2024;Báo điện tử Hôm Nay 24;;Xâm nhập mặn ven biển;Sở Nông nghiệp và Môi trường;05/03/2024;
03/2024;11/03/2024;Báo Đất Phương Nam Mới;;Lịch nghỉ hè và tuyển sinh lớp 10;Sở Giáo dục và Đào tạo;14/03/2024;
05/2024;31/04/2024;Thời báo Cửu Long;;Phòng, chống sốt xuất huyết mùa mưa;Sở Y tế;;
06/2024;20/05/2024;Báo Miền Sông Lớn;;Giá vật liệu xây dựng tăng;Sở Xây dựng;27/05/2024;
07/2024;10/06/2024;Đài Tiếng nói Sông Nước;;Phát triển du lịch đảo dịp hè;Sở Du lịch;càng sớm càng tốt;
08/2024;22/07/2024;Báo Nhịp sống Miền Tây;;Cấp phép quảng cáo ngoài trời;Sở Văn hóa và Thể thao;15/07/2024;
"""


def leave_a_ledger(moment: datetime) -> None:
    """The registrar has chosen the file and sees what each row would do. Commits as it goes."""
    registrar = find_person_by_email(f"vanthu@{DOMAIN}")
    assert registrar is not None
    kept = actions.keep(
        "inquiries",
        FILE_NAME,
        LEDGER.encode("utf-8-sig"),
        folder=jobs.folder(),
        largest=LARGEST,
        actor=registrar,
        now=moment,
    )
    jobs.look_and_judge(kept, actor=registrar, now=moment)
