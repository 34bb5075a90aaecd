"""The shell of Dingfen: factory, worker, command line and the pages that know every feature."""

from collections.abc import Mapping
from typing import Any

from flask import Flask


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """Build the application; `config` overrides what the environment says.

    The factory is imported late because it imports every feature, and features import `app.core`.
    """
    from app.factory import build_app

    return build_app(config)
