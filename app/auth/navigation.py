"""The menu: what a person may open, in the order in which it is shown."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, url_for

from app.auth.actor import Actor
from app.auth.vocabulary import Permission
from app.core.i18n import lazy as _


@dataclass(frozen=True)
class Entry:
    """One item of the menu; `is_tab` puts it on the bar at the foot of a phone's screen."""

    endpoint: str
    label: Any
    icon: str
    permission: Permission
    is_tab: bool = False


MENU = (
    Entry("home.dashboard", _("Overview"), "home", Permission.FIGURES_VIEW, is_tab=True),
    Entry("petitions.index", _("Cases"), "list-details", Permission.CASE_VIEW, is_tab=True),
    Entry("intake.new", _("Register"), "plus", Permission.CASE_REGISTER, is_tab=True),
    Entry("imports.index", _("Import"), "upload", Permission.CASE_IMPORT),
    Entry("reception.index", _("Receptions"), "calendar-event", Permission.RECEPTION_VIEW),
    Entry("screening.index", _("Screening"), "list-check", Permission.CASE_VIEW),
    Entry("grid.units", _("Grids"), "map-2", Permission.GRID_VIEW),
    Entry("calendar.index", _("Calendar"), "calendar", Permission.CALENDAR_VIEW),
    Entry("policy.index", _("Escalation policy"), "adjustments", Permission.POLICY_MANAGE),
    Entry("auth.people", _("People"), "users", Permission.PEOPLE_MANAGE, is_tab=True),
    Entry("channels.index", _("Channels"), "send", Permission.CHANNELS_MANAGE, is_tab=True),
    Entry("audit.events", _("Log of accounts"), "list-details", Permission.AUDIT_VIEW, is_tab=True),
)


def menu(person: Actor) -> list[Entry]:
    """The entries `person` may open."""
    known = current_app.view_functions
    return [entry for entry in MENU if entry.endpoint in known and person.can(entry.permission)]


def start_url(person: Actor) -> str:
    """Where `person` lands after logging in: the first entry of the menu."""
    entries = menu(person)
    return url_for(entries[0].endpoint if entries else "notices.inbox")


def init_app(app: Flask) -> None:
    """Give the templates the menu."""
    app.add_template_global(menu)
