"""The bank as the use cases see it, made from the settings."""

import secrets
from datetime import UTC, datetime

from flask import current_app

from credit_bank.bank import Bank
from web.settings import Settings


def _now() -> datetime:
    return datetime.now(UTC)


def make_bank(settings: Settings) -> Bank:
    """The bank of these settings, on the machine's clock and the operating system's randomness."""
    return Bank(
        origin=settings.public_origin,
        name=settings.bank_name_zh,
        kek=settings.key_encryption_key.get_secret_value(),
        identity_keys={settings.identity_key_version: settings.identity_key.get_secret_value()},
        clock=_now,
        random_bytes=secrets.token_bytes,
        randbelow=secrets.randbelow,
        name_en=settings.bank_name_en,
    )


def bank() -> Bank:
    """The application's bank."""
    found: Bank = current_app.extensions["evergreen_bank"]
    return found


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.extensions["evergreen_settings"]
    return found
