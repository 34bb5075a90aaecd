"""The four principles of grids, checked on the revision in force (DOMAIN C.4).

Seamless coverage blocks: no gap, no overlap, nothing outside its parent, no unit without an outline. Suitable
size, borders along lanes and somebody posted to every grid are warnings.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.i18n import lazy as _
from grid.geometry.plane import Plane
from grid.locating.gazetteer import current_revision
from grid.material.topology import Finding, coverage_findings, missing_findings
from grid.models import Boundary, Lane, LaneSegment, Posting, Unit
from grid.vocabulary import Tier

HOUSEHOLDS = (200, 1000)
"""The band outside which a grid's size is questioned; a local default, since no rule of ours says more."""

LANE_WIDTH = 15.0
"""Metres from a lane's middle within which a border follows it."""

SHARE_ALONG_LANES = 0.8
"""The part of a grid's border that ought to follow named lanes."""


def check_streets(session: Session, today: date) -> list[Finding]:
    """The findings of every street, by street code; postings are those of `today`."""
    streets = session.scalars(select(Unit).where(Unit.tier == Tier.STREET).order_by(Unit.code)).all()
    return [finding for street in streets for finding in check_street(session, street, today)]


def check_street(session: Session, street: Unit, today: date) -> list[Finding]:
    """The findings of one street, blocking ones first."""
    units = list(session.scalars(select(Unit).where(Unit.street_code == street.code).order_by(Unit.code)))
    grids = [unit for unit in units if unit.tier is Tier.GRID]
    shapes = _outlines(session, street.id)
    warnings = [
        *size_findings(grids),
        *border_findings(
            {g.code: shapes[g.code] for g in grids if g.code in shapes}, _lanes(session, street.id)
        ),
        *_posting_findings(session, grids, today),
    ]
    if not shapes:
        message = _("street %(code)s has no published boundaries; import them", code=street.code)
        return [Finding("no_boundaries", True, (street.code,), message), *warnings]
    tiers = {unit.code: unit.tier for unit in units}
    return [*missing_findings(shapes, tiers), *coverage_findings(shapes), *warnings]


def size_findings(grids: Iterable[Unit]) -> Iterator[Finding]:
    """Grids with fewer or more households than the band; an unknown number is not judged."""
    fewest, most = HOUSEHOLDS
    for grid in grids:
        if grid.households is not None and not fewest <= grid.households <= most:
            message = _(
                "%(code)s has %(households)s households; %(fewest)s to %(most)s are suitable",
                code=grid.code,
                households=grid.households,
                fewest=fewest,
                most=most,
            )
            yield Finding("size", False, (grid.code,), message)


def border_findings(
    grids: dict[str, shapely.MultiPolygon], lanes: Sequence[shapely.LineString]
) -> Iterator[Finding]:
    """Grids whose border follows named lanes for too short a part of its length."""
    if not grids:
        return
    codes = sorted(grids)
    outlines = np.array([grids[code] for code in codes], dtype=object)
    plane = Plane.around(outlines)
    borders = shapely.boundary(plane.to_metres(outlines))
    beside = shapely.union_all(shapely.buffer(plane.to_metres(np.array(lanes, dtype=object)), LANE_WIDTH))
    lengths = shapely.length(borders)
    off = lengths - shapely.length(shapely.intersection(borders, beside))
    for code, length, missing in zip(codes, lengths.tolist(), off.tolist(), strict=True):
        if missing > (1 - SHARE_ALONG_LANES) * length:
            message = _(
                "%(metres)s m of the border of %(code)s follow no named lane; draw it along lanes",
                metres=f"{missing:.0f}",
                code=code,
            )
            yield Finding("border", False, (code,), message, length_m=round(missing, 1))


def _posting_findings(session: Session, grids: Sequence[Unit], today: date) -> Iterator[Finding]:
    held = set(
        session.scalars(
            select(Posting.unit_id).where(
                Posting.unit_id.in_([grid.id for grid in grids]),
                Posting.days.contains(today),
                Posting.is_backup.is_(False),
            )
        )
    )
    for grid in grids:
        if grid.id not in held:
            message = _("nobody is posted to %(code)s; post a grid worker", code=grid.code)
            yield Finding("posting", False, (grid.code,), message)


def _outlines(session: Session, street_id: int) -> dict[str, shapely.MultiPolygon]:
    query = (
        select(Unit.code, func.ST_AsBinary(Boundary.outline))
        .join(Boundary, Boundary.unit_id == Unit.id)
        .where(Boundary.revision_id == current_revision(street_id).scalar_subquery())
    )
    return {code: shapely.from_wkb(bytes(outline)) for code, outline in session.execute(query)}


def _lanes(session: Session, street_id: int) -> list[shapely.LineString]:
    query = select(func.ST_AsBinary(LaneSegment.line)).join(Lane).where(Lane.street_id == street_id)
    return [shapely.from_wkb(bytes(line)) for line in session.scalars(query)]
