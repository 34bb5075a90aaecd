"""Where Celery finds the application: `celery -A app.worker worker` and `... beat`."""

import warnings

from celery.platforms import SecurityWarning

from app import create_app
from app.config import worker_settings
from app.core import memory

# Tasks carry ids in JSON, never pickles, so a worker started by root executes nothing that it is sent.
warnings.filterwarnings("ignore", category=SecurityWarning)

memory.tune()
celery = create_app(worker_settings()).extensions["celery"]
