"""What a column of a file can mean: the roles, their labels, and the codes of their words. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from app.core.i18n import lazy as _
from grid.vocabulary import Datum
from petitions.vocabulary import Anonymity, CaseKind, Channel, OrderType, UpstreamState, Urgency

ROLES: Mapping[str, object] = {
    "number": _("number of the order"),
    "title": _("title"),
    "body": _("text"),
    "received_at": _("moment of receipt"),
    "due_on": _("deadline"),
    "channel": _("channel"),
    "kind": _("kind of matter"),
    "order_type": _("type of order"),
    "urgency": _("urgency"),
    "category": _("category"),
    "address": _("address"),
    "community": _("community"),
    "status": _("status upstream"),
    "name": _("name"),
    "phone": _("phone"),
    "anonymous": _("anonymous or not"),
    "persons": _("number of persons"),
    "lon": _("longitude"),
    "lat": _("latitude"),
    "datum": _("datum of the point"),
}
"""Every role by its code, in the order in which a person is offered them."""

JOINED = frozenset({"address"})
"""Roles that may stand in several columns, which are read one behind the other."""


CODES: Mapping[str, type[StrEnum]] = {
    "channel": Channel,
    "kind": CaseKind,
    "order_type": OrderType,
    "urgency": Urgency,
    "datum": Datum,
    "anonymous": Anonymity,
    "status": UpstreamState,
}
"""Roles whose cells are words, each of which stands for a code."""
