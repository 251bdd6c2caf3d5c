"""Documents: papers that can be checked, long work in the background, versions of the annual report, what was imported.

Written by hand, one function pair for each feature.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# What only this version writes: the way back is refused once it stands there.
WRITTEN_SINCE: tuple[tuple[str, str], ...] = ()


def upgrade():
    _papers()
    _runs()
    _annual()
    _imports()


def downgrade():
    _refuse_to_lose()
    _no_imports()
    _no_annual()
    _no_runs()
    _no_papers()


def _refuse_to_lose():
    """The way back is open until somebody works with this version; nothing of the record is thrown away."""
    for table, since in WRITTEN_SINCE:
        if op.get_bind().scalar(sa.text(f"SELECT 1 FROM {table} WHERE {since} LIMIT 1")):
            raise RuntimeError(
                f"nothing was changed: going back to 0004 would lose what has been recorded since the upgrade "
                f"(in {table}); restore the backup made before the upgrade instead"
            )


def _json():
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


# --- papers that can be checked from outside (B) ------------------------------------------------------------


def _papers():
    pass


def _no_papers():
    pass


# --- long work in the background (C) ------------------------------------------------------------------------


def _runs():
    pass


def _no_runs():
    pass


# --- the annual report and its versions (E) -----------------------------------------------------------------


def _annual():
    pass


def _no_annual():
    pass


# --- what came in from Excel (F, G) -------------------------------------------------------------------------


def _imports():
    pass


def _no_imports():
    pass
