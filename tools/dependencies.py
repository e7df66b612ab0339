"""Gives the build its dependencies from `requirements/base.in`: one list, not two."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class DependencyHook(MetadataHookInterface):
    def update(self, metadata: dict[str, Any]) -> None:
        lines = (Path(self.root) / "requirements/base.in").read_text("utf-8").splitlines()
        metadata["dependencies"] = [
            line for line in lines if line and not line.startswith(("#", "-"))
        ]
