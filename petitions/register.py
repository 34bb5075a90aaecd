"""Registering matters: routed, clocked, recorded; one or thousands through the same few statements."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.bulk import insert_rows, next_ids
from app.core.clock import local_day
from app.core.secrecy import vault
from grid.locating.locate import Locator, Where
from grid.route import Route
from grid.tree import Tree
from grid.vocabulary import Tier
from petitions import clocks
from petitions.categories.suggesting import Text, suggest
from petitions.history import Deed, Telling, point_text, record_new
from petitions.intake import Intake, PartyIntake, check
from petitions.models import Party
from petitions.office import Office, load_office
from petitions.parties import DETAIL, new_parties
from petitions.serials import take_serials
from petitions.states.machine import initial
from petitions.vocabulary import CaseKind, Urgency, Verb

_BETWEEN = re.compile(r"[\s()\-\u2010-\u2015\u2212]")
_COUNTRY = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")

Serials = Callable[[Session, str, str, int, int], Iterator[int]]
"""Gives so many serials of a street, a kind and a year."""

LETTER = {CaseKind.PETITION: "P", CaseKind.HOTLINE: "H", CaseKind.DISPUTE: "D"}


@dataclass(frozen=True, slots=True)
class Registered:
    """A case that now exists, and where it went."""

    case_id: int
    number: str
    route: Route


def register(
    session: Session,
    intakes: Sequence[Intake],
    *,
    street_id: int,
    actor: Actor,
    now: datetime,
    serials: Serials = take_serials,
) -> list[Registered]:
    """Take in `intakes` for one street, in their order, numbered by `serials`.

    Raises Invalid for a matter that cannot be registered; the database refuses a source number that
    exists already, so callers that expect repeats look first.
    """
    for intake in intakes:
        check(intake, now)
    return take_in(session, intakes, street_id=street_id, actor=actor, now=now, serials=serials)


def take_in(
    session: Session,
    intakes: Sequence[Intake],
    *,
    street_id: int,
    actor: Actor,
    now: datetime,
    serials: Serials = take_serials,
) -> list[Registered]:
    """As `register`, for matters that the caller has checked, each to be refused by itself.

    Raises NotFound where `street_id` is no street, and what the database refuses.
    """
    if not intakes:
        return []
    routes = locate(session, intakes, street_id=street_id)
    office = load_office(session, [street_id])
    tree = office.tree
    kinds = [_kind_year(intake, now) for intake in intakes]
    numbers = _numbers(session, tree[street_id].code, kinds, serials)
    ids = next_ids(session, "cases", len(intakes))
    rows = [
        {"id": key, "number": number, **case_row(intake, route, now, office)}
        for key, number, intake, route in zip(ids, numbers, intakes, routes, strict=True)
    ]
    parties = [
        [_party_row(key, party) for party in intake.parties] for key, intake in zip(ids, intakes, strict=True)
    ]
    deeds = [registration(row, own, tree, actor) for row, own in zip(rows, parties, strict=True)]
    record_new(session, rows, deeds)
    insert_rows(session, Party, [party for own in parties for party in own])
    unsorted = [Text(row["id"], row["title"], row["body"]) for row in rows if not row["category"]]
    suggest(session, street_id, unsorted, now)
    return [Registered(row["id"], row["number"], route) for row, route in zip(rows, routes, strict=True)]


def locate(session: Session, intakes: Sequence[Intake], *, street_id: int) -> list[Route]:
    """Where each of `intakes` would go if it were registered now."""
    return Locator.load(session, street_id).locate_many([_where(intake) for intake in intakes])


def _where(intake: Intake) -> Where:
    return Where(intake.address, intake.lon, intake.lat, intake.datum, intake.community)


def _kind_year(intake: Intake, now: datetime) -> tuple[CaseKind, int]:
    return intake.kind, local_day(intake.registered_at or now).year


def _numbers(
    session: Session, street_code: str, wanted: Sequence[tuple[CaseKind, int]], serials: Serials
) -> list[str]:
    """Numbers such as 440703006-H2020-000123."""
    following = {
        (kind, year): serials(session, street_code, kind.value, year, count)
        for (kind, year), count in sorted(Counter(wanted).items())
    }
    return [f"{street_code}-{LETTER[kind]}{year}-{next(following[kind, year]):06d}" for kind, year in wanted]


def case_row(intake: Intake, route: Route, now: datetime, office: Office) -> dict[str, Any]:
    """The columns of a new case but its key and number, with both clocks begun."""
    registered_at = intake.registered_at or now
    clock = clocks.Intake(
        intake.kind, intake.order_type, intake.received_at, registered_at, intake.upstream_due_at
    )
    cell = (route.street_id, intake.kind, intake.urgency, route.holder_tier)
    return {
        "kind": intake.kind,
        "channel": intake.channel,
        "source": intake.source,
        "source_number": intake.source_number,
        "order_type": intake.order_type,
        "category": intake.category,
        "urgency": intake.urgency,
        "title": intake.title,
        "body": intake.body,
        "address": intake.address,
        "point": point_text(*route.point) if route.point else None,
        "given_lon": intake.lon,
        "given_lat": intake.lat,
        "given_datum": intake.datum,
        "persons_present": intake.persons_present or intake.speakers or None,
        "persons_affected": intake.persons_affected,
        "received_at": intake.received_at,
        "registered_at": registered_at,
        "street_id": route.street_id,
        "community_id": route.community_id,
        "grid_id": route.grid_id,
        "holder_id": route.holder_id,
        "holder_tier": route.holder_tier,
        "route_method": route.method,
        "route_certainty": route.certainty,
        "route_reason": route.reason,
        "route_candidates": list(route.candidates),
        "state": initial(intake.kind, is_at_desk=route.holder_tier is Tier.STREET),
        "hand_backs": 0,
        "escalations": 0,
        **clocks.start(clock, office.calendar),
        **clocks.tier(office.policies.limit(cell, now), registered_at, office.calendar),
    }


def registration(row: dict[str, Any], parties: Sequence[dict[str, Any]], tree: Tree, actor: Actor) -> Deed:
    """What the first event of a new case says: everything known of it, and that its holder is told."""
    said = {name: value for name, value in row.items() if name != "id" and value is not None}
    holder = tree[row["holder_id"]]
    is_urgent = row["urgency"] is not Urgency.NORMAL
    told = Telling(holder.id, "new_case", {"number": row["number"], "holder": holder.name}, is_urgent)
    return Deed(
        verb=Verb.REGISTER,
        actor=actor,
        at=row["registered_at"],
        changes=said,
        detail={DETAIL: new_parties(parties)},
        tell=(told,),
    )


def _party_row(case_id: int, party: PartyIntake) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "role": party.role,
        "name": party.name,
        "phone": party.phone,
        "phone_hash": findable(party.phone),
        "identity_number": party.identity_number,
        "identity_hash": findable(party.identity_number),
        "is_anonymous": party.is_anonymous,
    }


def findable(number: str | None) -> bytes | None:
    """The keyed hash by which a phone or identity number is found; a masked number finds nobody.

    Full-width digits, blanks, hyphens and the prefix of the country make no other number.
    """
    if not number or "*" in number:
        return None
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", number)).upper()
    return vault().digest(_COUNTRY.sub("", plain)) if plain else None
