"""The project as an app: what belongs to no single domain."""

import os
import signal
import sys
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Django's admin, with a first page of our own."""

    default_site = "spacefleet.desk.Desk"


class SpacefleetConfig(AppConfig):
    default = True
    name = "spacefleet"
    verbose_name = "Installation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_q.signals import post_execute, post_spawn

        from spacefleet import alerts, roles, tasks

        post_spawn.connect(_name_worker, weak=False)
        post_execute.connect(tasks.saw, weak=False)
        if "qcluster" in sys.argv:
            from spacefleet.processes import end_when_left_behind

            end_when_left_behind()
            os.register_at_fork(after_in_child=_end_with_cluster)
        if not settings.SCRATCH:  # nobody signs in to a run of the lab
            roles.connect()
            alerts.connect()


def _name_worker(sender: Any, **kwargs: Any) -> None:
    """Let ps tell workers from the cluster's other processes."""
    from spacefleet.processes import call_me

    call_me("q2 worker")


def _end_with_cluster() -> None:
    """No part of a cluster goes on alone when the one above it is killed."""
    from spacefleet.processes import die_with_parent

    die_with_parent(signal.SIGKILL)
