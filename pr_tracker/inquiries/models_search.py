"""What search looks through, and the index behind it."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import pr_tracker.inquiries.models  # noqa: F401 - the table it refers to
from pr_tracker.db import Base


class SearchText(Base):
    """Everything of a case that search looks through, as words: folded, and in lower case with their marks."""

    __tablename__ = "inquiry_search"

    inquiry_id: Mapped[int] = mapped_column(sa.ForeignKey("inquiries.id"), primary_key=True)
    folded: Mapped[str] = mapped_column(sa.Text)
    exact: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[int] = mapped_column(sa.BigInteger, server_default="0", index=True)  # rules_number.search_place


# The index behind the search: of words on SQLite, its rows at the case's place; of trigrams on PostgreSQL. The
# migration says the same.
SEARCH_WORDS_ANEW = (
    "INSERT INTO inquiry_search_index(inquiry_search_index) VALUES ('delete-all')",
    "INSERT INTO inquiry_search_index(rowid, words) SELECT place, folded || exact FROM inquiry_search ORDER BY place",
)
_OUT = (
    "INSERT INTO inquiry_search_index(inquiry_search_index, rowid, words) "
    "VALUES ('delete', old.place, old.folded || old.exact); "
)
_IN = "INSERT INTO inquiry_search_index(rowid, words) VALUES (new.place, new.folded || new.exact); "
SEARCH_INDEX_SQLITE = (
    "CREATE VIRTUAL TABLE inquiry_search_index USING fts5"
    "(words, content='', columnsize=0, detail='none', tokenize='ascii')",
    f"CREATE TRIGGER inquiry_search_added AFTER INSERT ON inquiry_search BEGIN {_IN}END",
    f"CREATE TRIGGER inquiry_search_changed AFTER UPDATE ON inquiry_search BEGIN {_OUT}{_IN}END",
)
SEARCH_INDEX_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_inquiry_search_folded ON inquiry_search USING gin (folded gin_trgm_ops)",
)
for _dialect, _statements in (("sqlite", SEARCH_INDEX_SQLITE), ("postgresql", SEARCH_INDEX_POSTGRESQL)):
    for _statement in _statements:
        sa.event.listen(SearchText.__table__, "after_create", sa.DDL(_statement).execute_if(dialect=_dialect))
