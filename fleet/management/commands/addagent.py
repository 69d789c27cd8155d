"""`manage.py addagent`: registers a new agent, or adopts one that exists."""

import os
import sys
from getpass import getpass
from pathlib import Path
from typing import Any

from django import db
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fleet.services import joining


class Command(BaseCommand):
    help = (
        "Registers a new agent (--symbol NAME), or adopts an existing one by its token. Tokens "
        "come from SPACETRADERS_TOKEN (agent) and SPACETRADERS_ACCOUNT_TOKEN (account), from "
        "files, or from a prompt; never from the argument list, where others could read them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--symbol", help="register a new agent of this name (3-14 characters)"
        )
        parser.add_argument("--faction", default="COSMIC", help="its faction (default COSMIC)")
        parser.add_argument(
            "--server", default=settings.SPACETRADERS_URL, help="the game server"
        )
        parser.add_argument("--lane", default="home", help="the lane that flies it")
        parser.add_argument("--token-file", help="file with the token of an agent to adopt")
        parser.add_argument("--account-token-file", help="file with an account token")
        parser.add_argument(
            "--renew",
            action="store_true",
            help="keep the account token, encrypted, and register the agent again after each reset",
        )
        parser.add_argument(
            "--watch",
            action="store_true",
            help="read the game and decide, but change nothing until told to resume",
        )

    def handle(self, **options: Any) -> str:
        try:
            agent = self._join(options)
        except joining.CannotJoin as error:
            raise CommandError(str(error)) from error
        except db.Error as error:
            raise CommandError(
                f"The database cannot be used: {str(error).splitlines()[0]}. Check DATABASE_URL, "
                "and make the tables with `manage.py migrate`."
            ) from error
        if options["watch"]:
            return (
                f"{agent} is watched only, with {agent.credits:,} credits: `manage.py runworkers` "
                "decides for it and says on the pages what it would do; Control, Resume lets it act."
            )
        return (
            f"{agent} is ready with {agent.credits:,} credits; `manage.py runworkers` flies it."
        )

    def _join(self, options: dict[str, Any]) -> Any:
        account = _secret("SPACETRADERS_ACCOUNT_TOKEN", options["account_token_file"])
        where = {
            "lane": options["lane"],
            "watch": options["watch"],
            "tell": self.stdout.write,
            "renew": joining.account(options["server"], account) if options["renew"] else None,
        }
        if options["symbol"]:
            return joining.register(
                options["server"],
                symbol=options["symbol"].upper(),
                faction=options["faction"].upper(),
                account_token=account or None,
                **where,
            )
        token = _secret("SPACETRADERS_TOKEN", options["token_file"]) or _asked()
        return joining.adopt(options["server"], token=token, **where)


def _secret(variable: str, path: str | None) -> str:
    """A secret from a file or the environment; raises CommandError for an unreadable file."""
    if not path:
        return os.environ.get(variable, "").strip()
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CommandError(f"The token file cannot be read: {error}") from error


def _asked() -> str:
    if not sys.stdin.isatty():
        raise CommandError(
            "Say which agent: --symbol NAME registers a new one; to adopt one, put its token "
            "into SPACETRADERS_TOKEN or give --token-file."
        )
    token = getpass("Agent token (not shown): ").strip()
    if not token:
        raise CommandError("No token was given.")
    return token
