"""The account of the demo's owner, and its password: kept at home, readable by its owner only."""

import secrets
from pathlib import Path

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist

from spacefleet.secrets import write_private

OWNER = "owner"


def kept_at(home: Path) -> Path:
    """The file beside the other secrets; whoever reads those may forge a session anyway."""
    return home / "secrets" / "owner_password"


def enter(home: Path) -> str:
    """Make the owner's account at the first start; answers how to sign in, in words."""
    if not User.objects.filter(username=OWNER).exists():
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(OWNER, password=password)
        path = kept_at(home)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)  # of a database that is gone
        write_private(path, password)
    return password_of_owner(home)


def password_of_owner(home: Path) -> str:
    """The password that was made, or what to do when it is not known any more."""
    try:
        user = User.objects.get(username=OWNER)
        password = kept_at(home).read_text(encoding="utf-8").strip()
    except ObjectDoesNotExist:
        return "(none yet: the first start of the demo makes it)"
    except OSError:
        return f"(not kept; choose one with `manage.py changepassword {OWNER}`)"
    if user.check_password(password):
        return password
    return f"(changed since; a forgotten one: `manage.py changepassword {OWNER}`)"
