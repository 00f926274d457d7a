"""The blueprint that the modules of this package share."""

from flask import Blueprint

blueprint = Blueprint("regions", __name__)
