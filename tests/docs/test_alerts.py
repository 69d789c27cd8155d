"""Alerts: the operator's table tells what to do about each kind that can be raised."""

import ast

from tests.docs import shelf


def raised() -> set[str]:
    return {
        node.args[0].value
        for app in shelf.APPS
        for source in (shelf.ROOT / app).rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] == "raise_alert"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_kind_of_alert_is_in_the_table_and_no_other() -> None:
    told = {row[0] for row in shelf.table(shelf.text("docs/operations.md"), "Alerts")}

    assert told == raised()
