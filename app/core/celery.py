"""Celery inside the application context, as Flask's own documentation shows it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from celery import Celery, Task
from flask import Flask

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a tick last came, for a beat that has just started: it names each at once, then at its interval."""


def celery_init_app(app: Flask, *, ticks: Sequence[str], beat: Mapping[str, Any]) -> Celery:
    """Make the Celery of this application; every task runs inside its context.

    `ticks` are the modules whose tasks a worker knows, `beat` says when each is due. Beat keeps no file of
    what it has named: a killed one leaves it empty with Debian's Python, and a tick too many does no harm.
    """

    class AppTask(Task):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=AppTask)
    celery.config_from_object(app.config["CELERY"])
    due = {name: {**entry, "last_run_at": LONG_AGO} for name, entry in beat.items()}
    celery.conf.update(include=ticks, beat_schedule=due, beat_scheduler="celery.beat:Scheduler")
    celery.set_default()
    app.extensions["celery"] = celery
    return celery
