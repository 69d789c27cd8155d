"""Endpoints of work: surveying, mining, refining, charting, scanning."""

from collections.abc import Mapping
from typing import Any

from spacefleet.spacetraders import payloads

from .base import Endpoints


class WorkEndpoints(Endpoints):
    """Whatever needs the reactor raises CooldownActive while it recharges."""

    def survey(self, ship: str) -> payloads.SurveyResult:
        """Look for deposits around the waypoint the ship orbits."""
        return self._ask(
            "POST", "/my/ships/{ship}/survey", payloads.SurveyResult.from_json, ship=ship
        )

    def extract(
        self, ship: str, survey: payloads.Survey | Mapping[str, Any] | None = None
    ) -> payloads.Extraction:
        """Mine one load at the ship's waypoint, aimed by `survey`, or its `raw`, if given.

        Raises SurveyUnusable when the survey is expired, exhausted or of elsewhere: pick the
        next best; CargoFull; UnstableAsteroid.
        """
        if survey is None:
            return self._ask(
                "POST", "/my/ships/{ship}/extract", payloads.Extraction.from_json, ship=ship
            )
        return self._ask(
            "POST",
            "/my/ships/{ship}/extract/survey",
            payloads.Extraction.from_json,
            body=survey.raw if isinstance(survey, payloads.Survey) else survey,
            ship=ship,
        )

    def siphon(self, ship: str) -> payloads.Extraction:
        """Take one load of gas from the giant the ship orbits."""
        return self._ask(
            "POST", "/my/ships/{ship}/siphon", payloads.Extraction.from_json, ship=ship
        )

    def refine(self, ship: str, produce: str) -> payloads.Refining:
        """Make a batch of the good `produce` of its ore aboard."""
        return self._ask(
            "POST",
            "/my/ships/{ship}/refine",
            payloads.Refining.from_json,
            body={"produce": produce},
            ship=ship,
        )

    def chart(self, ship: str) -> payloads.Charting:
        """Make the ship's waypoint known to everybody. Raises AlreadyCharted."""
        return self._ask(
            "POST", "/my/ships/{ship}/chart", payloads.Charting.from_json, ship=ship
        )

    def scan_systems(self, ship: str) -> payloads.Scan:
        return self._ask(
            "POST", "/my/ships/{ship}/scan/systems", payloads.Scan.from_json, ship=ship
        )

    def scan_waypoints(self, ship: str) -> payloads.Scan:
        """Look at waypoints nearby; shows the traits of uncharted ones."""
        return self._ask(
            "POST", "/my/ships/{ship}/scan/waypoints", payloads.Scan.from_json, ship=ship
        )

    def scan_ships(self, ship: str) -> payloads.Scan:
        return self._ask(
            "POST", "/my/ships/{ship}/scan/ships", payloads.Scan.from_json, ship=ship
        )
