"""How this person wants the bank shown: switches on every page, four pages of preferences, what carries them along."""

from web.views.display import beginning, carrying, settings, switching
from web.views.display.blueprint import blueprint

__all__ = ["beginning", "blueprint", "carrying", "settings", "switching"]
