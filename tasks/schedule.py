"""Beat: what runs when. Beat only names a tick; the tick finds its work in the tables."""

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "escalate": {"task": "escalate", "schedule": 60.0, "options": {"expires": 60}},
    "start_clocks": {"task": "start_clocks", "schedule": 60.0, "options": {"expires": 60}},
    "deliver_notices": {"task": "deliver_notices", "schedule": 15.0, "options": {"expires": 15}},
    "run_imports": {"task": "run_imports", "schedule": 5.0, "options": {"expires": 5}},
    "remind_screenings": {"task": "remind_screenings", "schedule": 600.0, "options": {"expires": 600}},
}

TICKS = (
    "tasks.deliver_notices",
    "tasks.escalate",
    "tasks.imports",
    "tasks.remind_screenings",
    "tasks.start_clocks",
)
