"""Comparing courses between institutions: for its staff, with suggestions; for anybody, what was published."""

from web.views.comparing import deciding, looking, public
from web.views.comparing.blueprint import blueprint

__all__ = ["blueprint", "deciding", "looking", "public"]
