"""Secrets of an installation: from the environment, from a named file, or made once at home."""

import os
import re
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


def from_environment_or_file(name: str, home: Path, *, kind: str = "text") -> str:
    """The secret `name`: the variable NAME, else the file NAME_FILE points to, else a file of
    its own in `home`, written at the first call and readable by its owner only.

    `kind` says what to make: "text" is 50 random characters, "fernet" a key for encryption.
    """
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return _read(f"{name}_FILE", Path(path).expanduser())
    return _kept_in(home / "secrets" / name.lower(), kind)


HIDDEN = "[hidden]"

_SECRET = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # a token of the game is a JWT, and begins like one
    r"|(?<=Bearer )[^\s\"']{8,}"
    r"|(?<=://)[^/\s:@\"']*:[^/\s@\"']+(?=@)"  # user:password of a database or a proxy
)


def redact(text: str) -> str:
    """The text without what looks like a token or a password: for logs, errors and alerts.

    The second line of defence: the first is that no message of ours is made of one.
    """
    return _SECRET.sub(HIDDEN, text)


def check_keys(keys: list[str]) -> None:
    """Raise ImproperlyConfigured for keys that cannot encrypt; no key is ever shown."""
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key.strip())
        except ValueError as error:
            raise ImproperlyConfigured(
                f"Key {place} of {len(keys)} in TOKEN_KEYS is none: a key is 32 random bytes in "
                'URL-safe base64. Make one with: python -c "from cryptography.fernet import '
                'Fernet; print(Fernet.generate_key().decode())"'
            ) from error


def _read(variable: str, path: Path) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{variable} names a file nobody can read: {error}"
        ) from error
    if not secret:
        raise ImproperlyConfigured(f"{variable} names {path}, which is empty.")
    return secret


def _kept_in(path: Path, kind: str) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, _make(kind))
    return path.read_text(encoding="utf-8").strip()


def _make(kind: str) -> str:
    if kind == "fernet":
        return urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(50)


def write_private(path: Path, text: str) -> None:
    """Create `path` with `text`, readable by its owner only; a file that is there stays.

    Written beside and linked into place, so that nobody ever reads half a secret.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process of the first run was quicker; its secret holds
    finally:
        draft.unlink()
