"""What every result carries: method, parameters, seed, replicates, the data's fingerprint."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lagesbild._folding import LANES, fold

_LARGE = 1 << 20  # bytes; below, SHA-256 alone is quick enough


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What a number rests on. Two results with equal bases are equal, whenever they were made."""

    method: str
    parameters: Mapping[str, Any]
    n: int
    fingerprint: str
    seed: int | None = None
    replicates: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __reduce__(self) -> tuple[Any, ...]:
        """Results travel between processes; a read-only view of a mapping would not."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return _basis_of, ({**values, "parameters": dict(self.parameters)},)


def _basis_of(values: dict[str, Any]) -> Basis:
    return Basis(**values)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Base of all results: frozen, with its basis."""

    basis: Basis

    def to_dict(self) -> dict[str, Any]:
        """Plain lists, numbers and strings, ready for JSON; NaN and infinity become None."""
        plain = to_plain(self)
        assert isinstance(plain, dict)
        return plain


def to_plain(value: Any) -> Any:
    """A value with its arrays, dates and dataclasses turned into what JSON knows."""
    if is_dataclass(value) and not isinstance(value, type):
        plain: Any = {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    elif isinstance(value, Mapping):
        plain = {str(key): to_plain(item) for key, item in value.items()}
    elif isinstance(value, np.ndarray):
        plain = value.astype(str).tolist() if value.dtype.kind in "mM" else to_plain(value.tolist())
    elif isinstance(value, np.datetime64 | np.timedelta64):
        plain = str(value)
    elif isinstance(value, np.generic):
        plain = to_plain(value.item())
    elif isinstance(value, list | tuple | set | frozenset):
        plain = [to_plain(item) for item in value]
    else:
        plain = None if isinstance(value, float) and not np.isfinite(value) else value
    return plain


def fingerprint(*arrays: NDArray[Any] | None) -> str:
    """16 hexadecimal digits that follow from the shapes, types and bytes of the data alone."""
    digest = hashlib.sha256()
    for array in arrays:
        if array is None:
            digest.update(b"none")
            continue
        contiguous = np.ascontiguousarray(array)
        if contiguous.dtype.kind in "OU":
            contiguous = np.char.encode(contiguous.astype(str), "utf-8")
        digest.update(f"{contiguous.shape}{contiguous.dtype.str}".encode())
        _digest_bytes(digest, contiguous.reshape(-1).view(np.uint8))
    return digest.hexdigest()[:16]


def _digest_bytes(digest: Any, data: NDArray[np.uint8]) -> None:
    whole = data.size // (8 * LANES) * 8 * LANES if data.size > _LARGE else 0
    if whole:
        digest.update(fold(data[:whole].view(np.uint64)).tobytes())
    digest.update(data[whole:].tobytes())
