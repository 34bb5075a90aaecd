"""Which cases a figure counts: those received in a period, as they stood at a cut-off.

`received_cohort_v1`: a case belongs to the period in which it was received and is counted once it was
registered before the cut-off. Its outcome is the ending that stood at the cut-off, or none: pending. Void,
diverted, forwarded and declined matters are outside the rate and shown beside it. Ended or registered exactly
at the cut-off is after it. An order split into several matters is one: its parts are counted nowhere. Of
cases merged into one each counts, since each came in. A case counts where it lay at the cut-off, so the
figures of communities add up to the street's, and a case that moves later changes no figure of the past.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, literal, or_, select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.clock import SHANGHAI
from app.core.errors import Invalid
from app.core.i18n import lazy as _
from grid.models import Unit
from grid.tree import in_place_scope, load_tree
from grid.vocabulary import Tier
from petitions.models import Case, CaseEnding, CaseRepeat
from petitions.period import Period, parse_day, parse_moment
from petitions.places import Drawn, by_boundaries, lay_at
from petitions.vocabulary import (
    EXCLUDED,
    OTHER_CHANNELS,
    SETTLED,
    CaseKind,
    Channel,
    ChannelGroup,
    Ending,
)

DEFINITION = "received_cohort_v1"
UNPLACED = "none"


class Outcome(StrEnum):
    """How a case counts at the cut-off; received is settled and pending together."""

    RECEIVED = "received"
    SETTLED = "settled"
    PENDING = "pending"
    EXCLUDED = "excluded"


class Again(StrEnum):
    """Whether a case stood linked as a repeat at the cut-off: the same person with the same matter."""

    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A period and a cut-off, narrowed as far as wanted; `community` and `grid` are codes or `none`."""

    period: Period
    as_of: datetime
    outcome: Outcome | Ending | None = None
    kind: CaseKind | None = None
    channel: Channel | ChannelGroup | None = None
    community: str | None = None
    grid: str | None = None
    month: str | None = None
    repeat: Again | None = None
    drawn: Drawn = Drawn.THEN

    @classmethod
    def from_args(cls, args: Mapping[str, str], *, now: datetime) -> "Cohort | None":
        """Read the query string that `to_args` writes; None where it names no period, Invalid where wrong."""
        given = {name: text.strip() for name, text in args.items() if text.strip()}
        if "from" not in given or "to" not in given:
            return None
        period = Period(parse_day(given["from"]), parse_day(given["to"]))
        as_of = parse_moment(given["as_of"]) if "as_of" in given else now
        narrow = {name: read(given[name]) for name, read in _READERS.items() if name in given}
        return cls(period, as_of, **narrow)

    def to_args(self, **narrow: Any) -> dict[str, str]:
        """The query string of this cohort, with `narrow` laid over it."""
        given = {name: narrow.get(name, getattr(self, name)) for name in _READERS}
        if given["drawn"] == Drawn.THEN:
            del given["drawn"]
        args = {
            "from": self.period.first.isoformat(),
            "to": self.period.end.isoformat(),
            "as_of": self.as_of.astimezone(SHANGHAI).isoformat(),
        }
        return args | {name: str(value) for name, value in given.items() if value is not None}

    def ids(self, session: Session, actor: Actor) -> Select[int]:
        """The keys of its cases that lie in the actor's places."""
        return select(Case.id).where(*self.conditions(session, actor))

    def conditions(self, session: Session, actor: Actor) -> list[ColumnElement[bool]]:
        """What a case must meet, the actor's scope included."""
        conditions = [
            in_place_scope(session, actor, lay_at(self.as_of)),
            *_received_in(self.period),
            Case.registered_at < self.as_of,
            is_whole(),
        ]
        if self.month:
            conditions += _received_in(Period.month(self.month))
        if self.kind:
            conditions.append(Case.kind == self.kind)
        if self.channel:
            conditions.append(_by_channel(self.channel))
        if self._codes():
            place = by_boundaries(self.drawn, self.as_of, load_tree(session))
            conditions += [_at_code(place(tier), code) for tier, code in self._codes()]
        if self.outcome:
            conditions.append(_by_outcome(self.outcome, self.as_of))
        if self.repeat:
            conditions.append(_is_repeat(self.as_of))
        return conditions

    def _codes(self) -> list[tuple[Tier, str]]:
        named = ((Tier.COMMUNITY, self.community), (Tier.GRID, self.grid))
        return [(tier, code) for tier, code in named if code]


