"""The tables of cases: one noun to a file."""

from petitions.models.case import ADDRESS_KEY, OPEN, WAITING, Case
from petitions.models.category import CategoryModel, CategorySuggestion
from petitions.models.history import CaseEnding, CaseEvent, CaseMove
from petitions.models.imports import (
    ImportComparison,
    ImportLeftOut,
    ImportPiece,
    ImportRow,
    ImportRun,
    ImportSecret,
    ImportSplit,
    InboxFile,
    InboxRun,
)
from petitions.models.pair import CaseDismissal, CaseLikeness, CaseRepeat
from petitions.models.party import Party
from petitions.models.profile import ImportProfile
from petitions.models.seal import Seal
from petitions.models.series import NumberSeries
from petitions.models.undoing import ImportUndoing
from petitions.models.upstream import PushDelivery, PushedRun, PushRefusal, PushSignature, Upstream

__all__ = [
    "ADDRESS_KEY",
    "OPEN",
    "WAITING",
    "Case",
    "CaseDismissal",
    "CaseEnding",
    "CaseEvent",
    "CaseLikeness",
    "CaseMove",
    "CaseRepeat",
    "CategoryModel",
    "CategorySuggestion",
    "ImportComparison",
    "ImportLeftOut",
    "ImportPiece",
    "ImportProfile",
    "ImportRow",
    "ImportRun",
    "ImportSecret",
    "ImportSplit",
    "ImportUndoing",
    "InboxFile",
    "InboxRun",
    "NumberSeries",
    "Party",
    "PushDelivery",
    "PushRefusal",
    "PushSignature",
    "PushedRun",
    "Seal",
    "Upstream",
]
