"""`dingfen category train`: what the tick of categories does, now and for one street."""

from app.core.errors import Conflict
from app.core.i18n import lazy as _
from petitions.categories_cli import AS_JSON, STREET, group, tell
from petitions.cli import street_named
from tasks.train_categories import train


@group.command("train")
@STREET
@AS_JSON
def train_(street: str | None, as_json: bool) -> None:
    """Learn the street's categories anew from its sorted cases, and tell how good the model is.

    \b
    Example: dingfen category train
    """
    model = train(street_named(street))
    if model is None:
        raise Conflict(_("Too few cases have a category: 100 are needed, and 10 of each of two categories."))
    tell(model, as_json)
