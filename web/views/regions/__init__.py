"""Other cities' credit banks: recognised by the administrators, used by learners who move."""

from web.views.regions import administering, moving
from web.views.regions.blueprint import blueprint

__all__ = ["administering", "blueprint", "moving"]
