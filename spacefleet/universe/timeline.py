"""Two clocks: the wall time clients see, and the game time the physics run in.

    game = start + (wall - start) * speed

Both are kept as whole milliseconds since 1970, UTC. With `speed` 60 an hour of the game passes
in a minute; timestamps in answers are wall time, so clients need not know.
"""

from datetime import UTC, datetime, timedelta
from math import ceil, floor
from time import gmtime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

_seconds_cache: dict[int, str] = {}
_CACHED_SECONDS = 8192


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970, rounded down."""
    return (moment - EPOCH) // _MILLISECOND


def moment(instant: int) -> datetime:
    return EPOCH + timedelta(milliseconds=instant)


def iso(instant: int) -> str:
    """As the game writes it: 2026-07-05T13:00:00.000Z."""
    second, fraction = divmod(instant, 1000)
    text = _seconds_cache.get(second)
    if text is None:
        year, month, day, hour, minute, seconds, *_ = gmtime(second)
        text = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{seconds:02d}."
        if len(_seconds_cache) > _CACHED_SECONDS:
            _seconds_cache.clear()
        _seconds_cache[second] = text
    return f"{text}{fraction:03d}Z"


class Timeline:
    """Translates between the two clocks."""

    __slots__ = ("speed", "start")

    def __init__(self, start: int, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above zero")
        self.start = start
        self.speed = speed

    def game(self, wall: int) -> int:
        if self.speed == 1:
            return wall
        return self.start + floor((wall - self.start) * self.speed)

    def wall(self, game: int) -> int:
        """The first millisecond of wall time at which the game's clock shows `game` or later."""
        if self.speed == 1:
            return game
        return self.start + ceil((game - self.start) / self.speed)

    def stamp(self, game: int) -> str:
        """A game instant as the wall-time text that clients see."""
        return iso(self.wall(game))

    def seconds(self, game_seconds: float) -> int:
        """A duration of the game in wall seconds, rounded to a whole number."""
        return round(game_seconds / self.speed)
