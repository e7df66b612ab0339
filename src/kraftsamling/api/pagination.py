"""Long lists in pages that stay put while rows come and go.

A page is bounded by the last key shown, not by a row number: what is added or removed before it
moves nothing. The cursor is opaque to clients; addresses of next pages come ready-made.
"""

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from kraftsamling.api.problems import Problem, wrong_parameter

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


class PageQuery(Schema):
    limit: int = Field(
        default=DEFAULT_LIMIT, ge=1, le=MAX_LIMIT, description="The most items in one page."
    )
    cursor: str = Field(
        default="",
        max_length=400,
        description="Where the page begins: taken from `next` of the page before.",
    )


Paging = Query[PageQuery]


class PageOf(Schema, Generic[Item]):
    """One page of a list. `next` is the address of the following one, null on the last."""

    items: list[Item]
    next: str | None = Field(default=None, description="Also in the header Link, rel=next.")


def page_of(
    rows: QuerySet[Row] | Sequence[Row],
    *,
    key: str,
    request: HttpRequest,
    response: HttpResponse,
    paging: PageQuery,
    to_item: Callable[[Row], Any],
    prepare: Callable[[list[Row]], None] | None = None,
) -> dict[str, Any]:
    """One page of `rows` in ascending order of `key`, a unique field; sets the header Link.

    One query whatever the page, and what `prepare` asks for the page's rows all at once. Raises
    Problem 'invalid-fields' for a cursor that is not ours.
    """
    after = _from_cursor(paging.cursor) if paging.cursor else None
    found = (
        _cut_query(rows, key, after, paging.limit + 1)
        if isinstance(rows, QuerySet)
        else _cut_list(rows, key, after, paging.limit + 1)
    )
    shown, next_url = found[: paging.limit], None
    if len(found) > paging.limit:
        next_url = _url_with_cursor(request, _to_cursor(getattr(shown[-1], key)))
        response["Link"] = f'<{next_url}>; rel="next"'
    if prepare:
        prepare(shown)
    return {"items": [to_item(row) for row in shown], "next": next_url}


def _cut_query(rows: QuerySet[Row], key: str, after: str | int | None, count: int) -> list[Row]:
    try:
        if after is not None:
            rows = rows.filter(**{f"{key}__gt": after})
    except (TypeError, ValueError, ValidationError) as error:
        raise _not_ours() from error
    return list(rows.order_by(key)[:count])


def _cut_list(rows: Sequence[Row], key: str, after: str | int | None, count: int) -> list[Row]:
    ordered = sorted(rows, key=attrgetter(key))
    if after is None:
        return ordered[:count]
    if ordered and not isinstance(after, type(getattr(ordered[0], key))):
        raise _not_ours()
    begin = bisect_right(ordered, after, key=attrgetter(key))
    return ordered[begin : begin + count]


def _url_with_cursor(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _to_cursor(value: object) -> str:
    plain = value if isinstance(value, int) else str(value)
    return base64.urlsafe_b64encode(json.dumps([plain]).encode()).decode().rstrip("=")


def _from_cursor(cursor: str) -> str | int:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        json.dumps(decoded, ensure_ascii=False).encode()  # no half characters reach the database
    except (binascii.Error, ValueError) as error:
        raise _not_ours() from error
    value = decoded[0] if isinstance(decoded, list) and len(decoded) == 1 else None
    if isinstance(value, bool) or not isinstance(value, str | int) or "\x00" in str(value):
        raise _not_ours()
    if isinstance(value, int) and abs(value) >= 2**63:
        raise _not_ours()
    return value


def _not_ours() -> Problem:
    return Problem(
        "invalid-fields",
        errors=[wrong_parameter("cursor", "is not one of ours; take it from `next`")],
    )
