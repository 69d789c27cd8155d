"""How far it is: a line for each large table and every hundred thousand rows."""

from typing import Any

from .writing import Tell

STEP = 100_000  # rows between two lines


def teller(out: Any) -> Tell:
    """Tells on `out` of a table's rows each time another STEP of them is done."""

    def tell(table: str, done: int) -> None:
        if done // STEP > told.get(table, 0) // STEP:
            out.write(f"{table}: {done:,} rows")
            out.flush()
        told[table] = done

    told: dict[str, int] = {}
    return tell
