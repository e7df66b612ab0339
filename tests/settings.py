"""The product's own settings, with what a test run needs: a key, a place for files, a database.

`KRAFTSAMLING_TEST_DATABASE_URL` chooses PostgreSQL; without it the tests run on SQLite.
"""

import atexit
import os
import shutil
import tempfile

for _name in [name for name in os.environ if name.startswith("KRAFTSAMLING_")]:
    if not _name.startswith(("KRAFTSAMLING_TEST_", "KRAFTSAMLING_SHARED_")):
        del os.environ[_name]  # a developer's own settings must not steer the tests
_data_dir = tempfile.mkdtemp(prefix="kraftsamling-tests-")
atexit.register(shutil.rmtree, _data_dir, ignore_errors=True)
os.environ["KRAFTSAMLING_SECRET_KEY"] = "only-for-tests-only-for-tests-only-for-tests"
os.environ["KRAFTSAMLING_DATA_DIR"] = _data_dir
_settings_file = os.path.join(_data_dir, "kraftsamling.env")
open(_settings_file, "w").close()  # empty: one in the working directory must not steer either
os.environ["KRAFTSAMLING_SETTINGS_FILE"] = _settings_file
if _url := os.environ.get("KRAFTSAMLING_TEST_DATABASE_URL"):
    os.environ["KRAFTSAMLING_DATABASE_URL"] = _url

from kraftsamling.project.settings import *  # noqa: E402, F403

_database = DATABASES["default"]  # noqa: F405
if "sqlite" in _database["ENGINE"]:
    # A file, as in production: threads of the live server then have connections of their own.
    # What a test commits need not survive a power cut.
    _database["TEST"] = {"NAME": os.path.join(_data_dir, "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
os.makedirs(STATIC_ROOT, exist_ok=True)  # noqa: F405
