"""The history of a case in words: who, when, what, before and after, why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.core.formats import listed, moment
from app.core.i18n import lazy as _
from grid.labels import method_label
from grid.tree import Tree
from grid.vocabulary import RouteMethod, Tier
from petitions.labels import label
from petitions.models import CaseEvent
from petitions.rules.grounds import Ground
from petitions.tenures import Tenure
from petitions.vocabulary import (
    CaseKind,
    CaseState,
    Channel,
    DivertRoute,
    Ending,
    OpinionResult,
    OrderType,
    ReviewResult,
    RiskLevel,
    Satisfaction,
    ServiceMethod,
    Urgency,
    Verb,
)

_REASONS = {
    "limit_passed": _("The limit of the tier has passed."),
    "policy_changed": _("The escalation policy of the street has changed."),
    "boundaries_changed": _("New boundaries of the grids were published."),
    "calendar_loaded": _("The calendar of the year has been loaded."),
    "split_on_import": _("Split as it came in, as chosen before its file went."),
    "parts_ended": _("All its parts have ended; the least favourable ending counts."),
    "part_opened": _("One of its parts is open again."),
    "order_deadline": _("The deadline of the order has changed."),
}
_TICKS = {"service": _("The service"), "command line": _("Command line")}
_DIGEST = "hmac:"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed; `before` is None where there was nothing."""

    label: Any
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a person reads it."""

    seq: int
    at: datetime
    who: Any
    verb: Verb
    title: Any
    changes: list[Change]
    reason: Any


def entries(events: Sequence[CaseEvent], tree: Tree) -> list[Entry]:
    """The events in words, newest first."""
    return [_entry(event, tree) for event in reversed(events)]


def leader_in_charge(events: Sequence[CaseEvent]) -> str | None:
    """The leader who last took charge of the case, as its history names them."""
    taken = (event.actor_name for event in reversed(events) if event.verb is Verb.TAKE_CHARGE)
    return next(taken, None)


@dataclass(frozen=True, slots=True)
class HeldFor:
    """One span of one holder as a person reads it; `share` is that of all the time somebody had the case."""

    unit: str
    tier: Tier
    span: Tenure
    length: timedelta
    share: float


def held_for(spans: Sequence[Tenure], tree: Tree, now: datetime) -> list[HeldFor]:
    """The spans of a case in words, oldest first; those for which nobody waited are left out."""
    whole = sum((span.length(now) for span in spans), timedelta())
    return [
        HeldFor(
            unit=tree[span.unit_id].name,
            tier=tree[span.unit_id].tier,
            span=span,
            length=span.length(now),
            share=span.length(now) / whole,
        )
        for span in spans
        if span.length(now)
    ]


def _entry(event: CaseEvent, tree: Tree) -> Entry:
    who = event.actor_name if event.actor_id else _TICKS.get(event.actor_name, event.actor_name)
    shown = _AT_FIRST if event.verb is Verb.REGISTER else tuple(_COLUMNS)
    changes = [_change(name, event, tree) for name in shown if name in event.changes]
    changes += [
        Change(name, None, read(event.detail[key])) for key, name, read in _DETAIL if key in event.detail
    ]
    reason = _REASONS.get(event.reason, event.reason) if event.reason else None
    return Entry(event.seq, event.at, who, event.verb, _title(event), changes, reason)


def _title(event: CaseEvent) -> Any:
    """What was done. Taking an import back changes what an upstream may, and is no word from there."""
    number = event.detail.get("undone")
    if number and event.verb is Verb.UPDATE:
        return _("Import %(number)s taken back", number=number)
    if number and event.verb is Verb.VOID:
        return _("Void: import %(number)s taken back", number=number)
    return label(event.verb)


def _change(name: str, event: CaseEvent, tree: Tree) -> Change:
    title, read = _COLUMNS[name]
    before, after = (None if value is None else read(value, tree) for value in event.changes[name])
    missing = event.changes.get(_MISSING.get(name, ""), (None, None))[1]
    # A clock that waits for its calendar has an end that nobody can tell yet; that is not none.
    return Change(title, before, _("calendar of %(year)s not loaded", year=missing) if missing else after)


def _named(vocabulary: type[StrEnum]) -> Callable[[Any, Tree], Any]:
    return lambda value, _tree: label(vocabulary(value))


def _unit(value: Any, tree: Tree) -> Any:
    return tree[value].name if value in tree.nodes else str(value)


def _moment(value: Any, _tree: Tree) -> str:
    return moment(datetime.fromisoformat(value))


def _text(value: Any, _tree: Tree) -> Any:
    return _("(text)") if str(value).startswith(_DIGEST) else value


# Columns worth reading, in the order of reading; the others are kept in the history and not shown.
_COLUMNS: dict[str, tuple[Any, Callable[[Any, Tree], Any]]] = {
    "state": (_("State"), _named(CaseState)),
    "ending": (_("Ending"), _named(Ending)),
    "holder_id": (_("Holder"), _unit),
    "community_id": (_("Community"), _unit),
    "grid_id": (_("Grid"), _unit),
    "route_method": (_("How the place was found"), lambda value, _tree: method_label(RouteMethod(value))),
    "kind": (_("Kind"), _named(CaseKind)),
    "channel": (_("Channel"), _named(Channel)),
    "order_type": (_("Type of order"), _named(OrderType)),
    "urgency": (_("Urgency"), _named(Urgency)),
    "category": (_("Category"), _text),
    "title": (_("Title"), _text),
    "body": (_("What it is about"), _text),
    "address": (_("Address"), _text),
    "due_at": (_("Legal limit"), _moment),
    "tier_due_at": (_("Limit of the tier"), _moment),
    "after_due_at": (_("Limit after the reply"), _moment),
    "suspended_until": (_("Suspended until"), _moment),
    "supervision_due_at": (_("Report owed by"), _moment),
    "risk_level": (_("Risk level"), _named(RiskLevel)),
    "is_solved": (_("Is it solved?"), lambda value, _tree: _("Yes") if value else _("No")),
    "satisfaction": (_("How satisfied?"), _named(Satisfaction)),
}
_MISSING = {
    "due_at": "due_missing_year",
    "tier_due_at": "tier_missing_year",
    "after_due_at": "after_missing_year",
}
_AT_FIRST = ("holder_id", "channel", "due_at", "tier_due_at")
_DETAIL: tuple[tuple[str, Any, Callable[[Any], Any]], ...] = (
    ("route", _("Lawful route"), lambda value: label(DivertRoute(value))),
    ("recipient", _("To which body"), str),
    ("opinion", _("What the opinion says"), lambda value: label(OpinionResult(value))),
    ("result", _("Result of the review"), lambda value: label(ReviewResult(value))),
    ("decision", _("Number of the decision"), str),
    ("service", _("How it was told or served"), lambda value: label(ServiceMethod(value))),
    ("served_on", _("Served on"), str),
    ("until", _("Until the end of"), str),
    ("mediation", _("Mediation"), str),
    ("proposed", _("Proposed unit"), str),
    ("master", _("Main case"), str),
    ("merged", _("Merged under this case"), listed),
    ("separated", _("Separated from this case"), listed),
    ("first", _("Raises again"), str),
    ("repeated_by", _("Raised again as"), listed),
    ("no_longer_repeated_by", _("No longer raised again as"), listed),
    ("other", _("Not the same as"), str),
    ("ground", _("Why"), lambda value: label(Ground(value))),
    ("order", _("Order"), str),
    ("parts", _("Parts"), listed),
)
