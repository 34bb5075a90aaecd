"""The demonstration street and its year 2020, made up from a seed."""
