"""The forms of a reception, read into what its verbs take; every fault named at its field."""

import re

from app.core.errors import Invalid
from app.core.i18n import lazy as _
from petitions.fields import (
    Faults,
    Form,
    demand,
    read_choice,
    read_day,
    read_name,
    read_number,
    read_phone,
    read_text,
    read_time,
)
from petitions.reception.bookings import MOST_PERSONS, Visit
from petitions.reception.days import Plan
from petitions.reception.outcomes import Matter, Said
from petitions.reception.vocabulary import ReceptionKind
from petitions.vocabulary import CaseKind

MAX_PLACE = 100
MAX_TEXT = 2000
MOST_SLOTS = 100
MOST_PEOPLE = 10**12


def read_plan(form: Form) -> Plan:
    """A reception day as it is to be."""
    faults: Faults = {}
    given = demand(
        faults,
        leader=read_number(form, "leader", 1, MOST_PEOPLE, faults),
        kind=read_choice(form, "kind", ReceptionKind, faults),
        place=read_text(form, "place", MAX_PLACE, faults),
        day=read_day(form, "day", faults),
        opens=read_time(form, "opens", faults),
        closes=read_time(form, "closes", faults),
        capacity=read_number(form, "capacity", 1, MOST_SLOTS, faults),
    )
    return Plan(leader_id=given.pop("leader"), **given)


def read_visit(form: Form) -> tuple[Visit, int]:
    """Who wants to come and why, and which slot they take."""
    faults: Faults = {}
    phone = read_phone(form, "phone", faults)
    representatives = read_number(form, "representatives", 1, MOST_PERSONS, faults)
    given = demand(
        faults,
        visitor=read_name(form, "visitor", faults),
        persons=read_number(form, "persons", 1, MOST_PERSONS, faults),
        matter=read_text(form, "matter", MAX_TEXT, faults),
        slot=read_number(form, "slot", 1, MOST_SLOTS, faults),
    )
    slot = given.pop("slot")
    return Visit(phone=phone, representatives=representatives, **given), slot


def read_target(form: Form) -> tuple[int, int]:
    """The day and the slot to which a booking moves, written as 12/3."""
    found = re.fullmatch(r"(\d{1,18})/(\d{1,3})", form.get("slot", ""), re.ASCII)
    if found is None:
        raise Invalid(_("Choose a slot."), fields={"slot": _("Choose a slot.")})
    return int(found[1]), int(found[2])


def read_said(form: Form) -> Said:
    """What the visitor was answered and promised."""
    faults: Faults = {}
    said = Said(
        answer=read_text(form, "answer", MAX_TEXT, faults),
        promise=read_text(form, "promise", MAX_TEXT, faults),
        until=read_day(form, "until", faults),
    )
    demand(faults)
    return said


def read_matter(form: Form) -> Matter:
    """The case that a booking becomes; what a case may not be is checked by `register`."""
    faults: Faults = {}
    kind = demand(faults, kind=read_choice(form, "kind", CaseKind, faults))["kind"]
    return Matter(
        kind=kind,
        body=form.get("body", "").strip(),
        title=form.get("title", "").strip() or None,
        address=form.get("address", "").strip() or None,
    )
