"""The settings of a server: what Django checks before a deployment finds nothing to say."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVER = {
    "HTTPS": "yes",
    "ALLOWED_HOSTS": "fleet.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://fleet.example.org",
}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A new installation, away from the tests' own."""
    clean = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    return {**clean, "SPACEFLEET_HOME": str(tmp_path), "PYTHONWARNINGS": "error"}


def manage(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=ROOT)


def test_django_has_nothing_to_say_about_a_server(home: dict[str, str]) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", env={**home, **SERVER})

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_without_https_it_would_say_so(home: dict[str, str]) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", env=home)

    assert done.returncode == 1
    assert "SECURE_SSL_REDIRECT" in done.stderr


def test_a_server_answers_with_every_header_that_protects(home: dict[str, str]) -> None:
    asked = """
import django; django.setup()
from django.test import Client
client = Client(headers={"host": "fleet.example.org", "x-forwarded-proto": "https"})
for name, value in client.get("/health/").headers.items(): print(name, value, sep=": ")
plain = Client(headers={"host": "fleet.example.org"}).get("/login/")
print("plain", plain.status_code, plain.headers["Location"])
from django.conf import settings
print("cookies", settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
print("sessions", settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)
"""
    env = {**home, **SERVER, "DJANGO_SETTINGS_MODULE": "spacefleet.settings"}
    manage("migrate", "--verbosity", "0", env=env)

    done = subprocess.run(
        [sys.executable, "-c", asked], env=env, capture_output=True, text=True, cwd=ROOT
    )

    told = done.stdout
    assert done.returncode == 0, done.stderr
    assert "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload" in told
    assert "script-src 'self'" in told
    assert "unsafe-inline" not in told
    assert "frame-ancestors 'none'" in told
    assert "X-Content-Type-Options: nosniff" in told
    assert "X-Frame-Options: DENY" in told
    assert "Referrer-Policy: same-origin" in told
    assert "plain 301 https://fleet.example.org/login/" in told
    assert "cookies True True" in told
    assert "sessions True Lax" in told


def test_a_dashboard_brings_the_static_files_of_an_older_version_up_to_its_own(
    home: dict[str, str], tmp_path: Path
) -> None:
    env = {**home, "DJANGO_SETTINGS_MODULE": "spacefleet.settings"}
    manage("migrate", "--verbosity", "0", env=env)
    manage("collectstatic", "--no-input", "--verbosity", "0", env=env)
    static = tmp_path / "static"
    listed = json.loads((static / "staticfiles.json").read_text())
    del listed["paths"]["spacefleet.js"]
    (static / "staticfiles.json").write_text(json.dumps(listed))
    (static / "spacefleet.js").unlink()
    (static / "spacefleet.css").write_text("/* as it was */")
    told = manage("doctor", "--offline", env=env).stdout

    done = subprocess.run(
        [sys.executable, "-c", SIGN_IN], env=env, capture_output=True, text=True, cwd=ROOT
    )

    assert "2 in" in told
    assert "missing or of another version" in told
    assert done.stdout.splitlines()[-1] == "200 200 True", done.stderr
    assert "of this version" in manage("doctor", "--offline", env=env).stdout


SIGN_IN = """
from spacefleet.wsgi import application
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
client = Client(headers={"host": "localhost"})
page = client.get("/login/", follow=True)  # nobody exists yet: the first start
style = client.get(staticfiles_storage.url("spacefleet.css"))
text = b"".join(style.streaming_content)
print(page.status_code, style.status_code, b"as it was" not in text and len(text) > 1000)
"""
