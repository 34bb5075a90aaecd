"""The pages on which a year is loaded: hand in the notice, compare what was read, confirm."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.auth.login import actor, requires
from app.auth.vocabulary import Permission
from app.calendar.reading import Reading, decode, read
from app.calendar.service import compare, load_year, version_of
from app.calendar.year_view import months, occasions
from app.core.calendar import WorkingCalendar
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import AppError, Invalid
from app.core.i18n import lazy as _

bp = Blueprint("calendar_loading", __name__, template_folder="templates", url_prefix="/calendar/load")

Page = Response | str | tuple[str, int]


@bp.get("")
@requires(Permission.CALENDAR_KEEP)
def new() -> Page:
    """The form for a notice."""
    return render_template("calendar/load.html", form=request.args, error=None)


@bp.post("")
@requires(Permission.CALENDAR_KEEP)
def preview() -> Page:
    """Show what was read; nothing is kept."""
    try:
        text = _text()
        return _preview(_read(text), text, None)
    except Invalid as error:
        return render_template("calendar/load.html", form=request.form, error=error), error.status


@bp.post("/confirm")
@requires(Permission.CALENDAR_KEEP)
def confirm() -> Page:
    """Load what the person has compared with the notice."""
    form = request.form
    text = form.get("text", "")
    reading = _read(text)
    try:
        with transaction():
            _demand_compared(reading)
            loaded = load_year(
                db.session(),
                reading,
                confirmed=form.get("version", -1, type=int),
                reason=form.get("reason", ""),
                actor=actor(),
                now=now(),
            )
    except AppError as error:
        if error.status == 403:
            raise
        return _preview(reading, text, error), error.status
    flash(
        _(
            "The calendar of %(year)s is loaded. Clocks that wait for it start within a minute.",
            year=loaded.year,
        ),
        "success",
    )
    return redirect(url_for("calendar.index", year=loaded.year))


def _text() -> str:
    """What was pasted, or else the content of the file."""
    pasted, file = request.form.get("text", ""), request.files.get("file")
    if not pasted.strip() and file is not None and file.filename:
        return decode(file.read())
    return pasted


def _read(text: str) -> Reading:
    year = request.form.get("year", "").strip()
    if not text.strip():
        message = _("Paste the text of the notice, or choose a file.")
        raise Invalid(message, fields={"text": message})
    if year and not (year.isascii() and year.isdecimal()):
        message = _("“%(text)s” is not a year such as 2027.", text=year)
        raise Invalid(message, fields={"year": message})
    return read(text, year=int(year) if year else None, notice=request.form.get("notice", ""))


def _demand_compared(reading: Reading) -> None:
    if compare(db.session(), reading).doubts and not request.form.get("compared"):
        message = _("Compare the points that look wrong with the notice, and say that you have.")
        raise Invalid(message, fields={"compared": message})


def _preview(reading: Reading, text: str, error: AppError | None) -> str:
    proposal = compare(db.session(), reading)
    calendar = WorkingCalendar(proposal.days, years={proposal.year})
    return render_template(
        "calendar/preview.html",
        proposal=proposal,
        months=months(proposal.year, calendar, ()),
        occasions=occasions(proposal.days),
        text=text,
        version=version_of(db.session(), proposal.year),
        error=error,
        form=request.form,
    )
