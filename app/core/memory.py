"""How often Python looks for cycles."""

import gc

# A sweep or an import makes hundreds of thousands of objects in a row and hardly a cycle among them;
# at the default of 700 the collector takes a quarter of the time.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


def tune() -> None:
    """Collect seldom; for the processes that do bulk work."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
