"""One chunk of a tick: a verb on each case it has locked, together or, where one fails, one by one."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from app.auth.actor import SERVICE
from app.core.db import db, is_lost
from app.core.logs import kind_and_place
from petitions.history import Step, record
from petitions.models import Case
from petitions.office import Office

_log = logging.getLogger(__name__)

CHUNK = 500

Verb = Callable[..., Step]
"""What is done to a case: it takes the case, the office, the actor and the moment."""


def record_each(cases: Sequence[Case], verb: Verb, office: Office, now: datetime) -> list[int]:
    """Record what the service does to each of the cases; returns the keys of those that stay as they are."""
    session = db.session()
    try:
        with session.begin_nested():
            record(session, [verb(case, office, actor=SERVICE, now=now) for case in cases])
    except Exception as error:
        if is_lost(error):
            raise
        if len(cases) == 1:
            _log.error("case %d stays where it is: %s", cases[0].id, kind_and_place(error))
            return [cases[0].id]
        return [failed for case in cases for failed in record_each([case], verb, office, now)]
    return []
