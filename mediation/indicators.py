"""The indicators: what share of the matters received in a period was settled at a cut-off, and of which.

The definition is that of `petitions.cohort`. One statement answers any number of tables, and every figure
opens its rows: `Cohort` with the row's key selects exactly the cases counted.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.clock import local_day
from app.core.i18n import now_text as _
from grid.models import Unit, UnitEnd
from grid.tree import in_place_scope
from grid.vocabulary import Tier
from mediation.figures import Counts, FigureRow, Figures, count, percent
from petitions.cohort import UNPLACED, Again, Cohort, Outcome, ending_at, is_online_and_hotline
from petitions.labels import label
from petitions.models import Case
from petitions.period import Period
from petitions.places import PlaceBy, lies_now, place_at
from petitions.vocabulary import CaseKind, Channel, Ending


class Axis(StrEnum):
    """What a table of figures has one row for."""

    KIND = "kind"
    CHANNEL = "channel"
    COMMUNITY = "community"
    GRID = "grid"
    MONTH = "month"


_COLUMNS: dict[Axis, ColumnElement[Any]] = {
    Axis.KIND: cast(Case.kind, String),
    Axis.CHANNEL: cast(Case.channel, String),
    Axis.MONTH: func.to_char(func.timezone("Asia/Shanghai", Case.received_at), "YYYY-MM"),
}
_VOCABULARIES: dict[Axis, type[StrEnum]] = {Axis.KIND: CaseKind, Axis.CHANNEL: Channel}
_TIERS = {Axis.COMMUNITY: Tier.COMMUNITY, Axis.GRID: Tier.GRID}

Tally = Mapping[Any, Counts]


def figures(session: Session, actor: Actor, period: Period, as_of: datetime) -> Figures:
    """The counts of all matters in the actor's places received in `period`, as they stood at `as_of`."""
    counted = select(*_tallied(as_of)).where(*_conditions(session, actor, period, as_of)).subquery()
    ending, is_online = counted.c.ending_then, counted.c.is_online
    rows = session.execute(select(ending, is_online, func.count()).group_by(ending, is_online))
    counts = count((ended, online, number) for ended, online, number in rows)
    return Figures(period, as_of, counts, count_repeats(session, actor, period, as_of))


def count_repeats(session: Session, actor: Actor, period: Period, as_of: datetime) -> int:
    """How many of the received stood linked as repeats at `as_of`."""
    received = Cohort(period, as_of, outcome=Outcome.RECEIVED, repeat=Again.REPEAT)
    conditions = received.conditions(session, actor)
    return session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0


def figures_by(
    session: Session,
    actor: Actor,
    period: Period,
    as_of: datetime,
    axis: Axis,
    place: PlaceBy | None = None,
) -> list[FigureRow]:
    """The same counts by kind, channel, unit or month: a row for every one, adding up to the whole.

    Units are those in which the cases lay just before `as_of`, unless `place` says otherwise.
    """
    return tables(session, actor, period, as_of, [axis], place)[axis]


def tables(
    session: Session,
    actor: Actor,
    period: Period,
    as_of: datetime,
    axes: Sequence[Axis],
    place: PlaceBy | None = None,
) -> dict[Axis, list[FigureRow]]:
    """`figures_by` along several axes with one pass over the cases."""
    lay = place or (lambda tier: place_at(tier, as_of))
    columns = [lay(_TIERS[axis]) if axis in _TIERS else _COLUMNS[axis] for axis in axes]
    keys = [column.label(axis.value) for axis, column in zip(axes, columns, strict=True)]
    tallies = _tallies(session, _conditions(session, actor, period, as_of), as_of, axes, keys)
    return {axis: _rows(session, actor, period, axis, tallies[axis]) for axis in axes}


def latest_year(session: Session, actor: Actor, now: datetime) -> int:
    """The year of the last matter received in the actor's places, or the present one where there is none."""
    scope = in_place_scope(session, actor, lies_now)
    latest = session.scalar(select(func.max(Case.received_at)).where(scope))
    return local_day(latest or now).year


def year_line(session: Session, actor: Actor, year: int, as_of: datetime) -> str:
    """One line that says the year, such as `make run` prints."""
    counts = figures(session, actor, Period.year(year), as_of).counts
    excluded = ", ".join(f"{ending.value} {number:,}" for ending, number in sorted(counts.excluded.items()))
    return (
        f"{year}: received {counts.received:,} ({counts.online_and_hotline:,} online and hotline, "
        f"{counts.other_channels:,} other), settled {counts.settled:,}, pending {counts.pending:,}, "
        f"settlement rate {percent(counts.settlement_rate)}; excluded: {excluded or 'none'}"
    )


def _conditions(session: Session, actor: Actor, period: Period, as_of: datetime) -> list[ColumnElement[bool]]:
    return Cohort(period, as_of).conditions(session, actor)


def _tallied(as_of: datetime) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return ending_at(as_of).label("ending_then"), is_online_and_hotline().label("is_online")


def _tallies(
    session: Session,
    conditions: Iterable[ColumnElement[bool]],
    as_of: datetime,
    axes: Sequence[Axis],
    keys: Sequence[ColumnElement[Any]],
) -> dict[Axis, Tally]:
    counted = select(*_tallied(as_of), *keys).where(*conditions).subquery()
    ending, is_online, *columns = counted.c
    sets = func.grouping_sets(*(tuple_(ending, is_online, column) for column in columns))
    asked = select(func.grouping(*columns), ending, is_online, func.count(), *columns).group_by(sets)
    found: dict[Axis, dict[Any, list[tuple[Ending | None, bool, int]]]] = {
        axis: defaultdict(list) for axis in axes
    }
    # A bit of GROUPING is set for every column a row is not grouped by; the first column has the highest.
    everything = (1 << len(axes)) - 1
    axis_of = {everything ^ (1 << place): axis for place, axis in enumerate(reversed(axes))}
    for mask, ended, online, number, *values in session.execute(asked):
        axis = axis_of[mask]
        found[axis][values[axes.index(axis)]].append((ended, online, number))
    return {axis: {key: count(tallies) for key, tallies in found[axis].items()} for axis in axes}


def _rows(session: Session, actor: Actor, period: Period, axis: Axis, tally: Tally) -> list[FigureRow]:
    if axis in _TIERS:
        return _unit_rows(session, actor, _TIERS[axis], tally)
    if axis is Axis.MONTH:
        return [FigureRow(month, month, tally.get(month, Counts())) for month in period.months()]
    members = _VOCABULARIES[axis]
    return [FigureRow(member.value, str(label(member)), tally.get(member, Counts())) for member in members]


def _unit_rows(session: Session, actor: Actor, tier: Tier, tally: Tally) -> list[FigureRow]:
    # A case may lie in a unit that has since left the actor's subtree; it still counts, so it has its row.
    # And a unit that is there no more has one where something lay in it.
    counted = Unit.id.in_([key for key in tally if key])
    stands = ~exists().where(UnitEnd.unit_id == Unit.id)
    listed = select(Unit.id, Unit.code, Unit.name).where(Unit.tier == tier, stands | counted)
    listed = listed.order_by(Unit.code)
    if not actor.everywhere:
        listed = listed.where(or_(Unit.id.in_(actor.reach), counted))
    rows = [FigureRow(code, name, tally.get(key, Counts())) for key, code, name in session.execute(listed)]
    return [*rows, FigureRow(UNPLACED, _("At the street's desk, not yet located"), tally.get(None, Counts()))]
