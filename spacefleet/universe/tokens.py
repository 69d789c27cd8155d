"""Bearer tokens: JWT-shaped, signed with a key that belongs to the world's seed."""

import base64
import hmac
import json
from hashlib import sha256

from .api.errors import refuse

VERSION = "v2.3.0"
AGENT = "agent-token"
ACCOUNT = "account-token"


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


_HEADER = _encode(b'{"alg":"HS256","typ":"JWT"}')


class Tokens:
    """Issues tokens of one era and reads them back."""

    def __init__(self, *, seed: int, reset_date: str) -> None:
        self._key = sha256(f"tokens of {seed}".encode()).digest()
        self.reset_date = reset_date
        self._known: dict[str, tuple[str, str]] = {}

    def issue(self, subject: str, identifier: str, *, issued_at: int) -> str:
        claims = {
            "identifier": identifier,
            "version": VERSION,
            "reset_date": self.reset_date,
            "iat": issued_at,
            "sub": subject,
        }
        payload = f"{_HEADER}.{_encode(json.dumps(claims, separators=(',', ':')).encode())}"
        return f"{payload}.{self._signature(payload)}"

    def read(self, token: str) -> tuple[str, str]:
        """Subject and identifier of a token of this era, else the refusal that fits."""
        known = self._known.get(token)
        if known is None:
            known = self._verify(token)
            if len(self._known) > 1024:
                self._known.clear()
            self._known[token] = known
        return known

    def _verify(self, token: str) -> tuple[str, str]:
        if not token:
            raise refuse(4100)
        payload, _, signature = token.rpartition(".")
        claims = self._claims(payload)
        self._expect(4109, VERSION, claims.get("version"))
        subject = claims.get("sub")
        if not subject:
            raise refuse(4101)
        if subject == AGENT:
            # The date is told before the signature is judged: a token of another universe
            # then reads as what it is to a fleet, one of an era that is over.
            self._expect(4113, self.reset_date, claims.get("reset_date"))
        elif subject != ACCOUNT:
            raise refuse(4102)
        if not hmac.compare_digest(signature, self._signature(payload)):
            raise refuse(4104)
        return str(subject), str(claims.get("identifier"))

    def _claims(self, payload: str) -> dict[str, object]:
        head, _, body = payload.partition(".")
        try:
            claims = json.loads(_decode(body)) if head else None
        except ValueError:
            claims = None
        if not isinstance(claims, dict):
            raise refuse(4104)
        return claims

    def _expect(self, code: int, expected: str, actual: object) -> None:
        if actual != expected:
            shown = {"expected": expected, "actual": actual}
            raise refuse(code, shown, **shown)

    def _signature(self, payload: str) -> str:
        return _encode(hmac.digest(self._key, payload.encode(), "sha256"))
