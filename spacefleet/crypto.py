"""Text that is encrypted at rest: tokens of agents and accounts."""

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


def cipher() -> MultiFernet:
    """The keys of TOKEN_KEYS: the first one encrypts, all of them decrypt (key rotation)."""
    return MultiFernet([Fernet(key.strip()) for key in settings.TOKEN_KEYS])


@lru_cache(maxsize=256)
def _opened(value: str, keys: tuple[str, ...]) -> str:
    """The text behind a ciphertext; raises InvalidToken when none of the keys fits."""
    return MultiFernet([Fernet(key) for key in keys]).decrypt(value.encode()).decode()


class EncryptedField(models.TextField):
    """A text column holding ciphertext; empty text stays empty.

    Reading with the wrong keys raises ImproperlyConfigured rather than handing out ciphertext.
    """

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        if not value:
            return value
        try:
            return _opened(value, tuple(key.strip() for key in settings.TOKEN_KEYS))
        except InvalidToken as error:
            raise ImproperlyConfigured(
                "A stored token cannot be decrypted with TOKEN_KEYS. Put the key it was "
                "written with back into TOKEN_KEYS (keys are separated by commas)."
            ) from error

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return cipher().encrypt(text.encode()).decode() if text else text