def ending_at(as_of: datetime) -> ColumnElement[Ending | None]:
    """The ending that stood just before `as_of`, null where the case was open.

    The row's own ending answers for all but the cases that were open or ended later; only for those is the
    table of endings asked whether an earlier ending, since reopened, stood at that moment.
    """
    earlier = select(CaseEnding.ending).where(
        CaseEnding.case_id == Case.id, CaseEnding.ended_at < as_of, CaseEnding.reopened_at >= as_of
    )
    return case((Case.ended_at < as_of, Case.ending), else_=earlier.scalar_subquery())


def is_whole() -> ColumnElement[bool]:
    """Whether a case is one that came in, and not a part of one."""
    return Case.parent_id.is_(None)


def is_online_and_hotline() -> ColumnElement[bool]:
    """Whether the channel belongs to the report's larger group."""
    return Case.channel.not_in(sorted(OTHER_CHANNELS))


def _received_in(period: Period) -> list[ColumnElement[bool]]:
    return [Case.received_at >= period.starts_at, Case.received_at < period.ends_at]


def _by_channel(channel: Channel | ChannelGroup) -> ColumnElement[bool]:
    if isinstance(channel, Channel):
        return Case.channel == channel
    inside = is_online_and_hotline()
    return inside if channel is ChannelGroup.ONLINE_AND_HOTLINE else ~inside


def _at_code(place: ColumnElement[Any], code: str) -> ColumnElement[bool]:
    if code == UNPLACED:
        return place.is_(None)
    return place == select(Unit.id).where(Unit.code == code).scalar_subquery()


def _by_outcome(outcome: Outcome | Ending, as_of: datetime) -> ColumnElement[bool]:
    ending = ending_at(as_of)
    if isinstance(outcome, Ending):
        return ending == literal(outcome, Case.ending.type)
    if outcome is Outcome.PENDING:
        return ending.is_(None)
    if outcome is Outcome.RECEIVED:
        return ending.is_(None) | ending.in_(sorted(SETTLED))
    return ending.in_(sorted(SETTLED if outcome is Outcome.SETTLED else EXCLUDED))


def _is_repeat(as_of: datetime) -> ColumnElement[bool]:
    stood = select(CaseRepeat.case_id).where(
        CaseRepeat.linked_at < as_of, or_(CaseRepeat.unlinked_at.is_(None), CaseRepeat.unlinked_at >= as_of)
    )
    return Case.id.in_(stood)


def _one_of(*vocabularies: type[StrEnum]) -> Callable[[str], Any]:
    known: dict[str, StrEnum] = {member.value: member for kind in vocabularies for member in kind}

    def read(text: str) -> StrEnum:
        if text not in known:
            choices = ", ".join(known)
            raise Invalid(_("“%(text)s” is none of: %(choices)s.", text=text, choices=choices))
        return known[text]

    return read


def _code(text: str) -> str:
    if text != UNPLACED and not text.isdigit():
        raise Invalid(_("“%(text)s” is not the code of a unit.", text=text))
    return text


def _month(text: str) -> str:
    Period.month(text)
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "outcome": _one_of(Outcome, Ending),
    "kind": _one_of(CaseKind),
    "channel": _one_of(Channel, ChannelGroup),
    "community": _code,
    "grid": _code,
    "month": _month,
    "repeat": _one_of(Again),
    "drawn": _one_of(Drawn),
}
