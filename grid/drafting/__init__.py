"""Changing the boundaries of a street: edits on a draft, tried and checked before they are published."""
