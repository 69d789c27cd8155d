"""The database a backup is to be read into: what it holds now, and what a restore must mend."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import connection

from fleet.models import Agent, Lane, LedgerEntry
from fleet.services import healing
from spacefleet import clock
from spacefleet.models import Node

from .schema import count

LIVELY = timedelta(seconds=30)  # a node that beat within this time is at work


def held() -> dict[str, int]:
    """Rows that a restore would replace and somebody might miss; empty in a fresh database."""
    models = (Agent, LedgerEntry, get_user_model())
    counts = {model._meta.verbose_name_plural: count(model._meta.db_table) for model in models}
    return {str(name): rows for name, rows in counts.items() if rows}


def at_work(at: datetime) -> list[str]:
    """Workers that use the database now: a restore must not pull it from under them."""
    if not count(Node._meta.db_table):
        return []
    nodes = Node.objects.filter(stopped_at=None, beat_at__gt=at - LIVELY)
    return sorted(nodes.values_list("name", flat=True))


def mend(*, made_at: datetime) -> int:
    """What was true when the backup was taken and is not now: leases and nodes are over, and
    each ship is read from the game before it acts. Answers the number of ships."""
    Lane.objects.update(owner="", expires_at=None)
    Node.objects.filter(stopped_at=None).update(stopped_at=clock.now())
    return healing.mark_restored(since=made_at)


def name() -> str:
    """The database in words."""
    return f"{connection.display_name} {connection.settings_dict['NAME']}"
