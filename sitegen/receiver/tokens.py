"""A signed moment and a number used once: the time trap, and what makes sending twice harmless."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets

import msgspec

_LIFE = 86_400  # seconds in which a form can be sent
_NONCE = 12


class Token(msgspec.Struct, frozen=True):
    """What a form carries from its making to its sending."""

    issued: int
    """Seconds since 1970."""
    nonce: bytes


class TokenMaker:
    """Makes and reads tokens; nobody without the secret can."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret."""
        self.secret = secret

    def make(self, now: dt.datetime) -> str:
        """Return a new token, in the letters of addresses."""
        data = int(now.timestamp()).to_bytes(5, "big") + secrets.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(data + self._sign(data)).decode("ascii")

    def read(self, text: str, now: dt.datetime) -> Token | None:
        """Return a token of ours that is not older than a day; None for anything else."""
        try:
            raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, UnicodeEncodeError, ValueError):
            return None
        data, signature = raw[: 5 + _NONCE], raw[5 + _NONCE :]
        if len(data) != 5 + _NONCE or not hmac.compare_digest(signature, self._sign(data)):
            return None
        issued = int.from_bytes(data[:5], "big")
        return Token(issued, data[5:]) if 0 <= now.timestamp() - issued <= _LIFE else None

    def _sign(self, data: bytes) -> bytes:
        return hmac.digest(self.secret, b"form" + data, "sha256")[:16]

    def comment_id(self, token: Token) -> str:
        """Return the id of the comment that a form becomes: the same however often it is sent."""
        day = dt.datetime.fromtimestamp(token.issued, dt.UTC).date().isoformat()
        return f"{day}-{hmac.digest(self.secret, b'id' + token.nonce, 'sha256').hex()[:12]}"

    def digest(self, *parts: str) -> str:
        """Return a digest of texts that tells nobody without the secret what they were."""
        packed = "\0".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")
        return hmac.new(self.secret, packed, hashlib.sha256).hexdigest()
