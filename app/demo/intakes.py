"""Making up what comes in: who, how, about what and where."""

from datetime import date, datetime
from random import Random
from typing import Any

from shapely import Point

from app.core.calendar import WorkingCalendar
from app.demo import texts
from app.demo.addresses import Address, AddressBook
from app.demo.matter import Intake
from app.demo.names import Person, make_person
from app.demo.street import Street
from app.demo.vocabulary import words
from grid.geometry.datum import from_wgs84
from grid.vocabulary import Datum

MEMORY = 300
"""How many recent callers somebody who calls again is drawn from."""

HOTLINE_PREFIX = "4407"
OWN_PREFIX = "HSXF"

Caller = tuple[Person, Address, texts.Kind]


class IntakeWriter:
    """Makes up intakes one after the other for one street; all randomness comes from `rng`."""

    def __init__(self, street: Street, calendar: WorkingCalendar, rng: Random) -> None:
        self._text = words("scenario")
        self._book = AddressBook(street)
        self._calendar = calendar
        self._rng = rng
        self._recent: list[Caller] = []
        self._serial = 0

    def write(self, received_at: datetime, online_and_hotline: bool) -> tuple[Intake, texts.Kind]:
        """One intake of that moment and group, and the kind of matter it is about."""
        rng = self._rng
        group = 0 if online_and_hotline else 1
        source = _weighted([s for s in self._text["source"] if s["group"] == group], rng)
        person, address, kind = self._caller(received_at, source["kind"] == "dispute")
        order_type = self._order_type(kind, source["kind"])
        urgency = "urgent" if rng.random() < kind["urgent"] else "normal"
        has_point = address.point is not None and rng.random() < self._text["chance"]["has_point"]
        title, body = texts.write_order(kind, order_type, address, rng)
        intake = Intake(
            source_number=self._number(received_at, online_and_hotline),
            online_and_hotline=online_and_hotline,
            kind=source["kind"],
            channel=source["channel"],
            source=source["label"],
            order_type=order_type,
            category=kind["code"],
            category_label=kind["label"],
            urgency=urgency,
            received_at=received_at,
            person=person,
            title=title,
            body=body,
            address=address,
            point=_as_on_a_map(address.point) if has_point and address.point else None,
            datum=Datum.GCJ02.value if has_point else None,
            upstream_due_on=self._upstream_due(received_at, order_type, urgency) if group == 0 else None,
        )
        return intake, kind

    def _caller(self, received_at: datetime, dispute: bool) -> Caller:
        rng = self._rng
        if self._recent and rng.random() < self._text["chance"]["same_person_again"]:
            caller = rng.choice(self._recent)
            if not dispute or "mediate" in caller[2]:
                return caller
        kinds = [kind for kind in texts.kinds() if "mediate" in kind or not dispute]
        weights = [_share(kind, received_at.month) for kind in kinds]
        caller = make_person(rng), self._book.draw(rng), rng.choices(kinds, weights)[0]
        self._recent = [*self._recent[1 - MEMORY :], caller]
        return caller

    def _order_type(self, kind: texts.Kind, case_kind: str) -> str:
        # A dispute is somebody's trouble with somebody: it is never a mere question or a proposal.
        allowed = ("complaint", "help") if case_kind == "dispute" else tuple(kind["order_types"])
        weights = [kind["order_types"].get(order_type, 0) for order_type in allowed]
        return self._rng.choices(allowed, weights)[0]

    def _number(self, received_at: datetime, online_and_hotline: bool) -> str:
        """Nineteen digits as the hotline writes them, else a number of the street's own ledger."""
        self._serial += 1
        if online_and_hotline:
            return f"{HOTLINE_PREFIX}{received_at:%y%m%d%H%M%S}{self._serial % 1000:03d}"
        return f"{OWN_PREFIX}{received_at:%Y}{self._serial:05d}"

    def _upstream_due(self, received_at: datetime, order_type: str, urgency: str) -> date:
        days = self._text["upstream_days"]["urgent" if urgency == "urgent" else order_type]
        return self._calendar.add_working_days(received_at.date(), days)


def _share(kind: texts.Kind, month: int) -> float:
    months = kind.get("months")
    return float(kind["share"] * (months[month - 1] if months else 1))


def _weighted(entries: list[dict[str, Any]], rng: Random) -> dict[str, Any]:
    return rng.choices(entries, [entry["share"] for entry in entries])[0]


def _as_on_a_map(point: Point) -> tuple[float, float]:
    """Longitude and latitude in GCJ-02, as Chinese maps give a point out."""
    lon, lat = from_wgs84(point.x, point.y, Datum.GCJ02)
    return round(float(lon), 6), round(float(lat), 6)
