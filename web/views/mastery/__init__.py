"""From mastery to credit: what learners see and ask, what an institution's desk recognises and decides."""

from web.views.mastery import adopting, asking, deciding
from web.views.mastery.blueprint import blueprint

__all__ = ["adopting", "asking", "blueprint", "deciding"]
