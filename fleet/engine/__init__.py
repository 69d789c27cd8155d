"""The engine: a dispatcher drives the due ships and evaluators of one lane, a step at a time."""

from .dispatcher import Dispatcher
from .steps import LeaseLost

__all__ = ["Dispatcher", "LeaseLost"]
