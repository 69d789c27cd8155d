"""How long the way to the server and back takes, to know when a request cannot have been late.

The way there is never measured alone. But an answer that took a little more than the shortest of
many cannot have lost more than that little on its way there: so each answer says how late its
request arrived at most, in the time of a request that was not late at all.
"""

from collections import deque
from dataclasses import dataclass, field
from heapq import nsmallest

KEPT = 300
"""Answers remembered: two minutes of a saturated lane, so that a changed way is soon known."""

KNOWN = 200
"""Answers from which on the shortest of them is taken for the shortest there is."""

LEEWAY = 5
"""Milliseconds by which nobody trusts two threads to note the time of one moment."""


@dataclass(slots=True)
class Way:
    """The last answers' times, in milliseconds."""

    took: deque[int] = field(default_factory=lambda: deque(maxlen=KEPT))

    def late_by(self, took: int) -> int | None:
        """How much later than the quickest a request arrived at most whose answer `took` so long.

        None as long as too few answers came. The quickest ones lie as far apart as the quickest
        of all may be from those still to come, which is added twice.
        """
        self.took.append(took)
        if len(self.took) < KNOWN:
            return None
        shortest, _, third = nsmallest(3, self.took)
        return took - shortest + 2 * (third - shortest) + LEEWAY
