"""The narrowed list of cases as rows of text: the same cases in the same order, in the words of the page."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from app.auth.actor import Actor
from app.core.formats import moment
from app.core.i18n import lazy as _
from grid.labels import tier_label
from petitions.labels import label
from petitions.limits import case_light
from petitions.models import Case
from petitions.office import Office
from petitions.queries import shown
from petitions.vocabulary import Ending
from petitions.words import light_word, place_name

HEADINGS = (
    _("Case number"),
    _("Order number"),
    _("Kind"),
    _("Channel"),
    _("Urgency"),
    _("Title"),
    _("Where"),
    _("Holder"),
    _("Tier"),
    _("State"),
    _("Light"),
    _("Limit of this unit"),
    _("Limit of the whole case"),
    _("Received at"),
    _("Registered at"),
    _("Ending"),
    _("Ended"),
    _("times escalated"),
)


def case_rows(cases: Iterable[Case], office: Office, actor: Actor, now: datetime) -> Iterator[list[str]]:
    """One row for each case below `HEADINGS`; numbers in a title are masked for who may not read them."""
    for case in cases:
        yield [str(value) for value in _row(case, office, actor, now)]


def _row(case: Case, office: Office, actor: Actor, now: datetime) -> list[Any]:
    tree, light = office.tree, case_light(case, now, office.calendar)
    return [
        case.number,
        case.source_number if case.source != "form" else "",
        label(case.kind),
        label(case.channel),
        label(case.urgency),
        shown(case.title, case, actor),
        place_name(tree, case.community_id, case.grid_id),
        tree[case.holder_id].name if case.holder_id in tree.nodes else "",
        tier_label(case.holder_tier),
        label(case.state),
        light_word(light),
        moment(case.tier_due_at) if case.tier_due_at else "",
        moment(case.due_at) if case.due_at and case.ending is not Ending.VOID else "",
        moment(case.received_at),
        moment(case.registered_at),
        label(case.ending) if case.ending else "",
        moment(case.ended_at) if case.ended_at else "",
        case.escalations,
    ]
