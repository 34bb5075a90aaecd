"""Dated rules: which limits a case runs under, when each ends, and how long a tier may keep it."""
