"""What an operator copies from deploy/ is accepted by what reads it."""

import re
import shutil
import subprocess

import pytest

from kraftsamling.ops.program import main
from kraftsamling.project.configuration import PREFIX, Configuration, read_configuration
from tests.ops.conftest import ROOT

DEPLOY = ROOT / "deploy"


def test_the_example_settings_are_accepted_once_the_key_is_filled_in(monkeypatch, tmp_path):
    text = (DEPLOY / "kraftsamling.env.example").read_text("utf-8")
    file = tmp_path / "kraftsamling.env"
    file.write_text(text.replace("SECRET_KEY=\n", f"SECRET_KEY={'k' * 40}\n"), "utf-8")
    for name in Configuration.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    settings = read_configuration({"KRAFTSAMLING_SETTINGS_FILE": str(file)})
    assert settings.base_url.startswith("https://")
    assert settings.proxies == 1
    commented = set(re.findall(rf"^# ({PREFIX}\w+)=", text, re.MULTILINE))
    assert commented <= {f"{PREFIX}{name.upper()}" for name in Configuration.model_fields}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_the_units_are_ones_that_systemd_understands(tmp_path):
    units = [*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]
    assert len(units) == 3
    for unit in units:
        # The program lies elsewhere here; systemd would miss it.
        text = unit.read_text("utf-8").replace("/opt/kraftsamling/.venv/bin/kraftsamling serve",
                                               "/bin/true")  # fmt: skip
        (tmp_path / unit.name).write_text(text, "utf-8")
    finished = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = [line for line in finished.stderr.splitlines() if str(tmp_path) in line]
    assert not told, "\n".join(told)


def test_the_units_start_commands_that_exist():
    for unit in DEPLOY.glob("*.service"):
        for command in re.findall(r"bin/kraftsamling (\w+)", unit.read_text("utf-8")):
            assert command in main.commands
