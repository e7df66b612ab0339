"""Settings that cannot be used are named, each with what to write instead; the page is current."""

import pytest

from kraftsamling.project.configuration import (
    PREFIX,
    Configuration,
    ConfigurationError,
    read_configuration,
    to_reference,
)
from tests.ops.conftest import ROOT

KEY = {"KRAFTSAMLING_SECRET_KEY": "k" * 40}


@pytest.fixture
def given(monkeypatch, tmp_path):
    """Read the settings as given, and only those."""
    empty = tmp_path / "kraftsamling.env"
    empty.write_text("")

    def read(**settings: str) -> Configuration:
        environ = {"KRAFTSAMLING_SETTINGS_FILE": str(empty), **KEY, **settings}
        for name in [f"{PREFIX}{field.upper()}" for field in Configuration.model_fields]:
            monkeypatch.delenv(name, raising=False)
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return read_configuration(environ)

    read.file = empty
    return read


def test_the_page_of_settings_is_current():
    command = "python -m kraftsamling.project.configuration > docs/settings.md"
    assert (ROOT / "docs/settings.md").read_text("utf-8") == to_reference(), f"run: {command}"


def test_every_setting_says_what_it_does():
    assert all(field.description for field in Configuration.model_fields.values())


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("BASE_URL", "kraftsamling.se", "https://host"),
        ("DATABASE_URL", "mysql://here/db", "postgresql://"),
        ("EMAIL_URL", "mail.example.se", "smtp://"),
        ("LANGUAGE", "xx", "choose one of sv, en"),
        ("TIME_ZONE", "Mars/Olympus", "Europe/Stockholm"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("SECRET_KEY", "short", "at least 32"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(given, name, value, advice):
    with pytest.raises(ConfigurationError) as refused:
        given(**{f"KRAFTSAMLING_{name}": value})
    text = str(refused.value)
    assert f"KRAFTSAMLING_{name}" in text
    assert advice in text


def test_a_secret_is_not_repeated_in_the_error(given):
    with pytest.raises(ConfigurationError) as refused:
        given(KRAFTSAMLING_SECRET_KEY="hunter2")
    assert "hunter2" not in str(refused.value)


def test_all_wrong_settings_are_named_at_once(given):
    with pytest.raises(ConfigurationError) as refused:
        given(KRAFTSAMLING_LANGUAGE="xx", KRAFTSAMLING_WORKERS="many", KRAFTSAMLING_FLAVOUR="mint")
    text = str(refused.value)
    for name in ("LANGUAGE", "WORKERS", "FLAVOUR"):
        assert f"KRAFTSAMLING_{name}" in text


def test_the_environment_wins_over_the_file(given):
    given.file.write_text("KRAFTSAMLING_CITY_NAME=Filstad\nKRAFTSAMLING_LANGUAGE=en\n")
    settings = given(KRAFTSAMLING_CITY_NAME="Miljöstad")
    assert (settings.city_name, settings.language) == ("Miljöstad", "en")


def test_a_misspelt_line_in_the_file_is_named(given):
    given.file.write_text("KRAFTSAMLING_CITYNAME=Filstad\n")
    with pytest.raises(ConfigurationError, match="KRAFTSAMLING_CITYNAME: there is no such setting"):
        given()
