"""The forms of a screening, read into what its verbs take; every fault named at its field."""

from datetime import datetime

from petitions.fields import Faults, Form, demand, read_day, read_text
from petitions.forms import read_intake
from petitions.intake import Intake
from petitions.screening.rounds import Order
from petitions.vocabulary import CaseKind

MAX_TITLE = 100
MAX_TEXT = 2000


def read_order(form: Form) -> Order:
    """A round as it is to be."""
    faults: Faults = {}
    given = demand(
        faults,
        title=read_text(form, "title", MAX_TITLE, faults),
        instruction=read_text(form, "instruction", MAX_TEXT, faults),
        first_day=read_day(form, "first_day", faults),
        last_day=read_day(form, "last_day", faults),
    )
    return Order(**given)


def read_finding(form: Form, *, now: datetime) -> Intake:
    """What was found, with the fields of the intake form."""
    return read_intake({**form, "kind": CaseKind.DISPUTE.value, "channel": ""}, now=now)
