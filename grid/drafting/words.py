"""What an edit did, in the words of the history of a draft."""

from collections.abc import Callable, Iterable
from typing import Any

from app.core.i18n import lazy as _
from grid.drafting.edits import Edit
from grid.drafting.land import Land
from grid.vocabulary import EditKind

Named = Callable[[str], str]

_WORDS: dict[EditKind, Callable[[Any, Named], Any]] = {
    EditKind.REDRAW: lambda edit, named: _(
        "Border of %(grids)s shifted", grids=_list(named, sorted(edit.outlines))
    ),
    EditKind.SPLIT: lambda edit, named: _(
        "%(grid)s split; the new part is %(new)s", grid=named(edit.grid), new=edit.name
    ),
    EditKind.MERGE: lambda edit, named: _("%(grids)s united", grids=_list(named, edit.grids)),
    EditKind.ADD: lambda edit, _named: _("%(new)s drawn", new=edit.name),
    EditKind.CLOSE: lambda edit, named: (
        _("%(grid)s closed; its land falls to %(heir)s", grid=named(edit.grid), heir=named(edit.heir))
        if edit.heir
        else _("%(grid)s closed", grid=named(edit.grid))
    ),
    EditKind.MOVE: lambda edit, named: _(
        "%(grid)s moved to %(community)s", grid=named(edit.grid), community=named(edit.community)
    ),
    EditKind.DESCRIBE: lambda edit, named: _("%(grid)s described anew", grid=named(edit.grid)),
}


def edit_words(edit: Edit, before: Land) -> Any:
    """One sentence on the edit of the land as it was before it."""

    def named(code: str) -> str:
        return before.units[code].name if code in before.units else code

    return _WORDS[edit.kind](edit, named)


def _list(named: Named, codes: Iterable[str]) -> str:
    return "、".join(named(code) for code in codes)
