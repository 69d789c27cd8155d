"""Settings of the spacefleet project: one file, every deployment choice an environment variable.

A first run needs none of them: data, secrets and the SQLite file live in `SPACEFLEET_HOME`
(default `var/` in a checkout, `~/.local/share/spacefleet` where it is installed), and secrets
that are not given are made there once.
"""

import importlib.util
import logging
import os
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from spacefleet.secrets import check_keys, from_environment_or_file

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

CHECKOUT = (BASE_DIR / "manage.py").exists()
USERS_DATA = Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "spacefleet"
HOME = Path(
    env.str("SPACEFLEET_HOME", default=str(BASE_DIR / "var" if CHECKOUT else USERS_DATA))
).expanduser()
SECRET_KEY = from_environment_or_file("SECRET_KEY", HOME)
TOKEN_KEYS = from_environment_or_file("TOKEN_KEYS", HOME, kind="fernet").split(",")
check_keys(TOKEN_KEYS)


def whole_number(name: str, *, default: int, low: int, high: int) -> int:
    """The variable as a whole number; raises ImproperlyConfigured outside `low` to `high`."""
    text = env.str(name, default=str(default))
    if text.isdecimal() and low <= int(text) <= high:
        return int(text)
    raise ImproperlyConfigured(f"{name} is {text!r}; it must be a number from {low} to {high}.")


DEBUG = env.bool("DEBUG", default=False)
TESTING = "pytest" in sys.modules
if TESTING:  # a real hash takes half a second on purpose; tests make hundreds of users
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None

ROOT_URLCONF = "spacefleet.urls"
WSGI_APPLICATION = "spacefleet.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
USE_THOUSAND_SEPARATOR = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"

INSTALLED_APPS = [
    "spacefleet.apps.DeskConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_q",
    "spacefleet.apps.SpacefleetConfig",
    "fleet",
    "inventory",
    "allocation",
    "sales",
    "mining",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "spacefleet.welcome.door.FirstStart",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "spacefleet.zones.middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "spacefleet.zones.Backend",
]
# Guessing passwords: five wrong ones for a user from one address, then a pause. An address
# alone is not locked out, since everybody behind a proxy may share it.
AXES_FAILURE_LIMIT = whole_number("LOGIN_ATTEMPTS", default=5, low=1, high=1000)
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# What is written down of a failed attempt: never a password or a token, of any form.
AXES_SENSITIVE_PARAMETERS = [
    "username", "ip_address", "password1", "password2", "token", "account_token",
]  # fmt: skip

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" if CHECKOUT else BASE_DIR / "spacefleet" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "spacefleet.views.surroundings",
            ]
        },
    }
]

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE is the decisive word: with DEFERRED the step from reading to writing fails at
    # once under a second writer, whatever the timeout.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-32000;PRAGMA journal_size_limit=67108864"
    ),
}


def database() -> dict[str, Any]:
    """The database of DATABASE_URL, or the tuned SQLite file of the home folder."""
    try:
        found = env.db_url("DATABASE_URL", default=f"sqlite:///{HOME / 'spacefleet.sqlite3'}")
    except Exception as error:
        raise ImproperlyConfigured(
            f"DATABASE_URL cannot be read ({error}). Write it like "
            "postgres://user:password@host:5432/name or sqlite:////path/to/file."
        ) from error
    engine = found.get("ENGINE", "")
    if "sqlite3" in engine:
        found["OPTIONS"] = SQLITE_OPTIONS
        found["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
        HOME.mkdir(parents=True, exist_ok=True)
    elif "postgresql" in engine:
        if importlib.util.find_spec("psycopg") is None:
            raise ImproperlyConfigured(
                "DATABASE_URL names PostgreSQL, but its driver is missing here. "
                "Install it with: pip install 'psycopg[binary]'"
            )
        # Compiling a question of a page takes longer than answering it (measured).
        found.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    else:
        raise ImproperlyConfigured(
            f"DATABASE_URL names {engine or 'an unknown database'}; spacefleet runs on "
            "postgres:// and sqlite:/// only."
        )
    # django-q2 closes old connections at every broker call; without an age it reconnects each
    # time, measured 6 to 7 times slower.
    return {**found, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


SCRATCH = env.bool("SPACEFLEET_SCRATCH", default=False)
if SCRATCH:  # a run of the lab: everything in memory, gone with the process
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ":memory:",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "cached_statements": 1024},
        }
    }
    MIGRATION_MODULES = dict.fromkeys(
        (
            "spacefleet",
            "fleet",
            "inventory",
            "allocation",
            "sales",
            "mining",
            "django_q",
            "axes",
        )
    )
else:
    DATABASES = {"default": database()}

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns at each start without it
STATICFILES_DIRS = [BASE_DIR / "spacefleet" / "assets"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "spacefleet.charts.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG or TESTING
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_AUTOREFRESH = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # plotly.min.js adds one empty style element; these are the hashes of its two states.
        "style-src": [
            SELF,
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
            "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='",
        ],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}


NODE = env.str("SPACEFLEET_NODE", default=socket.gethostname())
STEP_THREADS = whole_number("SPACEFLEET_STEP_THREADS", default=8, low=1, high=64)
LAB_WORKERS = whole_number("SPACEFLEET_LAB_WORKERS", default=1, low=0, high=64)
# Each node has queues of its own. Measured settings: no kept successes (the monitor would read
# them all for each result), one prefetched task only (more would expire and run twice), and no
# time limit for dispatchers, which renew their place in the queue themselves.
Q_CLUSTER: dict[str, Any] = {
    "name": f"control-{NODE}",
    "label": "Background work",
    "orm": "default",
    "workers": 1,
    "timeout": 300,
    "retry": 330,
    "poll": 0.5,
    "queue_limit": 1,
    "bulk": 1,
    "save_limit": -1,
    "ack_failures": True,
    "max_attempts": 1,
    "catch_up": False,
    "ALT_CLUSTERS": {
        f"ships-{NODE}": {"workers": 2, "timeout": -1, "retry": 60, "queue_limit": 1},
        f"lab-{NODE}": {
            "workers": max(1, LAB_WORKERS),
            "timeout": -1,
            "retry": 3600,
            "queue_limit": 1,
        },
    },
}


def webhook(url: str) -> str:
    """The address alerts are posted to; raises ImproperlyConfigured without showing it."""
    if url and not url.startswith(("http://", "https://")):
        raise ImproperlyConfigured("ALERT_WEBHOOK must begin with https:// or http://.")
    return url


ALERT_WEBHOOK = webhook(env.str("ALERT_WEBHOOK", default=""))
ALERT_EMAILS = env.list("ALERT_EMAILS", default=[])
DEFAULT_FROM_EMAIL = env.str("ALERT_SENDER", default="spacefleet@localhost")
_mail = env.email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 5

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

SPACETRADERS_URL = env.str("SPACETRADERS_URL", default="http://127.0.0.1:8001/v2")
REAL_GAME_URL = "https://api.spacetraders.io/v2"

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured(
        f"LOG_LEVEL is {LOG_LEVEL!r}; it can be DEBUG, INFO, WARNING or ERROR."
    )
LOG_FORMAT = env.str("LOG_FORMAT", default="line").lower()
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it can be line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "spacefleet.logs.Lines",
            "fmt": "{asctime} {levelname:<7} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "spacefleet.logs.JSONLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # its own handler would print every line twice, and a line for each finished task
        "django-q": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "httpx": {"level": "WARNING"},
    },
}
