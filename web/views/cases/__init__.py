"""A learner's applications: for recognition and conversion, with their progress, decisions and appeals."""

from web.views.cases import applying, mine, promising
from web.views.cases.blueprint import blueprint

__all__ = ["applying", "blueprint", "mine", "promising"]
