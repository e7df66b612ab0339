"""The product's own settings, with what a test run needs: a key, a place for files, a database.

`KRAFTSAMLING_TEST_DATABASE_URL` chooses PostgreSQL; without it the tests run on SQLite.
"""

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("KRAFTSAMLING_")]:
    if not _name.startswith(("KRAFTSAMLING_TEST_", "KRAFTSAMLING_SHARED_")):
        del os.environ[_name]  # a developer's own settings must not steer the tests
os.environ["KRAFTSAMLING_SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
os.environ["KRAFTSAMLING_DATA_DIR"] = tempfile.mkdtemp(prefix="kraftsamling-tests-")
if _url := os.environ.get("KRAFTSAMLING_TEST_DATABASE_URL"):
    os.environ["KRAFTSAMLING_DATABASE_URL"] = _url

from kraftsamling.project.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
