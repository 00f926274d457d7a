"""A form that was sent after the sign-in had ended at rest: what stood in it is kept until its person is back.

It is kept by their browser for an hour, sealed (AES-256-GCM), and opens only for the person whose session had ended.
No file, no secret and nothing longer than a cookie holds is kept. WCAG 2.2, 2.2.5.
"""

import base64
import json
import re
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Request
from sqlmodel import Session, select
from werkzeug.wrappers import Response as BaseResponse

from web.accounts import sessions
from web.accounts.tables import WebSession
from web.settings import Settings

COOKIE = "evergreen_filled"
HOLDS_FOR = timedelta(hours=1)
LONGEST = 3_600
"""Characters of the cookie's value: browsers keep 4096 with its name and attributes."""
_LARGEST = 60_000
_SECRET = re.compile(r"secret|present|again|pin|digits|password|code|document", re.IGNORECASE)
_TOLD = re.compile(r"[\w\-./:]*", re.ASCII)
_NONCE, _PURPOSE = 12, b"a form that was interrupted"


@dataclass(frozen=True, slots=True)
class Filled:
    """Whose form it is, the path to which it was sent, and its fields in order."""

    person_id: UUID
    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """What the person wrote, without what only the form itself says."""
        return tuple(value for _name, value in self.fields if not _TOLD.fullmatch(value))


def _key(settings: Settings) -> bytes:
    kept = settings.session_key.get_secret_value()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"evergreen interrupted form").derive(kept)


def of_request(request: Request, session: Session, token: str, now: datetime) -> Filled | None:
    """What this request brought; None unless it is a form of somebody whose session ended by itself."""
    if request.method != "POST" or any(file.filename for file in request.files.values()):
        return None
    row = session.exec(select(WebSession).where(WebSession.token_digest == sessions.digest(token))).first()
    fields = tuple((k, v) for k, values in request.form.lists() for v in values if k != "csrf_token")
    if row is None or row.ended_at is not None or sessions.is_live(row, now) or not fields:
        return None
    if any(_SECRET.search(name) for name, _value in fields):
        return None
    return Filled(row.person_id, request.path, fields)


def seal(filled: Filled, settings: Settings, now: datetime) -> str | None:
    """It as a cookie's value; None where it is too long."""
    until = int((now + HOLDS_FOR).timestamp())
    body = json.dumps([until, filled.person_id.hex, filled.path, filled.fields], ensure_ascii=False).encode()
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(settings)).encrypt(nonce, zlib.compress(body, 9), _PURPOSE)
    value = base64.urlsafe_b64encode(nonce + sealed).decode()
    return value if len(value) <= LONGEST and len(body) <= _LARGEST else None


def keep(response: BaseResponse, sealed: str, settings: Settings) -> None:
    """Let the browser keep it."""
    response.set_cookie(
        COOKIE, sealed, max_age=int(HOLDS_FOR.total_seconds()), path="/", secure=settings.cookie_secure, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def kept(value: str, person_id: UUID, settings: Settings, now: datetime) -> Filled | None:
    """What is kept of that person; None for another's, for what is not ours, and for what holds no longer."""
    try:
        data = base64.urlsafe_b64decode(value[: LONGEST + 1])
        opened = AESGCM(_key(settings)).decrypt(data[:_NONCE], data[_NONCE:], _PURPOSE)
    except (ValueError, InvalidTag):
        return None
    until, owner, path, fields = json.loads(zlib.decompressobj().decompress(opened, _LARGEST))
    if UUID(owner) != person_id or now.timestamp() >= until:
        return None
    return Filled(person_id, path, tuple((name, told) for name, told in fields))


def drop(response: BaseResponse, settings: Settings) -> None:
    """Forget it."""
    response.delete_cookie(COOKIE, path="/", secure=settings.cookie_secure, httponly=True, samesite="Lax")
