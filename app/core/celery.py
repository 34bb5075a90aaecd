"""Celery inside the application context, as Flask's own documentation shows it."""

from collections.abc import Mapping, Sequence
from typing import Any

from celery import Celery, Task
from flask import Flask


def celery_init_app(app: Flask, *, ticks: Sequence[str], beat: Mapping[str, Any]) -> Celery:
    """Make the Celery of this application; every task runs inside its context.

    `ticks` are the modules whose tasks a worker knows, `beat` says when each is due.
    """

    class AppTask(Task):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery(app.name, task_cls=AppTask)
    celery.config_from_object(app.config["CELERY"])
    celery.conf.update(include=ticks, beat_schedule=beat)
    celery.set_default()
    app.extensions["celery"] = celery
    return celery
