"""The matters into which an order is split: what each is about, and whose it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.errors import Forbidden, Invalid
from app.core.i18n import lazy as _
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier
from petitions.handling.step import demand_of_street
from petitions.intake import Intake, check, title_from
from petitions.models import Case
from petitions.queries import lon_lat
from petitions.register import locate
from petitions.sameness.several import FEWEST_PARTS, MOST_PARTS


@dataclass(frozen=True, slots=True)
class Part:
    """One matter of an order. It lies at its address or with the unit that is named, else with the order.

    A blank title is the first sentence of the text, a blank category that of the order.
    """

    body: str
    title: str = ""
    category: str | None = None
    address: str | None = None
    unit_id: int | None = None


def intakes_of(case: Case, parts: Sequence[Part], now: datetime) -> list[Intake]:
    """What each part is registered from; raises Invalid, naming every field at fault as `part-0-body`."""
    if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
        raise Invalid(
            _("An order is split into %(fewest)s to %(most)s matters.", fewest=FEWEST_PARTS, most=MOST_PARTS),
            fields={"parts": _("Write down each matter.")},
        )
    intakes = [_intake(case, part, now) for part in parts]
    faults: dict[str, object] = {}
    for place, intake in enumerate(intakes):
        try:
            check(intake, now)
        except Invalid as error:
            faults |= {f"part-{place}-{name}": fault for name, fault in error.fields.items()}
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)
    return intakes


def routes_of(
    session: Session, case: Case, parts: Sequence[Part], intakes: Sequence[Intake], tree: Tree, actor: Actor
) -> list[Route]:
    """Where each part goes; raises Forbidden for a unit that is not the actor's to give to."""
    located = locate(session, intakes, street_id=case.street_id)
    return [
        _named(case, tree, part.unit_id, actor) if part.unit_id else found if part.address else _there(case)
        for part, found in zip(parts, located, strict=True)
    ]


def _intake(case: Case, part: Part, now: datetime) -> Intake:
    return Intake(
        kind=case.kind,
        channel=case.channel,
        title=part.title or title_from(part.body),
        body=part.body,
        received_at=case.received_at,
        source=case.source,
        order_type=case.order_type,
        category=part.category or case.category,
        urgency=case.urgency,
        address=part.address or case.address,
        registered_at=now,
    )


def _named(case: Case, tree: Tree, unit_id: int, actor: Actor) -> Route:
    if unit_id not in tree.nodes or not actor.covers(unit_id):
        raise Forbidden(_("You can only give a case to a unit below you."))
    demand_of_street(case, tree, unit_id)
    places = tree.places(unit_id)
    community, grid = places.get(Tier.COMMUNITY), places.get(Tier.GRID)
    return Route(case.street_id, community, grid, RouteMethod.UNIT, 1.0, "named_by_person")


def _there(case: Case) -> Route:
    return Route(
        case.street_id,
        case.community_id,
        case.grid_id,
        case.route_method,
        case.route_certainty,
        case.route_reason,
        tuple(case.route_candidates),
        lon_lat(case.point),
    )
