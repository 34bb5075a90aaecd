"""What the person who hands a file in is told of an order whose place was not found."""

from app.core.i18n import lazy as _
from grid.labels import reason_label
from grid.reason import Reason
from grid.route import Route
from grid.vocabulary import RouteMethod
from petitions.importing.fault import in_column
from petitions.importing.header import Layout
from petitions.intake import Intake

_ROLE = {
    Reason.POINT_OUTSIDE_STREET: "lon",
    Reason.POINT_WITHOUT_GRID: "lon",
    Reason.DATUM_MISSING: "datum",
}


def doubt(route: Route, intake: Intake, layout: Layout) -> str | None:
    """Why the order was left to the street's desk, or its point not used, with the column; else None."""
    if route.method is RouteMethod.DESK:
        told = _said(Reason(route.reason), layout)
        return str(_("Left to the street's desk. %(reason)s", reason=told))
    if intake.lon is not None and route.method is not RouteMethod.POINT:
        return _said(Reason.POINT_OUTSIDE_STREET, layout)
    return None


def _said(reason: Reason, layout: Layout) -> str:
    role = _ROLE.get(reason, "address")
    sentence = reason_label(reason)
    return str(in_column(layout.heading(role), sentence) if role in layout.places else sentence)
