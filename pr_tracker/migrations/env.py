"""Alembic's entry: the application's database and models; types are written out, without our own classes."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from pr_tracker.db import Base


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A type as SQLAlchemy has it: an old migration must not change when our classes do."""
    if kind == "type" and isinstance(item, sa.JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if kind != "type" or not isinstance(item, sa.types.TypeDecorator):
        return False
    impl = item.impl
    if isinstance(impl, sa.DateTime):
        return "sa.DateTime(timezone=True)"
    length = f"length={impl.length}" if isinstance(impl, sa.String) and impl.length else ""
    return f"sa.{type(impl).__name__}({length})"


migrate = current_app.extensions["migrate"]
with migrate.db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_item=plain, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
