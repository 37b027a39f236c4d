"""The web application, for gunicorn: `gunicorn cooperative.wsgi`."""

import gc
import os

# Read by settings: a web process keeps a pool of database connections, others do not.
os.environ.setdefault("PODEST_PROCESS", "web")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cooperative.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# What is loaded now stays: the collector would look through all of it again and again, 70 ms each time.
gc.collect()
gc.freeze()
