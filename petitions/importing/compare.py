"""What an order says now against what is kept of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from app.core.i18n import lazy as _
from petitions.importing.masks import may_replace
from petitions.intake import Intake, PartyIntake
from petitions.rules.deadlines import due_moment

TEXTS = ("title", "body", "address", "category")
REPORTER = ("name", "phone")

LABELS = {
    "title": _("title"),
    "body": _("text"),
    "address": _("address"),
    "category": _("category"),
    "due_at": _("deadline"),
    "name": _("name"),
    "phone": _("phone"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an upstream may change of an order; the rest is the street's own once it is registered."""

    title: str
    body: str
    address: str | None
    category: str | None
    due_at: datetime | None
    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """New values of the case and of its reporter, and the names of what is kept because it is masked now."""

    case: Mapping[str, Any] = field(default_factory=dict)
    reporter: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """What changed."""
        return [*self.case, *self.reporter]

    def applied_to(self, facts: Facts) -> Facts:
        """`facts` once the difference is written."""
        return replace(facts, **self.case, **self.reporter)


def facts_of(intake: Intake) -> Facts:
    """The facts that an intake brings."""
    reporter = intake.parties[0] if intake.parties else PartyIntake()
    due = due_moment(intake.upstream_due_on) if intake.upstream_due_on else None
    return Facts(
        intake.title, intake.body, intake.address, intake.category, due, reporter.name, reporter.phone
    )


def compare(kept: Facts, given: Facts, *, is_ended: bool) -> Difference:
    """What is to be changed. A blank or a masked value changes nothing; an ended case keeps its deadline."""
    case: dict[str, Any] = {
        name: getattr(given, name) for name in TEXTS if may_replace(getattr(kept, name), getattr(given, name))
    }
    if given.due_at and given.due_at != kept.due_at and not is_ended:
        case["due_at"] = given.due_at
    reporter = {
        name: getattr(given, name)
        for name in REPORTER
        if may_replace(getattr(kept, name), getattr(given, name), name=True)
    }
    changed = case.keys() | reporter.keys()
    hidden = tuple(
        each.name
        for each in fields(Facts)
        if each.name not in changed and _differs(getattr(kept, each.name), getattr(given, each.name))
    )
    return Difference(case, reporter, hidden)


def _differs(kept: Any, given: Any) -> bool:
    return bool(given) and isinstance(given, str) and given != kept
