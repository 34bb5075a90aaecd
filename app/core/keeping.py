"""How long personal fields that are needed for a while only are kept."""

from datetime import timedelta

from flask import current_app


def import_keep_time() -> timedelta:
    """How long a file that was tried, and what can be undone or mended of an import, is kept."""
    return timedelta(days=current_app.config["IMPORT_KEEP_DAYS"])
