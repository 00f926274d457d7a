"""Comparing courses between institutions: which course of theirs is this one, how sure, and by what evidence."""
