"""What the standard library raises while it reads a zip archive that cannot be read."""

import zipfile
import zlib

DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""A broken structure, broken contents, an early end, and a locked entry.

For a compression that it does not know it raises NotImplementedError, which is a RuntimeError as well.
"""
