"""Bringing django-q2's schedules in line with `spacefleet.jobs`."""

from django_q.models import Schedule

from spacefleet.jobs import HOUSEKEEPING

PREFIX = "spacefleet: "


def sync() -> list[str]:
    """Make the schedules of ours exactly those of the jobs page; answers their names."""
    names = [f"{PREFIX}{name}" for name in HOUSEKEEPING]
    for name, job in HOUSEKEEPING.items():
        Schedule.objects.update_or_create(
            name=f"{PREFIX}{name}",
            defaults={
                "func": job.run,
                "schedule_type": Schedule.MINUTES,
                "minutes": job.minutes,
                "repeats": -1,
            },
        )
    Schedule.objects.filter(name__startswith=PREFIX).exclude(name__in=names).delete()
    return names
