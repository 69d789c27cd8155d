"""Is everything there that a fleet needs? What the doctor says, and what a monitor asks for."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import TextField
from django.db.models.functions import Cast

import fleet.selectors.pages
from fleet.models import Account, Agent, Ship
from fleet.services import joining
from fleet.services.connections import Connections
from spacefleet import clock, collected, selectors
from spacefleet.archive.columns import readable
from spacefleet.models import Alert
from spacefleet.spacetraders import errors

SPACE_WANTED = 1 << 30  # bytes free below which the disk is a worry
SKEW_SEEN = 3.0  # seconds our clock may differ from a server's; it tells whole seconds
SKEW_BORNE = 30.0  # seconds beyond which ships come late or are refused at every turn
SPACE_NEEDED = 100 << 20  # bytes free below which writes will soon fail
BEHIND = timedelta(minutes=10)  # of game time at factor 1, after which a due ship is late


class Level(StrEnum):
    GOOD = "good"
    WORRY = "worry"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do unless it is good."""

    level: Level
    subject: str
    found: str
    advice: str = ""


def good(subject: str, found: str) -> Finding:
    return Finding(Level.GOOD, subject, found)


def worry(subject: str, found: str, advice: str) -> Finding:
    return Finding(Level.WORRY, subject, found, advice)


def bad(subject: str, found: str, advice: str) -> Finding:
    return Finding(Level.BAD, subject, found, advice)


def examine(*, at: datetime, ask_the_game: bool = True) -> Iterator[Finding]:
    """Everything, the foundations first; ends early where nothing above can stand.

    With `ask_the_game` one request goes to each server and one for each flying agent.
    """
    yield python()
    yield disk()
    database = tables()
    yield database
    if database.level is Level.BAD:
        return
    yield from database_clock()
    yield static_files()
    yield from token_keys()
    looks: list[Callable[[datetime], Iterator[Finding]]] = [workers, lanes, queues, ships]
    for look in looks:
        yield from look(at)
    yield from troubles()
    yield from games(at, ask=ask_the_game)


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return good("Python", f"{version}, settings read, data in {settings.HOME}")


def disk() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    found = f"{free / (1 << 30):.1f} GiB free at {settings.HOME}"
    advice = "Free some space, or move SPACEFLEET_HOME to a larger disk."
    if free < SPACE_NEEDED:
        return bad("disk", found, advice)
    return worry("disk", found, advice) if free < SPACE_WANTED else good("disk", found)


def tables() -> Finding:
    """The database answers and its tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        words = str(error).splitlines()[0]
        return bad("database", words, "Start the database server, or correct DATABASE_URL.")
    found = f"{connection.vendor}, {connection.settings_dict['NAME']}"
    if missing:
        return bad(
            "database",
            f"{found}: {len(missing)} migrations are not applied",
            "Take a backup and run `manage.py migrate`.",
        )
    return good("database", found)


def static_files() -> Finding:
    """Scripts and styles of this version lie where pages look for them."""
    if settings.WHITENOISE_USE_FINDERS or not (missing := len(collected.outdated())):
        return good("static files", "there, of this version")
    return worry(
        "static files",
        f"{missing} in {settings.STATIC_ROOT} are missing or of another version",
        "Restart the dashboard, which collects them, or run `manage.py collectstatic --no-input`.",
    )


def database_clock() -> Iterator[Finding]:
    """Nodes agree on leases by their own clocks: each must agree with the database's."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told_at: datetime = cursor.fetchone()[0]
    yield skew("clock of the database", (clock.now() - told_at).total_seconds())


def token_keys() -> Iterator[Finding]:
    """Whether TOKEN_KEYS open every stored token; none is shown."""
    stored = [*_ciphertexts(Agent), *_ciphertexts(Account)]
    closed = sum(not readable(each) for each in stored)
    if closed:
        yield bad(
            "keys",
            f"{closed} of {len(stored)} stored tokens cannot be read",
            "Put the key they were written with back into TOKEN_KEYS, separated by a comma.",
        )
    else:
        yield good("keys", f"{len(stored)} stored tokens can be read")
    for path in (settings.HOME / "secrets", *(settings.HOME / "secrets").glob("*")):
        if path.exists() and path.stat().st_mode & 0o077:
            yield worry(
                f"secret {path.name}",
                "others on this machine may read it",
                f"Run: chmod {'700' if path.is_dir() else '600'} {path}",
            )


def _ciphertexts(model: type[Agent] | type[Account]) -> list[str]:
    """Tokens as they lie; the field would open them."""
    lying = Cast("token", TextField())
    return [text for text in model._default_manager.values_list(lying, flat=True) if text]


def workers(at: datetime) -> Iterator[Finding]:
    lines = selectors.nodes(at=at)
    running = [line for line in lines if line.node.stopped_at is None]
    if not running:
        yield worry("workers", "none run", "Start them with `manage.py runworkers`.")
    for line in running:
        subject = f"node {line.node.name}"
        if line.silent:
            ago = (at - line.node.beat_at).total_seconds()
            yield bad(subject, f"silent for {ago:.0f} s", "Start its `runworkers` again.")
        elif line.node.drain:
            yield worry(subject, "drained", "Clear drain on its page when it shall work again.")
        else:
            yield good(subject, f"beating, lane {line.node.lane}")


