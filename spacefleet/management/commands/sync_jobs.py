"""`manage.py sync_jobs`: brings the schedules in line with the page of jobs."""

from typing import Any

from django.core.management.base import BaseCommand

from spacefleet import housekeeping


class Command(BaseCommand):
    help = "Makes django-q2's schedules equal to spacefleet/jobs.py; may be repeated."

    def handle(self, **options: Any) -> str:
        names = housekeeping.sync()
        return f"{len(names)} schedules in place: {', '.join(names)}"
