"""Build the application: configuration, extensions, pages, answers to errors. It reads as a list."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask

import grid.aliases_web
import grid.channels_web
import grid.drafts_web
import grid.web
import mediation.web
import petitions.alike_web
import petitions.answers_web
import petitions.bookings_web
import petitions.categories_web
import petitions.columns_web
import petitions.going_web
import petitions.handover_web
import petitions.imports_web
import petitions.intake_web
import petitions.policy_web
import petitions.profiles_web
import petitions.push_web
import petitions.reception_web
import petitions.sameness_web
import petitions.screening_web
import petitions.teaching_web
import petitions.trial_web
import petitions.upstreams_web
import petitions.web
from app import home
from app.auth import audit_web, login, navigation
from app.auth import web as accounts
from app.calendar import loading_web as calendar_loading
from app.calendar import web as calendar
from app.config import from_environment
from app.core import formats, headers, i18n, secrecy
from app.core import settings as _settings  # noqa: F401  # a migration compares every table there is
from app.core.celery import celery_init_app
from app.core.db import db
from app.core.http import register_error_handlers
from app.core.migrate import migrate
from app.core.plain_text import PlainRequest
from app.notices import web as inbox
from grid.postings import load_actor
from mediation.proof import PROOF as MEDIATIONS
from petitions import verify
from tasks.schedule import BEAT, TICKS

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.bp,
    accounts.bp,
    audit_web.bp,
    inbox.bp,
    grid.web.bp,
    grid.channels_web.bp,
    grid.drafts_web.bp,
    grid.aliases_web.bp,
    petitions.web.bp,
    petitions.teaching_web.bp,
    petitions.intake_web.bp,
    petitions.profiles_web.bp,
    petitions.columns_web.bp,
    petitions.imports_web.bp,
    petitions.categories_web.bp,
    petitions.alike_web.bp,
    petitions.push_web.bp,
    petitions.upstreams_web.bp,
    petitions.going_web.bp,
    petitions.reception_web.bp,
    petitions.bookings_web.bp,
    petitions.screening_web.bp,
    petitions.answers_web.bp,
    petitions.policy_web.bp,
    petitions.handover_web.bp,
    petitions.trial_web.bp,
    petitions.sameness_web.bp,
    mediation.web.bp,
    calendar.bp,
    calendar_loading.bp,
)

# What is proved of a case beside what petitions itself proves.
PROOFS = (MEDIATIONS,)


def build_app(config: Mapping[str, Any] | None = None) -> Flask:
    """One application; nothing is created or migrated by building it."""
    app = Flask("app", instance_relative_config=False)
    app.config.from_mapping(from_environment())
    app.config.update(config or {})
    app.request_class = PlainRequest
    db.init_app(app)
    migrate.init_app(app, db)
    i18n.init_app(app)
    secrecy.init_app(app)
    formats.init_app(app)
    headers.init_app(app)
    navigation.init_app(app)
    login.init_app(app, load_actor)
    verify.init_app(app, PROOFS)
    celery_init_app(app, ticks=TICKS, beat=BEAT)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_error_handlers(app)
    return app
