"""What is stored of press agencies and journalists; nothing is ever deleted, it is made inactive."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.db import Base, NfcString, SortKey, UTCDateTime, str_enum
from pr_tracker.outlets.rules import (
    LONGEST_CARD,
    LONGEST_JOURNALIST,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_PHONE,
    OutletKind,
)


class Outlet(Base):
    """A press agency. `name_key` is its folded name: the same name without marks is the same agency."""

    __tablename__ = "outlets"
    __table_args__ = (
        sa.Index(None, "sort_key", "id"),
        sa.CheckConstraint("name <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(NfcString(LONGEST_NAME))
    short_name: Mapped[str] = mapped_column(NfcString(60), default="")
    kind: Mapped[OutletKind] = mapped_column(str_enum(OutletKind))
    address: Mapped[str] = mapped_column(NfcString(300), default="")
    phone: Mapped[str] = mapped_column(NfcString(LONGEST_PHONE), default="")
    email: Mapped[str] = mapped_column(NfcString(255), default="")
    website: Mapped[str] = mapped_column(NfcString(255), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    name_key: Mapped[str] = mapped_column(sa.String(LONGEST_KEY), unique=True)
    sort_key: Mapped[str] = mapped_column(SortKey())
    search_text: Mapped[str] = mapped_column(sa.Text)
    exact_text: Mapped[str] = mapped_column(sa.Text)


class Journalist(Base):
    """A journalist of one press agency. Two of one name there are told apart by their press cards."""

    __tablename__ = "journalists"
    __table_args__ = (
        sa.UniqueConstraint("outlet_id", "name_key", "press_card"),
        sa.Index(
            "uq_journalists_press_card",
            "press_card",
            unique=True,
            sqlite_where=sa.text("press_card <> ''"),
            postgresql_where=sa.text("press_card <> ''"),
        ),
        sa.CheckConstraint("full_name <> ''", name="named"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(NfcString(LONGEST_JOURNALIST))
    outlet_id: Mapped[int] = mapped_column(sa.ForeignKey("outlets.id"), index=True)
    press_card: Mapped[str] = mapped_column(NfcString(LONGEST_CARD), default="")  # thẻ nhà báo
    letter_number: Mapped[str] = mapped_column(NfcString(60), default="")  # giấy giới thiệu
    letter_on: Mapped[date | None]
    phone: Mapped[str] = mapped_column(NfcString(LONGEST_PHONE), default="")
    email: Mapped[str] = mapped_column(NfcString(255), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    name_key: Mapped[str] = mapped_column(NfcString(LONGEST_KEY))
    sort_key: Mapped[str] = mapped_column(SortKey(), index=True)
    search_text: Mapped[str] = mapped_column(sa.Text)
    exact_text: Mapped[str] = mapped_column(sa.Text)

    outlet: Mapped[Outlet] = relationship()
