"""Read by a Python that runs under faketime: libfaketime 0.9.10 mistakes the moment until which it sleeps."""

import select
import time


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
