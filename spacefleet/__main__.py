"""The command line of spacefleet: `spacefleet …` where it is installed, `manage.py …` in a
checkout, `python -m spacefleet …` for its own child processes."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacefleet.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(
            "Django is not installed here. Run `make install`, then use .venv/bin/python manage.py."
        ) from error
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        raise SystemExit(f"The settings are not right: {error}") from error


if __name__ == "__main__":
    main()
