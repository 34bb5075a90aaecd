"""The calendar as the command line prints it, for people and for programs."""

from collections.abc import Iterable
from typing import Any

import click

from app.calendar.labels import day_kind_label, doubt_text, weekday_label
from app.calendar.proposal import Proposal
from app.calendar.record import Decision, Loading
from app.core.calendar import CalendarDay, DayKind
from app.core.formats import moment
from app.core.i18n import lazy as _
from petitions.differing import Differing


def print_days(days: Iterable[CalendarDay]) -> None:
    """A line to a day."""
    for day in sorted(days):
        said = [str(day.date), weekday_label(day.date), day_kind_label(day.kind), day.name, day.notice]
        click.echo("\t".join(map(str, said)).rstrip())


def print_record(loadings: Iterable[Loading], decisions: Iterable[Decision]) -> None:
    """Who loaded the year and who decided a day of it."""
    for loaded, who in loadings:
        by = who.name if who else _("command line")
        said = _("version %(number)s", number=loaded.version), moment(loaded.loaded_at), by
        click.echo("\t".join(map(str, (*said, loaded.notice, loaded.reason or ""))).rstrip())
    for decided, who in decisions:
        by = who.name if who else _("command line")
        kind = day_kind_label(decided.kind) if decided.kind else _("as the notice says")
        click.echo("\t".join(map(str, (decided.day, kind, moment(decided.decided_at), by, decided.reason))))


def print_proposal(proposal: Proposal) -> None:
    """What was read, what looks wrong, and what it would change."""
    print_days(proposal.days)
    click.echo(
        _(
            "%(year)s: %(off)s days off, %(made_up)s make-up working days, %(working)s working days.",
            year=proposal.year,
            off=len(proposal.of(DayKind.HOLIDAY)),
            made_up=len(proposal.of(DayKind.WORKDAY)),
            working=proposal.working_days,
        )
    )
    for doubt in proposal.doubts:
        click.echo(f"! {doubt_text(doubt)}")
    if proposal.before is None:
        return
    click.echo(_("Against the calendar in force:"))
    for sign, days in (("+", proposal.added), ("-", proposal.dropped)):
        for day in days:
            click.echo(f"{sign} {day.date} {day_kind_label(day.kind)} {day.name}")


def summary(proposal: Proposal, *, is_loaded: bool) -> dict[str, Any]:
    """What was read as one object."""
    return {
        "year": proposal.year,
        "notice": proposal.notice,
        "loaded": is_loaded,
        "blocked": proposal.is_blocked,
        "days_off": len(proposal.of(DayKind.HOLIDAY)),
        "make_up_days": len(proposal.of(DayKind.WORKDAY)),
        "working_days": proposal.working_days,
        "doubts": [{"kind": doubt.kind, "message": doubt_text(doubt)} for doubt in proposal.doubts],
        "days": rows(proposal.days),
        "added": rows(proposal.added) if proposal.before is not None else [],
        "dropped": rows(proposal.dropped),
    }


def rows(days: Iterable[CalendarDay]) -> list[dict[str, str]]:
    """Days as objects with the columns of the shipped table."""
    return [{**day._asdict(), "date": day.date.isoformat()} for day in days]


def clock(row: Differing) -> dict[str, Any]:
    """One clock that would end elsewhere, as an object."""
    return {
        "case": row.number,
        "clock": "statutory" if row.is_statutory else "tier",
        "ends_at": row.ends_at.isoformat(),
        "would_end_at": row.would_end_at.isoformat() if row.would_end_at else None,
    }
