"""The page of the calendar: a year to look at, the clocks it would move, and a local day."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.calendar.alert import MissingYear, missing_years
from app.calendar.labels import day_kind_label, doubt_text, weekday_label
from app.calendar.record import decisions, loadings
from app.calendar.service import decide_day
from app.calendar.year_view import days_of, months, occasions
from app.core.calendar import DayKind, WorkingCalendar
from app.core.calendar_store import calendar_at, local_days
from app.core.clock import local_day, now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _
from petitions.differing import differing
from petitions.period import Period, parse_day, parse_moment

bp = Blueprint("calendar", __name__, template_folder="templates", url_prefix="/calendar")
bp.add_app_template_filter(day_kind_label)
bp.add_app_template_filter(weekday_label)
bp.add_app_template_filter(doubt_text)

MOST_DIFFERING = 200

Page = Response | str | tuple[str, int]


@bp.app_template_global()
def missing_calendars() -> list[MissingYear]:
    """The years whose calendar is missing, for those who see to it."""
    return missing_years(db.session(), actor(), now()) if current_user.is_authenticated else []


@bp.get("")
@requires(Permission.CALENDAR_VIEW)
def index() -> Page:
    """One year, as it is or as it was known at a past moment."""
    return _year_page(None)


@bp.post("/day")
@requires(Permission.CALENDAR_KEEP)
def decide() -> Page:
    """Make a day off, a working day, or again what its notice makes of it."""
    form = request.form
    try:
        with transaction():
            day = parse_day(form.get("date", ""))
            decide_day(db.session(), day, _kind(), reason=form.get("reason", ""), actor=actor(), now=now())
    except AppError as error:
        return _year_page(error), error.status
    flash(
        _("Decided. Clocks that start from now on count with it; those that run keep their dates."), "success"
    )
    return redirect(url_for("calendar.index", year=day.year))


@bp.get("/differing")
@requires(Permission.CASE_VIEW)
def moved() -> Page:
    """The clocks that would end at another moment by the calendar in force."""
    rows = differing(db.session(), actor(), MOST_DIFFERING)
    return render_template("calendar/differing.html", rows=rows, most=MOST_DIFFERING)


def _kind() -> DayKind | None:
    said = request.form.get("kind", "")
    if said == "as_noticed":
        return None
    if said not in set(DayKind):
        message = _("Choose what the day is.")
        raise Invalid(message, fields={"kind": message})
    return DayKind(said)


def _year_page(error: AppError | None) -> str:
    session, moment = db.session(), now()
    year, as_of = _asked(local_day(moment))
    held_at = min(parse_moment(as_of), moment) if as_of else None
    calendar, local = calendar_at(session, held_at), local_days(session, held_at)
    is_loaded = year in calendar.years
    return render_template(
        "calendar/year.html",
        year=year,
        is_loaded=is_loaded,
        months=months(year, calendar, local) if is_loaded else [],
        occasions=occasions(days_of(calendar, year, local)),
        working_days=_working_days(year, calendar) if is_loaded else None,
        is_shipped=year in WorkingCalendar.shipped().years,
        loadings=loadings(session, year),
        decisions=decisions(session, year),
        held_at=held_at,
        today=local_day(moment),
        error=error,
    )


def _asked(today: date) -> tuple[int, str]:
    """The year and the past moment of the address, or the year of the form that was refused."""
    year = request.args.get("year", type=int) or request.form.get("year", type=int) or today.year
    return Period.year(year).first.year, request.args.get("as_of", "").strip()


def _working_days(year: int, calendar: WorkingCalendar) -> int:
    return calendar.working_days_between(date(year, 1, 1), date(year + 1, 1, 1))
