"""`manage.py lane NAME`: which way a lane takes to the game."""

from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.services import ways


class Command(BaseCommand):
    help = (
        "Says which way a lane takes to the game; with --proxy, --proxy-file or --direct it "
        "chooses one. A proxy's address may carry a password, so it comes from a file or from a "
        "prompt, never from the argument list, and is shown nowhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="of the lane; a new one is made")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--proxy", action="store_true", help="ask for the proxy's address")
        way.add_argument("--proxy-file", type=Path, help="file with the proxy's address")
        way.add_argument("--direct", action="store_true", help="without a proxy")
        parser.add_argument("--try", dest="server", help="ask this server through it first")

    def handle(self, *, name: str, **options: Any) -> str:
        address = self._address(options)
        try:
            if address is None:
                return ways.told(name)
            return ways.choose(name, address, server=options["server"] or "")
        except ways.NoSuchWay as error:
            raise CommandError(str(error)) from error

    def _address(self, options: dict[str, Any]) -> str | None:
        """The proxy to choose; empty for none, None to choose nothing."""
        if options["direct"]:
            return ""
        if options["proxy"]:
            return getpass("Proxy (http://user:password@host:port): ").strip()
        if options["proxy_file"] is None:
            return None
        try:
            return str(options["proxy_file"].read_text(encoding="utf-8").strip())
        except OSError as error:
            raise CommandError(f"Nobody can read {options['proxy_file']}: {error}") from error
