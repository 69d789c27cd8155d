"""The project as an app: what belongs to no single domain."""

import signal
from typing import Any

from django.apps import AppConfig


class SpacefleetConfig(AppConfig):
    name = "spacefleet"
    verbose_name = "Installation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_q.signals import post_spawn

        post_spawn.connect(_end_with_cluster, weak=False)


def _end_with_cluster(sender: Any, **kwargs: Any) -> None:
    """A worker whose cluster is killed must not go on alone."""
    from spacefleet.processes import die_with_parent

    die_with_parent(signal.SIGKILL)
