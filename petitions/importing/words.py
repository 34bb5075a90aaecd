"""What becomes of imports and their rows, in words."""

from app.core.i18n import lazy as _
from petitions.importing.outcome import Verdict
from petitions.models.imports import Mark, RunState

ROWS = {
    Verdict.CREATED: _("new"),
    Verdict.CHANGED: _("changed"),
    Verdict.UNCHANGED: _("unchanged"),
    Verdict.REFUSED: _("refused"),
    Mark.ALIKE: _("perhaps known"),
    Mark.SEVERAL: _("several matters"),
    Mark.DESK: _("without a place"),
    Mark.STATUS: _("otherwise upstream"),
    Mark.OTHERWISE: _("otherwise in the file, not taken over"),
    Mark.UNREAD: _("a word or date not read"),
    Mark.LEFT_OUT: _("left out"),
}
STATES = {
    RunState.ASKING: _("columns to be said"),
    RunState.OPEN: _("waiting or running"),
    RunState.TRIED: _("tried, waits for your word"),
    RunState.DONE: _("brought in"),
    RunState.GONE: _("tried, then brought in"),
    RunState.CANCELLED: _("cancelled"),
    RunState.DROPPED: _("tried, then dropped"),
    RunState.FAILED: _("failed"),
    RunState.UNDONE: _("undone"),
}
LIGHTS = {
    RunState.ASKING: "yellow",
    RunState.OPEN: "yellow",
    RunState.TRIED: "yellow",
    RunState.DONE: "green",
    RunState.FAILED: "red",
}
