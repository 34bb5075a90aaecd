"""`dingfen figures`: the indicators on the command line."""

import json
from datetime import datetime

import click
from flask.cli import with_appcontext

from app.auth.actor import OPERATOR
from app.core.clock import SHANGHAI, local_day
from app.core.clock import now as present
from app.core.db import db
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.tree import load_tree
from mediation.figures import Counts, FigureRow, Figures, percent
from mediation.indicators import Axis, figures_by
from mediation.indicators import figures as count_figures
from petitions.period import Period, parse_day, parse_moment
from petitions.places import Drawn, by_boundaries


@click.command()
@click.option("--year", type=int, help="The calendar year. Default: the present one.")
@click.option("--from", "first", metavar="DAY", help="The first day received, such as 2020-01-01.")
@click.option("--to", "end", metavar="DAY", help="The day after the last; it is not counted itself.")
@click.option(
    "--as-of",
    metavar="MOMENT",
    help="The cut-off: a day (its 00:00 in Asia/Shanghai) or an ISO moment. Default, and latest: now.",
)
@click.option("--by", type=click.Choice([axis.value for axis in Axis]), help="A row for each of these.")
@click.option(
    "--boundaries",
    type=click.Choice([drawn.value for drawn in Drawn]),
    default=Drawn.THEN.value,
    show_default=True,
    help="Count units as they were then, or by the boundaries in force now.",
)
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@with_appcontext
def figures(
    year: int | None,
    first: str | None,
    end: str | None,
    as_of: str | None,
    by: str | None,
    boundaries: str,
    as_json: bool,
) -> None:
    """Received, settled, pending and the settlement rate of one period at one cut-off.

    \b
    Example: dingfen figures --year 2020 --as-of 2021-01-01 --by community
    """
    now = present()
    period = _period(year, first, end, now)
    cut_off = min(parse_moment(as_of), now) if as_of else now
    found = count_figures(db.session(), OPERATOR, period, cut_off)
    place = by_boundaries(Drawn(boundaries), cut_off, load_tree(db.session()))
    rows = figures_by(db.session(), OPERATOR, period, cut_off, Axis(by), place) if by else None
    click.echo(_as_json(found, rows) if as_json else _as_text(found, rows))


def _period(year: int | None, first: str | None, end: str | None, now: datetime) -> Period:
    if first is None and end is None:
        return Period.year(local_day(now).year if year is None else year)
    if first is None or end is None or year is not None:
        raise Invalid(_("Give either --year, or both --from and --to."))
    return Period(parse_day(first), parse_day(end))


def _as_json(found: Figures, rows: list[FigureRow] | None) -> str:
    answer = found.as_json()
    if rows is not None:
        answer["rows"] = [row.as_json() for row in rows]
    return json.dumps(answer, ensure_ascii=False)


def _as_text(found: Figures, rows: list[FigureRow] | None) -> str:
    counts, cut_off = found.counts, found.as_of.astimezone(SHANGHAI)
    lines = [
        f"received from {found.period.first} to before {found.period.end}, as of {cut_off:%Y-%m-%d %H:%M}",
        f"received         {counts.received:>10,}  ({counts.online_and_hotline:,} online and hotline)",
        f"settled          {counts.settled:>10,}",
        f"pending          {counts.pending:>10,}",
        f"settlement rate  {percent(counts.settlement_rate):>10}  settled / received, rounded half up",
    ]
    if found.repeats:
        lines.append(f"raised again     {found.repeats:>10,}  repeats of the received")
    lines += [f"excluded: {ending.value:<12} {number:>4,}" for ending, number in counts.excluded.items()]
    return "\n".join([*lines, *map(_row_text, rows or ())])


def _row_text(row: FigureRow) -> str:
    counts: Counts = row.counts
    numbers = f"{counts.received:>8,} {counts.settled:>8,} {counts.pending:>8,}"
    small = "  small sample" if counts.is_small_sample else ""
    return f"{numbers} {percent(counts.settlement_rate):>9}  {row.key}  {row.label}{small}"
