"""The blueprint of the display settings."""

from flask import Blueprint

blueprint = Blueprint("display", __name__)
