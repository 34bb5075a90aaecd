"""The verbs of a mediation. An agreement settles its case in the same step (人民调解法 Art 28 to 31)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.auth.actor import Actor
from app.core.calendar import WorkingCalendar
from app.core.clock import local_day
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import lazy as _
from app.core.secrecy import vault
from grid.tree import Node
from mediation.dossier import DETAIL, dossier_digest
from mediation.models import Agreement, Mediation, MediationParty, MediationSession
from mediation.vocabulary import AgreementForm, MediationState, StartedBy
from petitions.handling.step import ended, given, step
from petitions.history import Step, record
from petitions.models import Case
from petitions.office import Office
from petitions.rules.catalogue import by_code
from petitions.rules.deadlines import deadline_moment
from petitions.sameness.following import carry_out
from petitions.serials import take_serials
from petitions.vocabulary import Ending, Verb


@dataclass(frozen=True, slots=True)
class Side:
    """One party as it comes to the table."""

    name: str
    phone: str | None = None
    is_applicant: bool = False
    consented: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed: `amount` in yuan, `perform_by` a day in Asia/Shanghai."""

    form: AgreementForm
    content: str
    amount: Decimal | None = None
    perform_by: date | None = None


def open_mediation(
    session: Session,
    case: Case,
    office: Office,
    *,
    mediator: str,
    started_by: StartedBy,
    sides: Sequence[Side],
    actor: Actor,
    now: datetime,
) -> Mediation:
    """Accept a mediation; one party's clear refusal forbids it (人民调解法 Art 17)."""
    if len(sides) < 2:
        raise Invalid(_("A mediation needs at least two parties."), fields={"sides": _("Name both parties.")})
    if not all(side.name.strip() for side in sides):
        raise Invalid(_("Name every party."), fields={"sides": _("Name every party.")})
    if not all(side.consented for side in sides):
        raise Conflict(
            _("A party refuses mediation, so it may not begin. Tell the parties their other ways.")
        )
    done = step(case, Verb.OPEN_MEDIATION, actor, now, {})
    number = _number(session, office.tree[case.street_id], local_day(now).year)
    mediation = Mediation(
        case_id=case.id,
        street_id=case.street_id,
        number=number,
        state=MediationState.IN_MEDIATION,
        started_by=started_by,
        mediator=mediator,
        accepted_at=now,
        due_at=_due(now, office.calendar),
    )
    session.add(mediation)
    session.flush()
    session.add_all(
        MediationParty(
            mediation_id=mediation.id,
            name=side.name.strip(),
            phone=side.phone,
            is_applicant=side.is_applicant,
            consented=True,
        )
        for side in sides
    )
    session.flush()
    record(session, [_telling(session, done, mediation)])
    return mediation


def hold_session(
    session: Session,
    case: Case,
    *,
    held_at: datetime,
    place: str,
    text: str,
    actor: Actor,
    now: datetime,
) -> MediationSession:
    """Write down one meeting of the parties (调解笔录)."""
    mediation = running(session, case)
    # The form tells the time to the minute, so a session may be noted in the minute of the opening.
    if not mediation.accepted_at.replace(second=0, microsecond=0) <= held_at <= now:
        raise Invalid(
            _("A session lies between the mediation's start and now."),
            fields={"held_at": _("Check the time.")},
        )
    done = step(case, Verb.HOLD_SESSION, actor, now, {})
    meeting = MediationSession(mediation_id=mediation.id, held_at=held_at, place=place, record=given(text))
    session.add(meeting)
    session.flush()
    record(session, [_telling(session, done, mediation)])
    return meeting


def agree(session: Session, case: Case, terms: Terms, *, actor: Actor, now: datetime) -> Agreement:
    """Conclude the agreement and settle the case: one verb, one event.

    What was agreed is personal and stands in the agreement; the event keeps a keyed digest that proves it.
    """
    if terms.amount is not None and terms.amount < 0:
        raise Invalid(_("An amount cannot be negative."), fields={"amount": _("Check the amount.")})
    content = given(terms.content)
    mediation = running(session, case)
    written = terms.form is AgreementForm.WRITTEN
    done = step(
        case,
        Verb.AGREE,
        actor,
        now,
        ended(Ending.SETTLED_BY_AGREEMENT, now),
        detail={
            "form": terms.form.value,
            "content": f"hmac:{vault().digest(content).hex()}",
        },
    )
    mediation.state = MediationState.AGREED_WRITTEN if written else MediationState.AGREED_ORAL
    mediation.ended_at = now
    agreement = Agreement(
        mediation_id=mediation.id,
        form=terms.form,
        content=content,
        amount=terms.amount,
        perform_by=terms.perform_by,
        agreed_at=now,
    )
    session.add(agreement)
    session.flush()
    carry_out(session, [_telling(session, done, mediation)])
    return agreement


def fail(session: Session, case: Case, *, reason: str, actor: Actor, now: datetime) -> Mediation:
    """End without agreement; the case goes on by its other ways (人民调解法 Art 26)."""
    mediation = running(session, case)
    done = step(case, Verb.FAIL_MEDIATION, actor, now, {}, given(reason))
    mediation.state, mediation.ended_at, mediation.end_reason = MediationState.FAILED, now, reason.strip()
    session.flush()
    record(session, [_telling(session, done, mediation)])
    return mediation


def running(session: Session, case: Case) -> Mediation:
    """The mediation now running for `case`; raises NotFound where there is none."""
    found = session.scalar(
        select(Mediation).where(Mediation.case_id == case.id, Mediation.ended_at.is_(None)).with_for_update()
    )
    if found is None:
        raise NotFound(_("No mediation is running for this case."))
    return found


def _telling(session: Session, done: Step, mediation: Mediation) -> Step:
    """The step with which mediation it is about, and the digest of all that is now written of it."""
    told = {"mediation": mediation.number, DETAIL: dossier_digest(session, mediation.id)}
    return replace(done, detail={**told, **done.detail})


def _number(session: Session, street: Node, year: int) -> str:
    """（2020）环市人调字第 001 号: the serial restarts each year (DOMAIN D.2)."""
    serial = next(take_serials(session, street.code, "mediation", year))
    return f"（{year}）{street.name.removesuffix('街道')}人调字第 {serial:03d} 号"


def _due(now: datetime, calendar: WorkingCalendar) -> datetime | None:
    limit = by_code("dispute_default").steps["handle"]
    return deadline_moment(limit, now, calendar).at
