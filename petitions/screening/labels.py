"""What the acts of a screening are called; the one place for their labels."""

from typing import Any

from app.core.i18n import lazy as _
from petitions.screening.vocabulary import ScreeningAct

_ACT = {
    ScreeningAct.OPEN: _("Open the round"),
    ScreeningAct.REMIND: _("Remind who has not answered"),
    ScreeningAct.FIND_NOTHING: _("Nothing found"),
    ScreeningAct.REPORT: _("Report a finding"),
    ScreeningAct.RETRACT: _("Take the finding back"),
    ScreeningAct.CLOSE: _("Close the round"),
}


def screening_label(act: ScreeningAct) -> Any:
    """The lazy label of an act of a screening."""
    return _ACT[act]
