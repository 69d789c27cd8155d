"""The tables of a database at the migrations that are applied to it, not at those of the code:
a backup is taken before an upgrade, with the new code already there."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

Node = tuple[str, str]  # an app and the name of one of its migrations

LEFT_OUT = ("sessions.session", "django_q.ormq")
"""What lives for minutes: who is signed in, and tasks that workers queue by themselves."""


def applied() -> list[Node]:
    """The last applied migration of each app; empty for a database without tables."""
    loader = MigrationLoader(connection)
    return ends_of(loader, loader.applied_migrations)


def ends_of(loader: MigrationLoader, nodes: Iterable[Node]) -> list[Node]:
    """Those of the migrations that no other of the same app follows."""
    known = {node for node in nodes if node in loader.graph.nodes}
    followed = {
        parent.key
        for node in known
        for parent in loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }
    return sorted(known - followed)


def unknown_to_us(nodes: Iterable[Node]) -> list[Node]:
    """Migrations that this version of the code does not have."""
    graph = MigrationLoader(None).graph
    return sorted(node for node in nodes if node not in graph.nodes)


def models_at(nodes: list[Node]) -> dict[str, type[Model]]:
    """The models as they were at these migrations, by table, without what is left out."""
    state = MigrationLoader(None).project_state(nodes)
    found = [model for model in _all(state.apps) if model._meta.label_lower not in LEFT_OUT]
    return {model._meta.db_table: model for model in found}


def _all(apps: Any) -> list[type[Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def migrate_to(nodes: list[Node]) -> None:
    """Make the tables of an empty database as they were at these migrations."""
    executor = MigrationExecutor(connection)
    executor.migrate(nodes)


def drop_tables() -> None:
    """Every table of ours goes, with everything in it; tables of others stay."""
    newest = MigrationLoader(None)
    nodes = newest.graph.leaf_nodes()
    ours = {model._meta.db_table for model in _all(newest.project_state(nodes).apps)}
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        connection.disable_constraint_checking()
        try:
            for table in sorted((ours | {"django_migrations"}) & there):
                cursor.execute(
                    connection.schema_editor().sql_delete_table
                    % {"table": connection.ops.quote_name(table)}
                )
        finally:
            connection.enable_constraint_checking()


def count(table: str) -> int:
    """Rows of a table; 0 where there is no such table."""
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return 0
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
        return int(cursor.fetchone()[0])
