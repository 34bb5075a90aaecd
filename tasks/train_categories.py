"""The tick of categories: a street whose people have sorted enough new cases gets a new model."""

import logging
from datetime import datetime

from celery import shared_task
from flask import current_app
from sqlalchemy.orm import Session

from app.core.db import database_now, db, transaction
from app.core.logs import kind_and_place
from grid.models import Unit
from petitions.categories import learning
from petitions.categories.suggesting import suggest_again
from petitions.models import CategoryModel

_log = logging.getLogger(__name__)


@shared_task(name="train_categories")
def train_categories() -> int:
    """Train where it is due; returns for how many streets."""
    return train_due()


def train_due() -> int:
    """Train for every street that has sorted enough new cases; returns for how many."""
    return sum(_tried(street_id) for street_id in learning.list_streets(db.session()))


def _tried(street_id: int) -> bool:
    """One street; another is not held up where this one cannot be trained."""
    try:
        with transaction():
            if not learning.is_due(db.session(), street_id, database_now(db.session())):
                return False
        return train(street_id) is not None
    except Exception as error:
        _log.error("no model for street %d: %s", street_id, kind_and_place(error))
        return False


def train(street_id: int) -> CategoryModel | None:
    """Train now; None where the street has too few sorted cases. No transaction is open meanwhile."""
    # Imported here because it takes two seconds, which nobody else should wait for.
    from petitions.categories.training import Example, train, usable

    with transaction():
        found = learning.examples(db.session(), street_id)
    kept = usable([Example(*each) for each in found])
    if not kept:
        return None
    model, quality = train(kept, precision=current_app.config["CATEGORY_PRECISION"])
    with transaction():
        session = db.session()
        now = _lock(session, street_id)
        row = learning.keep(session, street_id, model, quality, seen=len(found), now=now)
        suggest_again(session, street_id, now)
    _log.info("street %d: a model of %d cases, macro F1 %.3f", street_id, quality.examples, quality.macro_f1)
    return row


def _lock(session: Session, street_id: int) -> datetime:
    """One training of a street is kept at a time."""
    session.get_one(Unit, street_id, with_for_update={"key_share": True})
    return database_now(session)
