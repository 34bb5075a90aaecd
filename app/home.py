"""The overview: the figures of a period at a cut-off, where they come from, and what is overdue now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.auth.actor import Actor
from app.auth.login import actor, requires, requires_login
from app.auth.navigation import start_url
from app.auth.vocabulary import Permission
from app.core.clock import local_day, now
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.outlines import is_redrawn_since
from grid.tree import load_tree
from grid.vocabulary import Tier
from mediation.figures import SMALL_SAMPLE, FigureRow, percent, total
from mediation.holding import held_by_unit
from mediation.indicators import Axis, figures, latest_year, tables
from mediation.stock import stock
from mediation.workload import load_by_tier, longest_overdue
from petitions.cohort import DEFINITION, Again, Cohort, Outcome
from petitions.period import Period, parse_day, parse_moment
from petitions.places import Drawn, by_boundaries

OVERDUE_SHOWN = 10

bp = Blueprint("home", __name__)
bp.add_app_template_filter(percent)


@bp.get("/")
@requires_login
def dashboard() -> Response | str:
    """The year's figures; whoever may not see figures goes to the first page of their own menu."""
    me, moment = actor(), now()
    if not me.can(Permission.FIGURES_VIEW):
        return redirect(start_url(me))
    session = db.session()
    cohort, tree = _asked(session, me, moment), load_tree(session, me.units)
    place = by_boundaries(cohort.drawn, cohort.as_of, tree)
    parts = tables(session, me, cohort.period, cohort.as_of, list(Axis), place)
    return render_template(
        "home/dashboard.html",
        cohort=cohort,
        counts=total(row.counts for row in parts[Axis.KIND]),
        parts={axis.value: rows for axis, rows in parts.items()},
        months=_months(cohort, parts[Axis.MONTH]),
        grids=_grids(cohort, parts[Axis.GRID]),
        places=[tree[unit].name for unit in sorted(me.units) if unit in tree.nodes],
        tiers=load_by_tier(session, me, moment),
        overdue=longest_overdue(session, me, moment, OVERDUE_SHOWN),
        definition=DEFINITION,
        small_sample=SMALL_SAMPLE,
        now=moment,
        is_redrawn=is_redrawn_since(session, me, cohort.period.starts_at),
        rows_url=lambda **narrow: _rows_url(cohort, **narrow),
    )


@bp.get("/stock")
@requires(Permission.FIGURES_VIEW)
def balance() -> str:
    """The part of the overview that shows whether the open matters add up; it is fetched when unfolded."""
    session, me = db.session(), actor()
    cohort = _asked(session, me, now())
    return render_template("home/_stock.html", rows=stock(session, me, cohort.period, cohort.as_of))


@bp.get("/holding")
@requires(Permission.FIGURES_VIEW)
def holders() -> str:
    """The part of the overview that shows who held matters how long; it is fetched when unfolded."""
    session, me = db.session(), actor()
    cohort = _asked(session, me, now())
    rows = held_by_unit(session, me, cohort.period, cohort.as_of)
    return render_template(
        "home/_holding.html",
        tiers=sorted((row for row in rows if row.code is None), key=lambda row: list(Tier).index(row.tier)),
        units=[row for row in rows if row.code],
    )


@bp.get("/repeats")
@requires(Permission.FIGURES_VIEW)
def repeats() -> str:
    """The part of the overview that tells how much was raised again; it is fetched when unfolded."""
    session, me = db.session(), actor()
    cohort = _asked(session, me, now())
    found = figures(session, me, cohort.period, cohort.as_of)
    url = _rows_url(cohort, outcome=Outcome.RECEIVED, repeat=Again.REPEAT)
    return render_template("home/_repeats.html", found=found, url=url)


def _asked(session: Session, me: Actor, moment: datetime) -> Cohort:
    """The period and cut-off of the query string; a cut-off that is still to come is now."""
    cut_off = request.args.get("as_of", "").strip()
    as_of = min(parse_moment(cut_off), moment) if cut_off else moment
    drawn = request.args.get("drawn", Drawn.THEN.value)
    if drawn not in {member.value for member in Drawn}:
        raise Invalid(_("Figures are told by the boundaries of then or of now."))
    return Cohort(_period(session, me, moment), as_of, drawn=Drawn(drawn))


def _period(session: Session, me: Actor, moment: datetime) -> Period:
    first, end = request.args.get("from", "").strip(), request.args.get("to", "").strip()
    if bool(first) != bool(end):
        raise Invalid(_("A period needs its first day and the day after its last."))
    if first:
        return Period(parse_day(first), parse_day(end))
    return Period.year(latest_year(session, me, moment))


def _rows_url(cohort: Cohort, **narrow: Any) -> str:
    args: dict[str, Any] = cohort.to_args(**narrow)
    return url_for("petitions.index", **args)


def _months(cohort: Cohort, rows: Sequence[FigureRow]) -> list[dict[str, Any]]:
    return [{**_point(row), "url": _rows_url(cohort, month=row.key, outcome="received")} for row in rows]


def _grids(cohort: Cohort, rows: Sequence[FigureRow]) -> dict[str, dict[str, Any]]:
    return {
        row.key: {**_point(row), "url": _rows_url(cohort, grid=row.key, outcome="received")} for row in rows
    }


def _point(row: FigureRow) -> dict[str, Any]:
    counts = row.counts
    return {
        "label": row.label,
        "received": counts.received,
        "settled": counts.settled,
        "pending": counts.pending,
        "rate": None if counts.settlement_rate is None else float(counts.settlement_rate * 100),
        "percent": percent(counts.settlement_rate),
        "small": counts.is_small_sample,
    }


@bp.app_template_global()
def year_steps(cohort: Cohort, moment: datetime) -> list[tuple[int, dict[str, str]]]:
    """The years around the one shown, as query strings; none after the present year."""
    shown = cohort.period.first.year
    years = [year for year in (shown - 1, shown, shown + 1) if year <= local_day(moment).year]
    return [(year, {"from": f"{year}-01-01", "to": f"{year + 1}-01-01"}) for year in years]
