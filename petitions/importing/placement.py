"""What the person who hands a file in is told of an order whose place was not found."""

from app.core.i18n import lazy as _
from grid.labels import reason_label
from grid.reason import Reason
from grid.route import Route
from grid.vocabulary import RouteMethod
from petitions.importing.fault import in_column
from petitions.importing.layout import Layout
from petitions.intake import Intake
from petitions.models.imports import Mark

_ROLE: dict[str, str] = {
    Reason.POINT_OUTSIDE_STREET: "lon",
    Reason.POINT_WITHOUT_GRID: "lon",
    Reason.DATUM_MISSING: "datum",
}


def desk_marks(route: Route) -> tuple[Mark, ...]:
    """The mark of an order that no place was found for."""
    return (Mark.DESK,) if route.method is RouteMethod.DESK else ()


class Doubts:
    """The sentences for the orders of one layout; each is put into words once."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._words: dict[tuple[str, bool], str] = {}

    def of(self, route: Route, intake: Intake) -> str | None:
        """Why the order was left to the street's desk, or its point not used, with the column; else None."""
        at_desk = route.method is RouteMethod.DESK
        if not at_desk and (intake.lon is None or route.method is RouteMethod.POINT):
            return None
        key = (route.reason if at_desk else Reason.POINT_OUTSIDE_STREET, at_desk)
        if key not in self._words:
            self._words[key] = self._put(*key)
        return self._words[key]

    def _put(self, reason: str, at_desk: bool) -> str:
        role = _ROLE.get(reason, "address")
        told = reason_label(reason)
        if role in self._layout.places:
            told = in_column(self._layout.heading(role), told)
        return str(_("Left to the street's desk. %(reason)s", reason=told) if at_desk else told)
