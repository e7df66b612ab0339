"""An API of the tests' own, in the product's frame: operations that take bodies and that fail."""

from django.db import OperationalError
from django.urls import path
from ninja import Path, Router, Schema
from pydantic import Field

from kraftsamling.api.frame import Api
from kraftsamling.api.security import any_token

router = Router()


class Hours(Schema):
    opens: str = Field(pattern=r"^\d\d:\d\d$")


class Thing(Schema):
    name: str = Field(min_length=1, max_length=10)
    size: int = Field(ge=1)
    hours: list[Hours] = []


@router.post("/things", response=Thing, auth=any_token())
def keep_thing(request, thing: Thing):
    return thing


@router.post("/pairs", response=dict, auth=any_token())
def keep_pair(request, left: Thing, right: Thing):
    return {}


@router.get("/numbered/{number}", response=dict, auth=any_token())
def show_numbered(request, number: Path[int]):
    return {"number": number}


@router.get("/broken", auth=any_token())
def fail(request):
    raise RuntimeError("the password is hunter2")


@router.get("/asleep", auth=any_token())
def fail_to_reach_database(request):
    raise OperationalError("could not connect to host db.internal")


odd = Api(urls_namespace="api", documentation=lambda request, description: None)
odd.add_router("", router)
urlpatterns = [path("api/", odd.urls)]
