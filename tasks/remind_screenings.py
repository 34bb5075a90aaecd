"""The tick of screenings: grids that owe a round an answer are told once before its last day is over."""

from datetime import datetime

from celery import shared_task

from app.auth.actor import SERVICE
from app.core import clock
from app.core.db import db, transaction
from petitions.screening.rounds import lock_due, remind


@shared_task(name="remind_screenings")
def remind_screenings() -> int:
    """Send the reminders that are due; returns of how many rounds."""
    return remind_due(clock.now())


def remind_due(now: datetime) -> int:
    """Remind of every round that is due at `now`, each in a transaction of its own."""
    reminded = 0
    while True:
        with transaction():
            screening = lock_due(db.session(), now)
            if screening is None:
                return reminded
            remind(db.session(), screening, actor=SERVICE, now=now)
        reminded += 1
