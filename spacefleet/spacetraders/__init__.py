"""The game over HTTP: a typed client and the request budget of a lane. No Django in here."""

from . import errors, payloads
from .budget import Budget, Limits, Usage
from .calls import Call, Request, Tags
from .client import Client
from .endpoints.base import system_of

__all__ = [
    "Budget",
    "Call",
    "Client",
    "Limits",
    "Request",
    "Tags",
    "Usage",
    "errors",
    "payloads",
    "system_of",
]
