"""Everything in one terminal: a private PostgreSQL and Redis, and the three processes over them.

This is the ceiling of the imports: it may use every feature, and nothing below may use it.
"""
