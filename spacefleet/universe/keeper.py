"""Keeps a world that is being served: its snapshots, its calendar, the end of its eras."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from . import snapshot
from .world import World

SNAPSHOT_EVERY = 10.0
"""Wall seconds between snapshots while serving."""

RESET_PAUSE = 5.0
"""Wall seconds of maintenance before a new era begins, when one is asked for with SIGHUP."""

log = logging.getLogger(__name__)


class Keeper:
    """Holds a world and the file it survives in. Its methods belong to the thread of the world."""

    def __init__(self, world: World, file: Path | None) -> None:
        self.world = world
        self.file = file
        self._writing = threading.Lock()
        self._written = 0

    def save(self) -> None:
        """Write the snapshot and wait for it."""
        if self.file is not None:
            self.write(snapshot.capture(self.world))

    async def save_for_ever(self, every: float) -> None:
        """Copy the world now and then; another thread packs the copy and writes it."""
        while True:
            await asyncio.sleep(every)
            try:
                await asyncio.to_thread(self.write, snapshot.capture(self.world))
            except OSError as error:
                log.warning("the snapshot could not be written: %s", error)

    def write(self, content: dict[str, Any]) -> None:
        """A new file takes the place of the old one when it is complete, unless it is older."""
        if self.file is None:
            return
        fresh = self.file.with_name(self.file.name + ".new")
        with self._writing:
            if content["wall"] < self._written:
                return
            with fresh.open("wb") as file:
                file.write(snapshot.encode(content))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.file)
            self._written = content["wall"]

    async def keep_the_calendar(self, clock: Callable[[], datetime]) -> None:
        """Begin a new era whenever the announced hour has come."""
        while True:
            announced = self.world.next_reset()
            while clock() < announced:
                await asyncio.sleep(1)
            await self.begin_anew(clock)

    async def begin_anew(
        self, clock: Callable[[], datetime], *, pause: float = RESET_PAUSE
    ) -> None:
        """What the weekly reset does: a while of 503, then a new era."""
        self.world.maintenance = True
        await asyncio.sleep(pause)
        self.world.reset(clock())
        log.warning("a new era has begun: reset date %s", self.world.reset_date)
