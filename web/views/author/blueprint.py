"""The author's blueprint."""

from flask import Blueprint

blueprint = Blueprint("author", __name__)
