"""What an order says now against what is kept of it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from app.core.i18n import lazy as _
from app.core.secrecy import mask_name, mask_phone
from petitions.importing.masks import bare_phone, contradicts, may_replace
from petitions.intake import Intake, PartyIntake
from petitions.vocabulary import Channel, OrderType, Urgency

Point = tuple[float | None, float | None, str | None]

TEXTS = ("title", "body", "address", "category")
CODES = ("urgency", "order_type")
REPORTER = ("name", "phone")
MASKS = {"name": mask_name, "phone": mask_phone}
STANDING = ("channel", "received_at", "point")
"""What stands once an order is registered: clocks, figures and the place were told by it."""

LABELS = {
    "title": _("title"),
    "body": _("text"),
    "address": _("address"),
    "category": _("category"),
    "due_at": _("deadline"),
    "urgency": _("urgency"),
    "order_type": _("type of order"),
    "channel": _("channel"),
    "received_at": _("moment of receipt"),
    "community": _("community"),
    "point": _("point"),
    "name": _("name"),
    "phone": _("phone"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What an upstream says of an order, None where it says nothing; `point` is as given, with its datum.

    `community` is a name.
    """

    title: str
    body: str
    address: str | None
    category: str | None
    due_at: datetime | None
    name: str | None = None
    phone: str | None = None
    urgency: Urgency | None = None
    order_type: OrderType | None = None
    channel: Channel | None = None
    received_at: datetime | None = None
    community: str | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """New values of the case and of its reporter, and the names of what is kept nevertheless.

    `hidden` is masked in the file now, and `denied` masked so that it cannot be what is kept; of the reporter
    with its masked form. `contested` is no longer the upstream's to change.
    """

    case: Mapping[str, Any] = field(default_factory=dict)
    reporter: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    denied: Mapping[str, str | None] = field(default_factory=dict)
    contested: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """What changed."""
        return [*self.case, *self.reporter]

    def applied_to(self, facts: Facts) -> Facts:
        """`facts` once the difference is written."""
        return replace(facts, **self.case, **self.reporter)


def facts_of(intake: Intake, unsaid: Collection[str] = ()) -> Facts:
    """The facts that an intake brings; those named in `unsaid` were supplied for a blank cell."""
    reporter = intake.parties[0] if intake.parties else PartyIntake()
    return Facts(
        title=intake.title,
        body=intake.body,
        address=intake.address,
        category=intake.category,
        due_at=intake.upstream_due_at,
        name=reporter.name,
        phone=reporter.phone,
        urgency=None if "urgency" in unsaid else intake.urgency,
        order_type=intake.order_type,
        channel=None if "channel" in unsaid else intake.channel,
        received_at=None if "received_at" in unsaid else intake.received_at,
        community=intake.community,
        point=None if intake.lon is None else (intake.lon, intake.lat, intake.datum),
    )


def compare(kept: Facts, given: Facts, *, is_ended: bool) -> Difference:
    """What is to be changed. A blank or a masked value changes nothing; an ended case keeps its deadline.

    A new type or urgency is the upstream's word on the order. By a new urgency the holder's limit is counted
    anew from when it got the case; the clock of the whole case is not started again.
    """
    case: dict[str, Any] = {
        name: getattr(given, name) for name in TEXTS if may_replace(getattr(kept, name), getattr(given, name))
    }
    changing = CODES if is_ended else (*CODES, "due_at")
    standing = (*STANDING, "due_at") if is_ended else STANDING
    case |= {name: getattr(given, name) for name in changing if _differs(kept, given, name)}
    reporter = {
        name: getattr(given, name)
        for name in REPORTER
        if may_replace(getattr(kept, name), getattr(given, name), name=True)
    }
    changed = case.keys() | reporter.keys()
    masked = [name for name in (*TEXTS, *REPORTER) if name not in changed and _differs(kept, given, name)]
    denied = {name: _shown(given, name) for name in masked if _denies(kept, given, name)}
    hidden = tuple(name for name in masked if name not in denied)
    contested = [name for name in standing if _differs(kept, given, name)]
    if _is_elsewhere(kept.community, given.community):
        contested.append("community")
    return Difference(case, reporter, hidden, denied, tuple(contested))


def _differs(kept: Facts, given: Facts, name: str) -> bool:
    value = getattr(given, name)
    return value is not None and value != "" and value != getattr(kept, name)


def _denies(kept: Facts, given: Facts, name: str) -> bool:
    clear, masked = getattr(kept, name), getattr(given, name)
    if name == "phone":
        clear, masked = bare_phone(clear), bare_phone(masked)
    return contradicts(masked, clear, name=name in REPORTER)


def _shown(given: Facts, name: str) -> str | None:
    """A masked name or number as it may be told: an upstream may hide less than is hidden here."""
    return MASKS[name](getattr(given, name)) if name in MASKS else None


def _is_elsewhere(kept: str | None, given: str | None) -> bool:
    """Whether two names of communities differ; an upstream may leave their common ending out."""
    return given is not None and (kept is None or (given not in kept and kept not in given))
