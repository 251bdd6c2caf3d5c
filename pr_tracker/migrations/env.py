"""Alembic's entry: the application's database and models; types are written out, without our own classes."""

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def tables_may_be_copied(connection: sa.Connection) -> Iterator[None]:
    """SQLite copies a table to change it, and drops the old one to which others still refer: it looks at the end."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")  # heard outside a transaction only
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def require_every_reference(connection: sa.Connection) -> None:
    """Raises RuntimeError when a row refers to one that is not there; the migration is then undone."""
    if connection.dialect.name == "sqlite":
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if astray:
            raise RuntimeError(f"nothing was changed: rows refer to what is not there: {astray[:5]}")


migrate = current_app.extensions["migrate"]
with migrate.db.engine.connect() as connection, tables_may_be_copied(connection):
    # All or nothing, on SQLite too: db.py says BEGIN itself, so that a change of the schema is undone like any other.
    configured: dict[str, Any] = {"target_metadata": Base.metadata, "render_item": plain, "transactional_ddl": True}
    context.configure(connection=connection, **configured, **migrate.configure_args)
    with context.begin_transaction():
        context.run_migrations()
        require_every_reference(connection)
