"""What the vocabularies of a mediation are called; the one place for their labels."""

from enum import StrEnum
from typing import Any

from app.core.i18n import lazy as _
from mediation.vocabulary import AgreementForm, MediationState, StartedBy

_ALL: dict[type[StrEnum], dict[Any, Any]] = {
    MediationState: {
        MediationState.IN_MEDIATION: _("in mediation"),
        MediationState.AGREED_WRITTEN: _("agreed in writing"),
        MediationState.AGREED_ORAL: _("agreed orally"),
        MediationState.FAILED: _("ended without agreement"),
    },
    StartedBy: {
        StartedBy.APPLICATION: _("On application of a party"),
        StartedBy.INITIATIVE: _("On the committee's own initiative"),
    },
    AgreementForm: {
        AgreementForm.WRITTEN: _("Written agreement"),
        AgreementForm.ORAL: _("Oral agreement"),
    },
}


def mediation_label(member: StrEnum) -> Any:
    """The lazy label of a member of any vocabulary of a mediation."""
    return _ALL[type(member)][member]