def lanes(at: datetime) -> Iterator[Finding]:
    for line in selectors.lanes(at=at):
        if not line.agents:
            continue
        subject = f"lane {line.lane.name}"
        if line.flown:
            yield good(subject, f"flown for {', '.join(line.agents)}")
        else:
            yield worry(
                subject,
                f"nobody drives {', '.join(line.agents)}",
                f"Start `manage.py runworkers --lane {line.lane.name}`.",
            )


def queues(at: datetime) -> Iterator[Finding]:
    running = any(line.node.stopped_at is None for line in selectors.nodes(at=at))
    late = [line.canary.queue for line in selectors.canaries(at=at) if line.late]
    if late and running:
        yield worry(
            "queues",
            f"{', '.join(late)} did not answer",
            "The supervisor restarts a dead queue by itself; restart `runworkers` if it lasts.",
        )


def ships(at: datetime) -> Iterator[Finding]:
    """Ships whose alarm rang long ago, and those that fail again and again."""
    for agent in Agent.objects.flying().filter(halted="").select_related("era"):
        mine = Ship.objects.flying().filter(agent=agent)
        late = mine.filter(wake_at__lt=at - BEHIND / agent.era.time_factor).count()
        failing = mine.filter(failures__gt=0).count()
        subject = f"ships of {agent}"
        if failing:
            yield worry(subject, f"{failing} fail", "Read why on the page of workers.")
        if late:
            yield worry(
                subject,
                f"{late} were due more than {BEHIND.total_seconds() / 60:.0f} min ago",
                "Workers stand still, or the request budget is too small for this fleet.",
            )
        if not (late or failing):
            yield good(subject, f"{mine.count()} on time")


def troubles() -> Iterator[Finding]:
    for agent in Agent.objects.flying().exclude(halted=""):
        yield bad(f"agent {agent}", "halted", agent.halted)
    for alert in Alert.objects.open()[:10]:
        level = bad if alert.level == Alert.Level.ERROR else worry
        yield level(f"alert {alert.kind} {alert.subject}", alert.message, "See the overview.")


def games(at: datetime, *, ask: bool) -> Iterator[Finding]:
    scope = fleet.selectors.pages.scope()
    if not scope.agents:
        yield worry("agents", "none", "Add one with `manage.py addagent`.")
    if not ask:
        return
    servers = {era.server for era in scope.eras} or {settings.SPACETRADERS_URL}
    answering = []
    for server in sorted(servers):
        findings = list(_server(server))
        yield from findings
        if findings[0].level is Level.GOOD:
            answering.append(server)
    for agent in Agent.objects.flying().filter(era__server__in=answering).order_by("symbol"):
        yield _token(agent)


def _server(server: str) -> Iterator[Finding]:
    host = urlsplit(server).netloc
    try:
        status, told_at = joining.meet(server)
    except joining.CannotJoin as error:
        yield bad(f"game at {host}", "does not answer", str(error))
        return
    yield good(f"game at {host}", f"{status.version}, reset of {status.reset_date}")
    if told_at:
        yield skew(f"clock of {host}", (clock.now() - told_at).total_seconds())


def skew(subject: str, seconds: float) -> Finding:
    """How far our clock is from another: cooldowns and arrivals are waited for by ours."""
    way = "ahead of" if seconds > 0 else "behind"
    found = f"ours is {abs(seconds):.0f} s {way} it"
    advice = "Set this machine's clock by the network (NTP): ships wait by it."
    if abs(seconds) > SKEW_BORNE:
        return bad(subject, found, advice)
    return worry(subject, found, advice) if abs(seconds) > SKEW_SEEN else good(subject, found)


def _token(agent: Agent) -> Finding:
    subject = f"token of {agent}"
    connections = Connections(proxy=agent.lane.proxy)
    try:
        told = connections.client(agent).bound(purpose="doctor").get_my_agent()
    except errors.SpaceTradersError as error:
        return bad(subject, str(error), "Give a new one with `manage.py addagent`.")
    finally:
        connections.requests.flush()
        connections.close()
    if told.credits != agent.credits and not agent.drift:
        return worry(
            subject,
            f"the game says {told.credits:,} credits, our ledger {agent.credits:,}",
            "Harmless while ships trade; look again when the workers stand still.",
        )
    return good(subject, f"accepted, {told.credits:,} credits")


@dataclass(frozen=True, slots=True)
class Pulse:
    """The answer to a monitor: whether anything is worth waking somebody for."""

    healthy: bool
    database: str
    workers: str
    agents_flying: int
    agents_halted: int
    errors: int


def pulse(*, at: datetime) -> Pulse:
    """A few cheap questions; a database that is away is an answer, not an error."""
    try:
        flying = Agent.objects.flying()
        halted = flying.exclude(halted="").count()
        running = [line for line in selectors.nodes(at=at) if line.node.stopped_at is None]
        silent = any(line.silent for line in running)
        errors_open = Alert.objects.open().filter(level=Alert.Level.ERROR).count()
        count = flying.count()
    except Error:
        return Pulse(False, "away", "unknown", 0, 0, 0)
    state = "silent" if silent else "beating" if running else "none"
    healthy = not silent and (state == "beating" or not count)
    return Pulse(healthy, "there", state, count, halted, errors_open)
