"""Settings of the test suite: the product's own, with what tests need and nothing mocked."""

from __future__ import annotations

import os

os.environ.setdefault("PODEST_SERVERS", "test")  # those of `make test`, never a running demo's
os.environ.setdefault("PODEST_MODE", "development")
os.environ.setdefault("SECRET_KEY", "only-for-tests-and-type-checks")

from cooperative.settings import *  # noqa: F403 - settings are extended by convention
from cooperative.settings import CACHES, STATIC_ROOT, STORAGES

# All processes of a test or journey share one day: cooperative/clock.py reads an offset.
CLOCK_OFFSET_FROM_CACHE = True
# Runs beside each other on one server keep apart: workers and what tests start inherit the run's name.
_run = os.environ.setdefault("PODEST_TEST_RUN", str(os.getpid()))
CACHES["default"]["KEY_PREFIX"] = f"test-{_run}-{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}"
# A busy machine may take its time: without the cache a test would lose its day.
CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 5, "socket_timeout": 5}
# A worker that a test starts takes only what that test's process has sent.
CELERY_TASK_DEFAULT_QUEUE = CACHES["default"]["KEY_PREFIX"]
# Hashing is slow on purpose; tests sign in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
ACCOUNT_RATE_LIMITS = False
# Files are found where they are written; nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
