"""Scratch databases of a soak: a SQLite file, or a PostgreSQL server of its own to stop."""

import os
import pwd
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from .plan import POSTGRES, SQLITE

NOBODY_ROOT = ("postgres", "nobody")  # who may run the server when we are root
READY = 30.0  # wall seconds for a server to come up


class Unavailable(Exception):
    """The database cannot be had here; the message says why."""


class Database:
    """Where the fleet of a soak keeps its rows. `url` is its DATABASE_URL."""

    kind = "other"

    def __init__(self, url: str) -> None:
        self.url = url

    def start(self) -> None:
        """Let it answer."""

    def stop(self) -> None:
        """Let it be away, as after a power cut."""

    def close(self) -> None:
        """End what we started."""


class Sqlite(Database):
    kind = SQLITE

    def __init__(self, folder: Path) -> None:
        super().__init__(f"sqlite:///{folder / 'soak.sqlite3'}")

    def fill(self, pids: Iterable[int], *, room: int | None) -> None:
        """Let no file of these processes grow beyond `room` bytes, as on a full disk; None
        gives the room back."""
        soft = resource.RLIM_INFINITY if room is None else room
        for pid in pids:
            try:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))
            except (ProcessLookupError, PermissionError):
                continue


class Postgres(Database):
    """A server of our own, with its data in a folder of ours."""

    kind = POSTGRES

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(f"postgres://soak@127.0.0.1:{port}/soak")
        self.port = port
        self._bin = _binaries()
        self._as = _somebody() if os.geteuid() == 0 else None
        self.data = (_reachable() if self._as else folder) / "postgres"

    def create(self) -> None:
        """Make the folder and the database in it, and start the server."""
        self.data.mkdir(parents=True)
        if self._as:
            shutil.chown(self.data, self._as)
        self._run("initdb", "-D", str(self.data), "-U", "soak", "-A", "trust", "-E", "UTF8")
        self.start()
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "soak", "soak")

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            "-c max_connections=200"
        )
        log = str(self.data / "server.log")
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", options, "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def close(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.data.parent if self._as else self.data, ignore_errors=True)

    def _run(self, name: str, *words: str) -> None:
        command = [str(self._bin / name), *words]
        if self._as:
            command = ["runuser", "-u", self._as, "--", *command]
        done = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode:
            told = (done.stderr or done.stdout).strip().splitlines()
            raise Unavailable(f"{name} failed: {told[-1] if told else done.returncode}")


def _reachable() -> Path:
    """A folder of our own that the server's user can enter: root's folders it may not."""
    folder = Path(tempfile.mkdtemp(prefix="spacefleet-soak-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


def _binaries() -> Path:
    """Where the server's own programs are; distributions keep them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    told = shutil.which("initdb")
    if told is None:
        raise Unavailable("PostgreSQL's initdb is not installed here: take --database sqlite")
    return Path(told).parent


def _somebody() -> str:
    """A user that may run the server: root must not."""
    if shutil.which("runuser") is None:
        raise Unavailable("PostgreSQL does not run as root, and there is no runuser here")
    for name in NOBODY_ROOT:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Unavailable(f"PostgreSQL does not run as root, and nobody is called {NOBODY_ROOT}")


def of(choice: str, folder: Path, *, port: int) -> Database:
    """The database of a choice: sqlite, postgres, or the URL of an empty one."""
    if choice == SQLITE:
        return Sqlite(folder)
    if choice == POSTGRES:
        return Postgres(folder, port)
    return Database(choice)


def wait(check: "object", *, patience: float = READY) -> None:
    """Until `check` answers without an error."""
    ends = time.monotonic() + patience
    assert callable(check)
    while True:
        try:
            check()
            return
        except Exception:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
