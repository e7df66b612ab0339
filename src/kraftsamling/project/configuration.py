"""The one typed schema of the settings. docs/settings.md is written from it:
`python -m kraftsamling.project.configuration > docs/settings.md`.

Settings come from the environment and from one file (`KRAFTSAMLING_SETTINGS_FILE`, by default
`kraftsamling.env` where the program is started), each with the prefix KRAFTSAMLING_. What is
missing, misspelt or of the wrong form is named before anything starts.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from kraftsamling.kit.languages import BY_CODE

PREFIX = "KRAFTSAMLING_"
_FILE_VARIABLE = f"{PREFIX}SETTINGS_FILE"


class ConfigurationError(ImproperlyConfigured):
    """The settings cannot be used; the message names each one and what to do."""


class Configuration(BaseSettings):
    """All settings of an installation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    secret_key: SecretStr = Field(
        description="Signs sessions and links. At least 32 characters, random, kept secret.",
        min_length=32,
    )
    database_url: str = Field(
        default="", description="sqlite:///path or postgresql://...; empty: SQLite in data_dir."
    )
    data_dir: Path = Field(default=Path("var"), description="Uploaded files, the SQLite database.")
    base_url: str = Field(
        default="http://localhost:8000", description="The address residents use, without a slash."
    )
    allowed_hosts: str = Field(
        default="", description="More host names the server answers to, separated by commas."
    )
    demo: bool = Field(default=False, description="A demo city: says so on every page.")
    contact_email: str = Field(
        default="", description="Where residents write about the service; shown on its pages."
    )
    city_name: str = Field(default="Norrköping", description="The city's name in the interface.")
    language: str = Field(default="sv", description="The language of those who have not chosen.")
    time_zone: str = Field(default="Europe/Stockholm", description="The time zone's IANA name.")
    email_url: str = Field(
        default="", description="smtp://user:password@host:587?tls=1; empty: files in data_dir."
    )
    email_from: str = Field(default="kraftsamling@localhost", description="The sender of mail.")
    map_style_url: str = Field(
        default="", description="Another MapLibre style instead of the built-in base map."
    )
    map_pmtiles: str = Field(
        default="", description="A PMTiles file (URL or path) drawn as base map."
    )
    map_hosts: str = Field(
        default="", description="Hosts that the map may load from, separated by commas."
    )
    oidc_issuer: str = Field(default="", description="The municipality's identity provider.")
    oidc_client_id: str = Field(default="", description="Our client id there.")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="Our secret there.")
    oidc_name: str = Field(default="", description="What the sign-in button calls it.")
    oidc_trusts_email: bool = Field(
        default=False,
        description="Its e-mail addresses are proved, although it does not say so (Entra ID).",
    )
    mfa_required: bool = Field(
        default=False, description="Those who handle others' data must add a passkey or an app."
    )
    proxies: int = Field(
        default=0, ge=0, le=5, description="Reverse proxies in front: whose address to count."
    )
    workers: int = Field(default=2, ge=1, le=64, description="Server processes.")
    job_lease_seconds: int = Field(
        default=60, ge=4, description="After this long a job whose worker fell silent is retried."
    )
    job_time_limit_seconds: int = Field(
        default=3600, ge=1, description="A job that runs longer is stopped and tried again."
    )
    max_upload_mb: int = Field(default=25, ge=1, le=1000, description="The largest file taken in.")

    @field_validator("base_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write it as https://host, such as https://kraftsamling.example.se")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("write it as postgresql://user:password@host/name or sqlite:///path")
        return value

    @field_validator("email_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and (urlsplit(value).scheme != "smtp" or not urlsplit(value).hostname):
            raise ValueError("write it as smtp://user:password@host:587?tls=1")
        return value

    @field_validator("language")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in BY_CODE:
            raise ValueError(f"choose one of {', '.join(BY_CODE)}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_time_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("there is no such time zone; an example is Europe/Stockholm")
        return value

    @property
    def database(self) -> dj_database_url.DBConfig:
        url = self.database_url or f"sqlite:///{self.data_dir.resolve() / 'kraftsamling.sqlite3'}"
        return dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True)


def read_configuration(environ: Mapping[str, str] | None = None) -> Configuration:
    """The configuration from the environment and the settings file.

    Raises ConfigurationError naming every setting that is missing, unknown or wrong.
    """
    environ = os.environ if environ is None else environ
    known = {f"{PREFIX}{name.upper()}" for name in Configuration.model_fields}
    unknown = sorted(
        name
        for name in environ
        if name.startswith(PREFIX)
        and not name.startswith((f"{PREFIX}TEST_", f"{PREFIX}SHARED_", _FILE_VARIABLE))
        and name not in known
    )
    path = environ.get(_FILE_VARIABLE, "kraftsamling.env")
    if _FILE_VARIABLE in environ and not Path(path).is_file():
        raise ConfigurationError(f"{_FILE_VARIABLE} names {path}, and there is no such file.")
    problems = [f"{name}: there is no such setting" for name in unknown]
    try:
        configuration = Configuration(_env_file=path)
    except ValidationError as error:
        problems += [_to_sentence(detail) for detail in error.errors()]
    if problems:
        raise ConfigurationError(
            "The settings cannot be used (docs/settings.md lists them all):\n  "
            + "\n  ".join(problems)
        )
    return configuration


def _to_sentence(detail: Mapping[str, object]) -> str:
    location = detail["loc"]
    name = str(location[0]) if isinstance(location, tuple) and location else "?"
    full = name.upper() if name.upper().startswith(PREFIX) else f"{PREFIX}{name.upper()}"
    if detail["type"] == "missing":
        field = Configuration.model_fields.get(name)
        return f"{full} is missing. {field.description if field else ''}".rstrip()
    if detail["type"] == "extra_forbidden":
        return f"{full}: there is no such setting"
    return f"{full}: {str(detail['msg']).removeprefix('Value error, ')}"


def to_reference() -> str:
    """docs/settings.md: every setting with what it does, its form and what holds without it."""
    lines = [
        "# Settings",
        "",
        "Settings come from the environment and from one file: the one that",
        f"`{_FILE_VARIABLE}` names, else `kraftsamling.env` where the program is started. The",
        "environment wins. What is missing, misspelt or of the wrong form is named before anything",
        "starts; `kraftsamling check` looks further, at what the settings lead to.",
        "",
        "This page is written from the program's own list; a test sees to it.",
        "",
        "| Setting | What it does | Form | Without it |",
        "|---|---|---|---|",
    ]
    for name, field in Configuration.model_fields.items():
        lines.append(
            f"| `{PREFIX}{name.upper()}` | {field.description} "
            f"| {_form(field)} | {_default(field)} |"
        )
    return "\n".join(lines) + "\n"


def _form(field: FieldInfo) -> str:
    kinds: dict[object, str] = {bool: "true or false", int: "whole number", Path: "path"}
    kind = kinds.get(field.annotation, "text")
    bounds = {type(each).__name__: each for each in field.metadata}
    least, most = bounds.get("Ge"), bounds.get("Le")
    if least is not None:
        kind += f", {least.ge}" + (f" to {most.le}" if most is not None else " or more")
    return kind


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be given**"
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value != "" else "nothing"


if __name__ == "__main__":
    sys.stdout.write(to_reference())
