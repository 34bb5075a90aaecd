"""What the standard library raises while it reads a zip archive that cannot be read."""

import zipfile
import zlib

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""A broken structure, broken contents, an early end, a compression that it does not know, a locked entry."""
