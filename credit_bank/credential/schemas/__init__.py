"""Bundled JSON Schemas."""
