"""The migrations build exactly what the models say, on both engines.

Seen red once: a column, an index, a CHECK and a trigger added to a model without a migration.
"""

import pytest
import sqlalchemy as sa

from pr_tracker.db import db
from tests.databases import VERSIONS, dispose, make_app

IGNORED = {"alembic_version"}
OWN_FUNCTIONS = (
    "SELECT proname, pg_get_functiondef(oid) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace "
    "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


@pytest.fixture
def by_models(engine, databases, tmp_path):
    """An engine over a database that create_all() made."""
    with databases.empty(engine) as url:
        app = make_app(url, tmp_path)
        with app.app_context():
            for key in (key for table in db.metadata.tables.values() for key in table.foreign_key_constraints):
                key._create_rule = None  # SQLAlchemy's own, which it leaves there after PostgreSQL: SQLite lost the key
            db.create_all()
            yield db.engine
        dispose(app)


@pytest.mark.usefixtures("app")
def test_the_migrations_equal_the_models(app, by_models):
    assert list(VERSIONS.glob("*.py")), "there is no migration yet: flask db migrate"
    with app.app_context():
        migrated = described(db.engine)
    modelled = described(by_models)
    differences = [
        f"{name}: the migrations give {migrated.get(name)}, the models {modelled.get(name)}"
        for name in sorted(migrated.keys() | modelled.keys())
        if migrated.get(name) != modelled.get(name)
    ]
    assert not differences, "write a migration (flask db migrate -m …):\n" + "\n".join(differences)


def described(engine: sa.Engine) -> dict[str, str]:
    """Everything of a schema, by name, as text that can be compared."""
    with engine.connect() as connection:
        found = {**_tables(connection), **_own_ddl(connection)}
    return {name: value for name, value in found.items() if name.split(".")[0] not in IGNORED}


def _tables(connection: sa.Connection) -> dict[str, str]:
    inspector = sa.inspect(connection)
    found: dict[str, str] = {}
    for table in inspector.get_table_names():
        for column in inspector.get_columns(table):
            unknown = isinstance(column["type"], sa.types.NullType)  # a type of SQLite's own
            kind = "unknown" if unknown else column["type"].compile(connection.dialect)
            default = str(column["default"]).replace("now()", "CURRENT_TIMESTAMP")
            found[f"{table}.{column['name']}"] = f"{kind} nullable={column['nullable']} default={default}"
        for label, rows in (
            ("key", [inspector.get_pk_constraint(table)]),
            ("foreign key", inspector.get_foreign_keys(table)),
            ("unique", inspector.get_unique_constraints(table)),
            ("check", inspector.get_check_constraints(table)),
            ("index", inspector.get_indexes(table)),
        ):
            for row in rows:
                row.pop("dialect_options", None)  # a WHERE; _own_ddl has its text
                if label == "foreign key" and connection.dialect.name == "sqlite":
                    row["name"] = row["constrained_columns"]  # SQLite forgets the name of one added with its column
                found[f"{table}.{label} {row.get('name')}"] = str(sorted((key, str(row[key])) for key in row))
    return found


def _own_ddl(connection: sa.Connection) -> dict[str, str]:
    """What the inspector does not tell: triggers, partial and expression indexes, virtual tables, functions."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL")
        )
        virtual = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"))
        rows = [*rows, *virtual]
    else:
        rows = [
            *connection.execute(sa.text("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")),
            *connection.execute(
                sa.text("SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
            ),
            *connection.execute(sa.text("SELECT extname, 'extension' FROM pg_extension")),
            *connection.execute(sa.text(OWN_FUNCTIONS)),
        ]
    return {name: " ".join(sql.split()) for name, sql in rows if not name.startswith("alembic")}
