"""States and forms of a mediation (DOMAIN D, H.3)."""

from enum import StrEnum


class MediationState(StrEnum):
    """Where a mediation stands."""

    IN_MEDIATION = "in_mediation"
    AGREED_WRITTEN = "agreed_written"
    AGREED_ORAL = "agreed_oral"
    FAILED = "failed"


class StartedBy(StrEnum):
    """案件来源: by application of a party, or by the committee itself (人民调解法 Art 17)."""

    APPLICATION = "application"
    INITIATIVE = "initiative"


class AgreementForm(StrEnum):
    """人民调解法 Art 28."""

    WRITTEN = "written"
    ORAL = "oral"
