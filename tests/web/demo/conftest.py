"""The demo city, as the command line makes it."""

from tests.web.cli.conftest import city, city_instance, folder

__all__ = ["city", "city_instance", "folder"]
