"""Other names of lanes, places and units: from a table, or proposed by one person and confirmed by another.

The edge commits. An alias routes addresses as soon as it is confirmed, so nobody confirms their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.bulk import insert_rows
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.i18n import lazy as _
from grid.locating.gazetteer import touch
from grid.locating.locate import Locator
from grid.locating.numerals import plain
from grid.locating.wording import wording_fault
from grid.material.defects import Defect, demand_none
from grid.material.rows import AliasRow
from grid.models import Alias, Lane, Place, Unit, UnitEnd
from grid.service import Outcome, street_by_id
from grid.tree import in_scope
from grid.vocabulary import AliasState, Tier

Meaning = dict[str, int]
"""The column of what is meant, and its id."""


class Named(NamedTuple):
    """Something an alias may mean."""

    name: str
    meaning: Meaning


def propose(
    session: Session, street_id: int, *, wording: str, name: str, actor: Actor, now: datetime
) -> Alias:
    """Propose that `wording` means the lane, place, community or grid of the street called `name`.

    Raises Invalid where the wording can be no alias or the name is not one here, Conflict where the wording
    is known already or waits to be decided.
    """
    actor.demand(Permission.CASE_RULE)
    said = wording.strip()
    fault = wording_fault(said) or _Own(session, street_id).fault(said)
    if fault:
        raise Invalid(fault, fields={"wording": fault})
    meaning = _meaning(named(session, street_id), name.strip())
    standing = select(Alias).where(Alias.street_id == street_id, Alias.state != AliasState.REFUSED)
    for alias in session.scalars(standing.filter_by(**meaning)):
        if plain(alias.wording) == plain(said):
            raise Conflict(_("“%(wording)s” is proposed or known already.", wording=said))
    alias = Alias(
        street_id=street_id,
        wording=said,
        proposed_at=now,
        proposed_by=actor.id,
        proposed_by_name=actor.name,
        **meaning,
    )
    session.add(alias)
    session.flush()
    return alias


def decide(session: Session, alias_id: int, *, confirmed: bool, actor: Actor, now: datetime) -> Alias:
    """Confirm or refuse a proposal; from its confirmation on it routes.

    Raises NotFound where the actor does not have its street, Conflict where it is decided already, Forbidden
    where the actor proposed it and would confirm it alone.
    """
    actor.demand(Permission.CASE_RULE)
    query = select(Alias).where(Alias.id == alias_id, in_scope(actor, Alias.street_id))
    alias = session.scalar(query.with_for_update())
    if alias is None:
        raise NotFound(_("There is no such alias in your street."))
    if alias.state is not AliasState.PROPOSED:
        raise Conflict(_("This is decided already, by %(name)s.", name=alias.decided_by_name or ""))
    if not may_decide(actor, alias, confirmed=confirmed):
        raise Forbidden(_("Another person at the street's desk has to confirm it."))
    alias.state = AliasState.CONFIRMED if confirmed else AliasState.REFUSED
    alias.decided_at, alias.decided_by, alias.decided_by_name = now, actor.id, actor.name
    session.flush()
    if confirmed:
        touch(session, street_by_id(session, alias.street_id).code, now)
    return alias


def may_decide(actor: Actor, alias: Alias, *, confirmed: bool = True) -> bool:
    """Whether the actor rules for the whole street and, to confirm, is another person than the proposer."""
    is_other = alias.proposed_by is None or alias.proposed_by != actor.id
    return actor.may(Permission.CASE_RULE, alias.street_id) and (is_other or not confirmed)


def load_aliases(
    session: Session, street_id: int, rows: Sequence[AliasRow], *, source: str, actor: Actor, now: datetime
) -> Outcome:
    """Load a table of other names, confirmed by whoever keeps the street's tables; all of it or nothing.

    A proposal of the same is confirmed by it. Raises Defective with every row at fault.
    """
    actor.demand(Permission.PEOPLE_MANAGE)
    street = street_by_id(session, street_id)
    there, own = named(session, street_id), _Own(session, street_id)
    defects: list[Defect] = []
    wanted: dict[tuple[Any, ...], tuple[str, Meaning]] = {}
    for row in rows:
        try:
            fault = wording_fault(row.alias) or own.fault(row.alias)
            meaning = _meaning(there, row.name)
        except Invalid as error:
            defects.append(Defect(row.row, "name", error.message))
            continue
        if fault:
            defects.append(Defect(row.row, "alias", fault))
        wanted[(plain(row.alias), *meaning.items())] = (row.alias, meaning)
    demand_none(source, defects)
    standing = select(Alias).where(Alias.street_id == street_id, Alias.state != AliasState.REFUSED)
    known = {
        (plain(alias.wording), *_meaning_of(alias).items()): alias for alias in session.scalars(standing)
    }
    waiting = [known[key] for key in wanted if key in known and known[key].state is AliasState.PROPOSED]
    for alias in waiting:
        alias.state, alias.decided_at, alias.decided_by_name = AliasState.CONFIRMED, now, actor.name
    fresh = [value for key, value in wanted.items() if key not in known]
    insert_rows(session, Alias, [_loaded(street_id, *value, actor, now) for value in fresh])
    session.flush()
    if fresh or waiting:
        touch(session, street.code, now)
    return Outcome(len(fresh), len(waiting), len(rows) - len(fresh) - len(waiting))


def named(session: Session, street_id: int) -> list[Named]:
    """Everything in a street that an alias may mean: its lanes, places, communities and grids."""
    lanes = select(Lane.name, Lane.id).where(Lane.street_id == street_id)
    places = select(Place.name, Place.id).where(Place.street_id == street_id)
    code = select(Unit.code).where(Unit.id == street_id).scalar_subquery()
    ended = select(UnitEnd.unit_id)
    units = select(Unit.name, Unit.id).where(
        Unit.street_code == code, Unit.tier != Tier.STREET, Unit.id.not_in(ended)
    )
    listed: tuple[tuple[str, Select[str, int]], ...] = (
        ("lane_id", lanes),
        ("place_id", places),
        ("unit_id", units),
    )
    return [Named(name, {column: key}) for column, query in listed for name, key in session.execute(query)]


def _meaning(there: Sequence[Named], name: str) -> Meaning:
    found = [one.meaning for one in there if plain(one.name) == plain(name)]
    if len(found) == 1:
        return found[0]
    fault = (
        _("Several things here are called “%(name)s”.", name=name)
        if found
        else _("There is no lane, place, community or grid called “%(name)s” in this street.", name=name)
    )
    raise Invalid(fault, fields={"name": fault})


def _meaning_of(alias: Alias) -> Meaning:
    columns = {"lane_id": alias.lane_id, "place_id": alias.place_id, "unit_id": alias.unit_id}
    return {column: key for column, key in columns.items() if key is not None}


class _Own:
    """The names that stand for themselves in a street: a sibling lane is not another's misspelling."""

    def __init__(self, session: Session, street_id: int) -> None:
        learnt = select(Alias.wording).where(
            Alias.street_id == street_id, Alias.state == AliasState.CONFIRMED
        )
        self._locator = Locator.load(session, street_id)
        self._learnt = {plain(wording) for wording in session.scalars(learnt)}

    def fault(self, wording: str) -> Any | None:
        """Why a wording that names something already can be no alias, or None where it can."""
        if plain(wording) in self._learnt or not self._locator.meanings(wording):
            return None
        return _("“%(wording)s” is a name of its own here, so it can be no alias.", wording=wording)


def _loaded(street_id: int, wording: str, meaning: Meaning, actor: Actor, now: datetime) -> dict[str, Any]:
    meanings = dict.fromkeys(("lane_id", "place_id", "unit_id")) | meaning
    return {
        "street_id": street_id,
        "wording": wording,
        "state": AliasState.CONFIRMED,
        "proposed_at": now,
        "proposed_by_name": actor.name,
        "decided_at": now,
        "decided_by_name": actor.name,
        **meanings,
    }
