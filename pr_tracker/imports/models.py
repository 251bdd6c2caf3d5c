"""What is stored of an import: the file, its columns, the verdict on each row, and what agencies said names mean."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pr_tracker.accounts.models import Agency, Person
from pr_tracker.db import Base, Json, NfcString, NfcText, UTCDateTime, str_enum
from pr_tracker.imports.rules import ImportState, Verdict


class Import(Base):
    """A file somebody took in, or looked at. The file and its rows are removed after a while, this line stays."""

    __tablename__ = "imports"
    __table_args__ = (
        sa.CheckConstraint("state <> 'done' OR finished_at IS NOT NULL", name="done_at_a_moment"),
        sa.Index(None, "agency_id", "id"),
        sa.Index(None, "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(NfcString(40))  # the target's code
    about_id: Mapped[int | None]
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    file_name: Mapped[str] = mapped_column(NfcString(200))
    stored_name: Mapped[str | None] = mapped_column(sa.String(64))  # None: the file has been removed
    size: Mapped[int]  # octets
    digest: Mapped[str] = mapped_column(sa.String(64))  # SHA-256 of the content
    about_file: Mapped[str] = mapped_column(NfcText(), default="")  # how it was read: encoding, separator
    sheets: Mapped[list[str]] = mapped_column(Json())
    sheet: Mapped[str] = mapped_column(NfcString(200), default="")
    head_row: Mapped[int | None]
    heads: Mapped[list[str]] = mapped_column(Json())
    columns: Mapped[dict[str, int]] = mapped_column(Json())  # key of the column → its place, from 0
    rows: Mapped[int] = mapped_column(default=0)  # below the heads
    state: Mapped[ImportState] = mapped_column(str_enum(ImportState))
    counts: Mapped[dict[str, int]] = mapped_column(Json())  # rows by verdict
    unknown: Mapped[list[dict[str, Any]]] = mapped_column(Json())  # names not on record
    chosen: Mapped[list[str]] = mapped_column(Json())  # the verdicts that are written
    written: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime())
    judged_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012

    agency: Mapped[Agency] = relationship()
    by: Mapped[Person] = relationship()


class ImportRow(Base):
    """A row of the file as it was judged; kept until the file is removed."""

    __tablename__ = "import_rows"
    __table_args__ = (sa.Index(None, "import_id", "verdict", "number"),)

    import_id: Mapped[int] = mapped_column(sa.ForeignKey("imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # in the file, from 1
    verdict: Mapped[Verdict] = mapped_column(str_enum(Verdict))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(Json())
    changes: Mapped[dict[str, list[str]]] = mapped_column(Json())
    cells: Mapped[list[str]] = mapped_column(Json())  # every cell as read, the unnamed columns too
    subject_id: Mapped[int | None]
    written: Mapped[bool] = mapped_column(default=False, server_default=sa.false())


class ImportName(Base):
    """What a name in an agency's files means: said once, remembered."""

    __tablename__ = "import_names"
    __table_args__ = (sa.UniqueConstraint("agency_id", "what", "typed_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    what: Mapped[str] = mapped_column(NfcString(40))
    typed_key: Mapped[str] = mapped_column(NfcString(300))
    meant_id: Mapped[int]
    said_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime())


class ImportColumns(Base):
    """Which columns a file with these heads has: said once by somebody of the agency, remembered."""

    __tablename__ = "import_columns"
    __table_args__ = (sa.UniqueConstraint("agency_id", "kind", "heads_digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(sa.ForeignKey("agencies.id"))
    kind: Mapped[str] = mapped_column(NfcString(40))
    heads_digest: Mapped[str] = mapped_column(sa.String(64))
    columns: Mapped[dict[str, int]] = mapped_column(Json())
    said_by_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime())
