"""What a list of cases may be narrowed by, read from the query string of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.cohort import Cohort
from petitions.vocabulary import CaseKind, Channel, ChannelGroup


class Standing(StrEnum):
    """Which cases by how they stand; `mine` are open ones that the actor's own units hold, `gone_up` open
    ones that went up from there and are with a unit above.
    """

    OPEN = "open"
    MINE = "mine"
    OVERDUE = "overdue"
    GONE_UP = "gone_up"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Filters:
    """A narrowed list. `unit` is a code; `cohort` is set where the rows behind a figure are asked for."""

    standing: Standing
    now: datetime
    kind: CaseKind | None = None
    channel: Channel | ChannelGroup | None = None
    unit: str | None = None
    cohort: Cohort | None = None

    def to_args(self) -> dict[str, str]:
        """The query string that `read_filters` reads."""
        given = {"kind": self.kind, "channel": self.channel, "unit": self.unit}
        narrow = {name: str(text) for name, text in given.items() if text}
        period = self.cohort.to_args() if self.cohort else {}
        return {**period, "standing": self.standing.value, **narrow}


def read_filters(args: Mapping[str, str], *, now: datetime) -> Filters:
    """Read a query string; raises Invalid where it names something that does not exist."""
    if bool(args.get("from", "").strip()) != bool(args.get("to", "").strip()):
        raise Invalid(_("A period needs its first day and the day after its last."))
    unit = args.get("unit", "").strip()
    if unit and not unit.isdigit():
        raise Invalid(_("“%(text)s” is not the code of a unit.", text=unit))
    cohort = Cohort.from_args(args, now=now)
    standing = args.get("standing") or (Standing.ALL if cohort else Standing.OPEN)
    return Filters(
        standing=_member(standing, Standing),
        now=now,
        kind=_member(args["kind"], CaseKind) if args.get("kind") else None,
        channel=_member(args["channel"], Channel, ChannelGroup) if args.get("channel") else None,
        unit=unit or None,
        cohort=cohort,
    )


def _member(text: str, *vocabularies: type[StrEnum]) -> Any:
    for vocabulary in vocabularies:
        if text in {member.value for member in vocabulary}:
            return vocabulary(text)
    raise Invalid(_("“%(text)s” is not a choice of this list. Choose again.", text=text))
