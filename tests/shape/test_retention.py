"""Every table says what becomes of its old rows (spacefleet.retention)."""

from django.apps import apps

from spacefleet import retention
from tests.docs import shelf

OURS = [
    model._meta.label
    for app in apps.get_app_configs()
    if app.name.split(".")[0] in shelf.APPS
    for model in app.get_models()
]


def test_every_table_is_dropped_by_age_or_kept_on_purpose() -> None:
    dropped = {rule.model._meta.label for rule in retention.RULES}
    decided = dropped | {*retention.KEPT, *retention.ROLLED_UP, *retention.WITH_THEIRS}

    assert set(OURS) - decided == set(), "add a Rule, or name it in KEPT and say why"


def test_nothing_is_both_kept_and_dropped() -> None:
    dropped = {rule.model._meta.label for rule in retention.RULES}

    assert dropped & set(retention.KEPT) == set()


def test_what_is_named_exists() -> None:
    named = {*retention.KEPT, *retention.ROLLED_UP, *retention.WITH_THEIRS}

    assert named <= set(OURS)
