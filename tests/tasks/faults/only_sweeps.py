"""The service's Celery with a beat that names the sweep and nothing else."""

from app.worker import celery

celery.conf.beat_schedule = {"escalate": celery.conf.beat_schedule["escalate"]}
