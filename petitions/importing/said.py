"""What a new order says of itself on the page of a dry run: as it is sealed, and as a person reads it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from app.auth.actor import Actor
from app.core.canonical import canonical
from app.core.secrecy import mask_numbers
from petitions.intake import Intake
from petitions.models import Case
from petitions.models.imports import Mark
from petitions.queries import may_read_names
from petitions.sameness.several import Matter, matters_of
from petitions.vocabulary import CaseKind


@dataclass(frozen=True, slots=True)
class Said:
    """The number that an order bears upstream, its title, its address and the matters that it numbers."""

    number: str | None
    title: str
    address: str | None
    matters: Sequence[Matter] = ()


def matters_in(intake: Intake) -> tuple[Matter, ...]:
    """The matters of an order that can be split: no other kind of case is."""
    return matters_of(intake.body) if intake.kind is CaseKind.HOTLINE else ()


def several_marks(matters: Sequence[Matter]) -> tuple[Mark, ...]:
    """The mark of an order with several matters."""
    return (Mark.SEVERAL,) if matters else ()


def said_text(intake: Intake, matters: Sequence[Matter]) -> str:
    """What a new order says, in clear, as JSON; it is kept sealed only."""
    parts = [[matter.text, matter.address] for matter in matters]
    return canonical(
        {
            "number": intake.source_number,
            "title": intake.title,
            "address": intake.address,
            **({"matters": parts} if parts else {}),
        }
    )


def read_said(text: str) -> Said:
    """What was sealed, with every telephone and identity number masked."""
    found = json.loads(text)
    return Said(
        found["number"],
        mask_numbers(found["title"]),
        _masked(found["address"]),
        [Matter(mask_numbers(said), _masked(address)) for said, address in found.get("matters", ())],
    )


def said_by(case: Case, actor: Actor) -> Said:
    """What a case that the actor may see says, masked as in lists."""
    masked = (lambda text: text) if may_read_names(case, actor) else _masked
    return Said(case.source_number, masked(case.title) or "", masked(case.address))


def _masked(text: str | None) -> str | None:
    return mask_numbers(text) if text else None
