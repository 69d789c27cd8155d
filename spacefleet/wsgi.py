"""The web application for a WSGI server."""

import os

import django
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spacefleet.settings")
django.setup()

from spacefleet import collected  # noqa: E402 (it reads the settings)

collected.renew_for_web()  # before whitenoise looks at what lies there
application = get_wsgi_application()
