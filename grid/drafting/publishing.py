"""Publishing a draft: what it draws is in force from now on, whole or not at all.

The moment of publication moves no case: a tick does, because there may be thousands (`tasks.relocate`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth import account_log
from app.auth.actor import Actor
from app.auth.vocabulary import AccountAct
from app.core.clock import local_day
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.checking.finding import Finding
from grid.drafting.checking import draft_findings
from grid.drafting.drafts import demand_open, demand_seen
from grid.drafting.land import Land, differing
from grid.drafting.loading import edited_land, live_edits, load_land, revision_in_force
from grid.locating.gazetteer import current_revision, touch
from grid.models import Boundary, Draft, Posting, Revision, Unit, UnitEnd
from grid.postings import post
from grid.service import Drawing, write_revision
from grid.vocabulary import CODE_LENGTH, Datum, DraftState, Tier


class Broken(Invalid):
    """The draft was not published, for each of `findings`."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            _("The draft is not published: %(count)s findings must be mended first.", count=len(findings))
        )
        self.findings = tuple(findings)


def publish(
    session: Session, draft: Draft, *, seen: int | None = None, actor: Actor, now: datetime
) -> Revision:
    """Publish the draft, which the caller holds locked, as the revision in force from `now` on.

    Raises Broken where the land has a gap, an overlap or another flaw that blocks, Conflict where the draft
    has ended, has gone on since `seen`, or another revision has changed the same units.
    """
    demand_open(draft, actor)
    edits = live_edits(session, draft)
    demand_seen(edits, seen)
    if not edits:
        raise Invalid(_("The draft changes nothing yet."))
    # The lock keeps two publications of one street apart, and lets cases of the street be registered.
    locked = select(Unit).where(Unit.id == draft.street_id).with_for_update(key_share=True)
    street = session.scalars(locked).one()
    before = load_land(session, street.id, revision_in_force(session, street.id))
    land = edited_land(session, draft)
    findings = draft_findings(session, street, land, local_day(now))
    broken = [finding for finding in findings if finding.blocking]
    if broken:
        raise Broken(broken)
    units = _bring_units(session, land)
    same = land.units.keys() - differing(before, land)
    kept = _as_before(session, street.id, {units[code].id for code in same})
    drawings = [
        kept.get(units[code].id, Drawing(Datum.WGS84.value)).of(units[code], shape)
        for code, shape in sorted(land.every_outline().items())
    ]
    revision = write_revision(session, street.id, drawings, source=draft.name, actor=actor, now=now)
    _end_units(session, before, land, units, revision)
    _move_postings(session, before, land, units, actor, now)
    draft.state, draft.revision_id, draft.ended_at = DraftState.PUBLISHED, revision.id, now
    touch(session, street.code, now)
    session.flush()
    return revision


def _as_before(session: Session, street_id: int, unit_ids: set[int]) -> dict[int, Drawing]:
    """How the outlines of units that stay as they are were given when they were drawn."""
    in_force = current_revision(street_id).scalar_subquery()
    query = select(Boundary.unit_id, Boundary.datum, Boundary.given)
    query = query.where(Boundary.revision_id == in_force, Boundary.unit_id.in_(unit_ids))
    return {unit_id: Drawing(datum, given) for unit_id, datum, given in session.execute(query)}


def _bring_units(session: Session, land: Land) -> dict[str, Unit]:
    """Every unit of the street by code, those that the table lacked written, the others called anew."""
    units = {unit.code: unit for unit in session.scalars(select(Unit).where(Unit.street_code == land.street))}
    for code, fact in sorted(land.units.items()):
        if code not in units:
            parent = units[code[: CODE_LENGTH[Tier.COMMUNITY]]]
            units[code] = Unit(
                tier=fact.tier, code=code, name=fact.name, parent_id=parent.id, parent_code=parent.code
            )
            session.add(units[code])
        unit = units[code]
        unit.name, unit.households, unit.residents = fact.name, fact.households, fact.residents
    session.flush()
    return units


def _end_units(
    session: Session, before: Land, land: Land, units: Mapping[str, Unit], revision: Revision
) -> None:
    for code in sorted(before.units.keys() - land.units.keys()):
        heir = land.heir(code)
        session.add(
            UnitEnd(
                unit_id=units[code].id,
                revision_id=revision.id,
                heir_id=units[heir].id if heir else None,
            )
        )


def _move_postings(
    session: Session, before: Land, land: Land, units: Mapping[str, Unit], actor: Actor, now: datetime
) -> None:
    """Whoever serves a grid that moved to another community serves it under its new code from today on.

    Who is to serve a grid that is new, or that took in another, is for people to say; the check asks.
    """
    today = local_day(now)
    for code in sorted(before.units.keys() - land.units.keys()):
        heir = land.goes_on_as(code)
        if heir is None:
            continue
        for old in session.scalars(select(Posting).where(Posting.unit_id == units[code].id)).all():
            if old.days.upper is not None and old.days.upper <= today:
                continue
            first = max(today, old.days.lower) if old.days.lower else today
            post(
                session,
                user_id=old.user_id,
                unit_id=units[heir].id,
                role=old.role,
                first_day=first,
                last_day=old.days.upper - timedelta(days=1) if old.days.upper else None,
                duty=old.duty,
                is_backup=old.is_backup,
            )
            detail = {"unit": heir, "role": old.role.value, "first_day": first.isoformat()}
            account_log.write(
                session, AccountAct.POSTED, user_id=old.user_id, actor=actor, now=now, detail=detail
            )
