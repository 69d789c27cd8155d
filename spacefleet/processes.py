"""What the operating system does for our processes."""

import contextlib
import ctypes
import sys

from django.conf import settings

PR_SET_PDEATHSIG = 1  # Linux: signal me when my parent dies


def die_with_parent(signum: int) -> None:
    """Ask the kernel to send `signum` to this process when its parent dies; Linux only."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signum)


def manage(*arguments: str) -> list[str]:
    """The command line of a child that runs one of our own commands."""
    if settings.CHECKOUT:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    return [sys.executable, "-m", "spacefleet", *arguments]
