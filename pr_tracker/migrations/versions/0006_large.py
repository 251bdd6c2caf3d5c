"""A large desk: figures kept as summaries, the search of frequent words, what pages of a million inquiries need.

Written by hand, one function pair for each feature. Nothing here is of the record: it is made anew from what stands.

Revision ID: 0006
Revises: 0005
"""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    _search()
    _lists()
    _summaries()
    _case()


def downgrade():
    _no_case()
    _no_summaries()
    _no_lists()
    _no_search()


# --- the search (D) -----------------------------------------------------------------------------------------


def _search():
    pass


def _no_search():
    pass


# --- first screen and lists (C) -----------------------------------------------------------------------------


def _lists():
    pass


def _no_lists():
    pass


# --- figures as summaries (E) -------------------------------------------------------------------------------


def _summaries():
    pass


def _no_summaries():
    pass


# --- the case and the rest (D, F) ---------------------------------------------------------------------------


def _case():
    pass


def _no_case():
    pass
