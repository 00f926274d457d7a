"""The author's view: questions that mislead, and how hard the forms are to read."""

from web.views.author import misleading, reading
from web.views.author.blueprint import blueprint

__all__ = ["blueprint", "misleading", "reading"]
