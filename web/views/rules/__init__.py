"""The rule editor: rules of conversion as sentences and forms, over the text that is proposed and published."""

from web.views.rules import pages
from web.views.rules.blueprint import blueprint

__all__ = ["blueprint", "pages"]
