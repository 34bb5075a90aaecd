"""Reading the mediations of a case that the asker may see."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mediation.models import Agreement, Mediation, MediationParty, MediationSession
from petitions.models import Case


@dataclass(frozen=True, slots=True)
class Dossier:
    """One mediation with all that belongs to it."""

    mediation: Mediation
    agreement: Agreement | None
    parties: Sequence[MediationParty]
    sessions: Sequence[MediationSession]


def list_dossiers(session: Session, case: Case) -> list[Dossier]:
    """Every mediation of the case, the latest first; at most three statements however many there are."""
    query = select(Mediation, Agreement).outerjoin(Agreement, Agreement.mediation_id == Mediation.id)
    query = query.where(Mediation.case_id == case.id).order_by(
        Mediation.accepted_at.desc(), Mediation.id.desc()
    )
    found = session.execute(query).all()
    if not found:
        return []
    ids = [mediation.id for mediation, _agreement in found]
    parties = session.scalars(
        select(MediationParty).where(MediationParty.mediation_id.in_(ids)).order_by(MediationParty.id)
    ).all()
    sessions = session.scalars(
        select(MediationSession)
        .where(MediationSession.mediation_id.in_(ids))
        .order_by(MediationSession.held_at)
    ).all()
    return [
        Dossier(
            mediation,
            agreement,
            [party for party in parties if party.mediation_id == mediation.id],
            [meeting for meeting in sessions if meeting.mediation_id == mediation.id],
        )
        for mediation, agreement in found
    ]
