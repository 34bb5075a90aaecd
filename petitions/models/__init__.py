"""The tables of cases: one noun to a file."""

from petitions.models.case import ADDRESS_KEY, OPEN, WAITING, Case
from petitions.models.history import CaseEnding, CaseEvent, CaseMove
from petitions.models.imports import (
    ImportLeftOut,
    ImportPiece,
    ImportRow,
    ImportRun,
    ImportSecret,
    ImportSplit,
)
from petitions.models.pair import CaseDismissal, CaseRepeat
from petitions.models.party import Party
from petitions.models.profile import ImportProfile
from petitions.models.seal import Seal
from petitions.models.series import NumberSeries

__all__ = [
    "ADDRESS_KEY",
    "OPEN",
    "WAITING",
    "Case",
    "CaseDismissal",
    "CaseEnding",
    "CaseEvent",
    "CaseMove",
    "CaseRepeat",
    "ImportLeftOut",
    "ImportPiece",
    "ImportProfile",
    "ImportRow",
    "ImportRun",
    "ImportSecret",
    "ImportSplit",
    "NumberSeries",
    "Party",
    "Seal",
]
