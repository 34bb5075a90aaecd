"""`dingfen calendar`: look at a year, load one from a notice, decide a day, list what would end elsewhere."""

import json
from datetime import date
from typing import BinaryIO

import click
from flask.cli import AppGroup

from app.auth.actor import OPERATOR
from app.calendar.printing import clock, print_days, print_proposal, print_record, rows, summary
from app.calendar.reading import decode, read
from app.calendar.record import decisions, loadings
from app.calendar.service import compare, decide_day, load_year, version_of
from app.calendar.year_view import days_of
from app.core.calendar import DayKind
from app.core.calendar_store import calendar_at, local_days
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotFound
from app.core.formats import moment
from app.core.i18n import lazy as _
from petitions.differing import differing
from petitions.period import Period, parse_day, parse_moment
from petitions.waiting import waiting_clocks

group = AppGroup("calendar", help="The working days of a year: show, load from a notice, decide a day.")

_JSON = click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
MOST_DIFFERING = 1000


@group.command()
@click.argument("year", type=int)
@click.option(
    "--as-of", "as_of", metavar="MOMENT", help="As it was known at this moment (ISO; Asia/Shanghai)."
)
@_JSON
def show(year: int, as_of: str | None, as_json: bool) -> None:
    """Print the days of YEAR that notices or local decisions name.

    \b
    Example: dingfen calendar show 2026
    """
    session, held_at = db.session(), parse_moment(as_of) if as_of else None
    Period.year(year)
    calendar, local = calendar_at(session, held_at), local_days(session, held_at)
    if year not in calendar.years:
        waiting = waiting_clocks(session, OPERATOR).get(year, 0)
        raise NotFound(
            _("The calendar of %(year)s is not loaded; %(count)s clocks wait.", year=year, count=waiting)
        )
    days = days_of(calendar, year, local)
    here = [day for day in local if day.date.year == year]
    working_days = calendar.working_days_between(date(year, 1, 1), date(year + 1, 1, 1))
    if as_json:
        said = {"year": year, "working_days": working_days}
        click.echo(json.dumps({**said, "days": rows(days), "local_days": rows(here)}, ensure_ascii=False))
        return
    print_days([*days, *here])
    click.echo(_("%(year)s has %(count)s working days.", year=year, count=working_days))
    print_record(loadings(session, year), decisions(session, year))


@group.command()
@click.argument("file", type=click.File("rb"))
@click.option("--year", type=int, help="The year, where the text does not say it.")
@click.option("--notice", default="", help="Number or address of the notice, where the text does not say it.")
@click.option("--reason", default="", help="Why a year that is there already is corrected.")
@click.option("--yes", is_flag=True, help="Load it. Without this, what was read is only shown.")
@_JSON
def load(file: BinaryIO, year: int | None, notice: str, reason: str, yes: bool, as_json: bool) -> None:
    """Read a year from FILE (- for standard input) and, with --yes, put it in force.

    FILE is the text of the State Council's notice, a CSV table with date, kind, name and notice, or the JSON
    of holiday-cn. Clocks that wait for the year get their dates within a minute; clocks that run keep theirs.

    \b
    Example: dingfen calendar load notice.txt
             dingfen calendar load notice.txt --yes
    """
    reading = read(decode(file.read()), year=year, notice=notice)
    session = db.session()
    proposal, version = compare(session, reading), version_of(session, reading.year)
    if not as_json:
        print_proposal(proposal)
    if yes:
        with transaction():
            load_year(session, reading, confirmed=version, reason=reason, actor=OPERATOR, now=now())
    if as_json:
        click.echo(json.dumps(summary(proposal, is_loaded=yes), ensure_ascii=False))
    elif yes:
        click.echo(_("The calendar of %(year)s is loaded.", year=reading.year))
    else:
        click.echo(_("Nothing is loaded yet. Compare it with the notice and repeat with --yes."))


@group.command()
@click.argument("day")
@click.option("--off", "said", flag_value=DayKind.HOLIDAY.value, help="A day off.")
@click.option("--work", "said", flag_value=DayKind.WORKDAY.value, help="A working day.")
@click.option("--as-noticed", "said", flag_value="", help="Again what the notice makes of it.")
@click.option("--reason", required=True, help="Why.")
def day(day: str, said: str | None, reason: str) -> None:
    """Decide on DAY locally, such as a day off for a typhoon. Clocks that start later count with it.

    \b
    Example: dingfen calendar day 2026-09-02 --off --reason "typhoon, notice of the district"
    """
    if said is None:
        raise click.UsageError(str(_("Say what the day is: --off, --work or --as-noticed.")))
    with transaction():
        decide_day(
            db.session(),
            parse_day(day),
            DayKind(said) if said else None,
            reason=reason,
            actor=OPERATOR,
            now=now(),
        )
    click.echo(_("Decided. Clocks that run keep their dates."))


@group.command("differing")
@_JSON
def differing_(as_json: bool) -> None:
    """List running clocks that the calendar in force would end at another moment. None of them is moved.

    \b
    Example: dingfen calendar differing
    """
    found = differing(db.session(), OPERATOR, MOST_DIFFERING)
    if as_json:
        click.echo(json.dumps({"clocks": [clock(row) for row in found]}))
        return
    for row in found:
        click.echo(f"{row.number}\t{moment(row.ends_at)}\t{moment(row.would_end_at)}")
    click.echo(_("%(count)s clocks would end elsewhere; they keep their dates.", count=len(found)))
