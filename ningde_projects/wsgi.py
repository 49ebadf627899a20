"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ningde_projects.settings.local")

application = get_wsgi_application()

from ningde_projects.operations.startup import before_serving  # noqa: E402  (needs the applications)

# Raised here, it stops gunicorn itself; an exit would only make it start the next worker.
before_serving()
