"""One matter of the demonstration year, as it comes in and with all that will happen to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.demo.addresses import Address
from app.demo.names import Person
from app.demo.script import Step


class Fate(StrEnum):
    """How a matter stands at the end of the year; void and diverted ones are not counted in any rate."""

    SETTLED = "settled"
    PENDING = "pending"
    VOID = "void"
    DIVERTED = "diverted"


@dataclass(frozen=True)
class Intake:
    """What is known when a matter comes in.

    `source` is how the export words the channel; `category` is a code and `category_label` its wording.
    `received_at` is aware, in Asia/Shanghai. `point` is longitude and latitude in `datum` as declared; most
    matters have neither. `upstream_due_on` is the last day the hotline wrote on its order.
    """

    source_number: str
    online_and_hotline: bool
    kind: str
    channel: str
    source: str
    order_type: str
    category: str
    category_label: str
    urgency: str
    received_at: datetime
    person: Person
    title: str
    body: str
    address: Address
    point: tuple[float, float] | None
    datum: str | None
    upstream_due_on: date | None


@dataclass(frozen=True)
class Matter:
    """An intake with its script; `ending` is None while it is open, `mediated` that it goes to mediation.

    The script of an open matter stops in the middle, or has not begun.
    """

    intake: Intake
    fate: Fate
    ending: str | None
    mediated: bool
    script: tuple[Step, ...]
