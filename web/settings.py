"""Settings, read from the environment (prefix ``EVERGREEN_``) and from ``instance/settings.env``.

Secrets have no default: a bank without them refuses to start and says which is missing. ``credit-bank setup`` writes a
settings file with fresh ones.
"""

import base64
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretBytes, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

INSTANCE = Path("instance")
SETTINGS_FILE = INSTANCE / "settings.env"


def _secret(value: object) -> object:
    if isinstance(value, str):
        try:
            decoded = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
        except ValueError as error:
            raise ValueError("must be base64url") from error
        if len(decoded) != 32:
            raise ValueError("must be 32 bytes, in base64url")
        return decoded
    return value


Secret32 = Annotated[SecretBytes, BeforeValidator(_secret)]


class Settings(BaseSettings):
    """What an operator decides. Every field is documented in docs/reference/settings.md."""

    model_config = SettingsConfigDict(env_prefix="EVERGREEN_", env_file=SETTINGS_FILE, extra="ignore", frozen=True)

    database_url: str = f"sqlite:///{INSTANCE}/evergreen.sqlite"
    public_origin: str = Field(description="scheme, host and port signed into credentials; fixed at first issue")
    site_origin: str | None = Field(default=None, description="where pages are reached; the public origin unless set")
    bank_name_zh: str = "常青学分银行"
    bank_name_en: str = "Evergreen Credit Bank"
    help_phone: str = Field(default="", description="the telephone number of a person who helps, shown on every page")

    key_encryption_key: Secret32 = Field(description="encrypts private keys and learners' document keys at rest")
    identity_key: Secret32 = Field(description="keys the digests of identity numbers")
    identity_key_version: int = 1
    pepper: Secret32 = Field(description="goes into every PIN and password hash, kept apart from the database")
    session_key: Secret32 = Field(description="signs the form-protection cookie")

    cookie_secure: bool = True
    trusted_proxies: int = 0
    demo: bool = False
    publish_interval_seconds: float = 0.2
    connect_private: bool = Field(default=False, description="connected systems may stand at private addresses")
    speech_voice_dir: Path | None = Field(
        default=None, description="the folder of a neural voice; espeak-ng unless set"
    )
    voice_sherpa_dir: Path | None = Field(default=None, description="the folder of a sherpa-onnx model; off unless set")
    voice_vosk_dir: Path | None = Field(default=None, description="the folder of a Vosk model; off unless set")
    content_dir: Path = Field(default=Path("content"), description="the folder of the learning library")

    @field_validator("public_origin", "site_origin")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/") or parts.query:
            raise ValueError("must be an origin such as https://bank.example, without a path")
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError("must be https, except on this machine")
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def site(self) -> str:
        """The origin that links and QR codes point to."""
        return self.site_origin or self.public_origin
