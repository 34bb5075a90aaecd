"""What a matter brings with it when it comes in, by whichever door."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.core.clock import SHANGHAI, local_day
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.rules.catalogue import NoRuleSet, choose
from petitions.rules.collective import representatives
from petitions.rules.deadlines import last_day
from petitions.vocabulary import SPEAKERS, CaseKind, Channel, OrderType, PartyRole, Urgency

MAX_TITLE = 200
MAX_BODY = 20_000
MAX_ADDRESS = 300
MAX_CATEGORY = 60
MAX_PERSONS = 100_000
"""More than any street has; a larger number is a telephone number in the wrong field."""
EARLIEST = datetime(1990, 1, 1, tzinfo=SHANGHAI)
"""Nothing was received before it; an earlier moment is a slip of the hand."""
LONGEST_TERM = timedelta(days=2 * 366)
"""From receipt to an upstream's deadline: no term is longer, but "9999-12-31" is a usual word for none."""


@dataclass(frozen=True, slots=True)
class PartyIntake:
    """A person as the intake names them; everything may be unknown."""

    role: PartyRole = PartyRole.REPORTER
    name: str | None = None
    phone: str | None = None
    identity_number: str | None = None
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """One matter. `lon`, `lat` are degrees in `datum`; `community` and `unit_code` name the place by hand.

    `persons_present` is how many raise it (信访人数), by default as many as are named; `persons_affected` how
    many it concerns (涉及人数). `received_at` is when the citizen spoke; `registered_at` is set only where
    the record itself is the registration (a past year's file), and is otherwise the moment of the verb. Both
    are aware.
    """

    kind: CaseKind
    channel: Channel
    title: str
    body: str
    received_at: datetime
    source: str = "form"
    source_number: str | None = None
    order_type: OrderType | None = None
    category: str | None = None
    urgency: Urgency = Urgency.NORMAL
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    datum: str | None = None
    community: str | None = None
    upstream_due_at: datetime | None = None
    registered_at: datetime | None = None
    parties: tuple[PartyIntake, ...] = field(default=())
    persons_present: int | None = None
    persons_affected: int | None = None

    @property
    def speakers(self) -> int:
        """How many of those named raise the matter: an agent and the other side of a dispute do not."""
        return sum(party.role in SPEAKERS for party in self.parties)


TITLE_FROM_BODY = 30
_SENTENCE_END = re.compile(r"[。！？!?\n；;]")

DEGREES = {"lon": 180, "lat": 90}
LIMITS = {"title": MAX_TITLE, "body": MAX_BODY, "address": MAX_ADDRESS, "category": MAX_CATEGORY}


def title_from(body: str) -> str:
    """A title for a matter without one: the first sentence of its text, at most thirty characters."""
    sentences = (sentence.strip() for sentence in _SENTENCE_END.split(body))
    return next(filter(None, sentences), "")[:TITLE_FROM_BODY]


def check(intake: Intake, now: datetime) -> None:
    """Raise Invalid, naming every field at fault, where the matter cannot be registered at `now`."""
    faults = {**_texts(intake), **_facts(intake, now), **_persons(intake, now)}
    if faults:
        raise Invalid(_("Some fields need mending."), fields=faults)


def _texts(intake: Intake) -> dict[str, object]:
    faults: dict[str, object] = {}
    if not intake.title.strip():
        faults["title"] = _("A title is needed.")
    if not intake.body.strip():
        faults["body"] = _("Say what the matter is about.")
    for name, limit in LIMITS.items():
        if len(getattr(intake, name) or "") > limit:
            faults[name] = _("This is longer than %(limit)s characters.", limit=limit)
    return faults


def _facts(intake: Intake, now: datetime) -> dict[str, object]:
    faults: dict[str, object] = {}
    if intake.received_at > now:
        faults["received_at"] = _("A matter cannot have been received in the future.")
    elif intake.received_at < EARLIEST:
        faults["received_at"] = _("A matter cannot have been received before %(year)s.", year=EARLIEST.year)
    else:
        faults |= _terms(intake, now)
    if (intake.lon is None) != (intake.lat is None):
        faults["lat" if intake.lat is None else "lon"] = _("A point needs both longitude and latitude.")
    for name, limit in DEGREES.items():
        # A number that is none fails every comparison.
        if (degrees := getattr(intake, name)) is not None and not abs(degrees) <= limit:
            faults[name] = _("This is not between -%(limit)s and %(limit)s degrees.", limit=limit)
    if intake.lon is not None and intake.datum is None:
        faults["datum"] = _("Say which datum the point is in; it is not guessed.")
    return faults


def _terms(intake: Intake, now: datetime) -> dict[str, object]:
    faults: dict[str, object] = {}
    due_at = intake.upstream_due_at
    if due_at and last_day(due_at) - local_day(intake.received_at) > LONGEST_TERM:
        faults["upstream_due_at"] = _(
            "The deadline lies more than two years after the receipt. Leave it blank where there is none."
        )
    if _rule_set(intake.kind, intake.order_type, _day(intake, now)) is None:
        faults["registered_at" if intake.registered_at else "received_at"] = _(
            "No rule of deadlines was in force on the day of registration."
        )
    return faults


def _persons(intake: Intake, now: datetime) -> dict[str, object]:
    faults: dict[str, object] = {}
    for name in ("persons_present", "persons_affected"):
        if (number := getattr(intake, name)) is not None and not 0 < number <= MAX_PERSONS:
            faults[name] = _("This is not a number of persons between 1 and %(most)s.", most=MAX_PERSONS)
    if intake.persons_present and intake.persons_present < intake.speakers:
        faults["persons_present"] = _(
            "%(named)s persons are named; there were not fewer.", named=intake.speakers
        )
    chosen = sum(party.role is PartyRole.REPRESENTATIVE for party in intake.parties)
    rule_set = _rule_set(intake.kind, intake.order_type, _day(intake, now)) if chosen else None
    limit = representatives(rule_set) if rule_set else None
    if limit and chosen > limit.most:
        faults["persons"] = _(
            "Petitioners who come together choose at most %(most)s representatives (%(source)s).",
            most=limit.most,
            source=limit.source,
        )
    return faults


def _day(intake: Intake, now: datetime) -> date:
    return local_day(intake.registered_at or now)


# A file has thousands of matters of a few kinds and days.
@lru_cache(maxsize=4096)
def _rule_set(kind: CaseKind, order_type: OrderType | None, day: date) -> str | None:
    try:
        return choose(kind, order_type, day).code
    except NoRuleSet:
        return None
