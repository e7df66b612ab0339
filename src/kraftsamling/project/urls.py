"""The address book: each folder of pages brings its own addresses."""

from django.urls import include, path

from kraftsamling.api.program import api
from kraftsamling.web import errors, health, icons
from kraftsamling.web.account import demo

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("favicon.ico", icons.favicon, name="favicon"),
    path("api/", api.urls),
    path("design/", include("kraftsamling.web.design.urls")),
    path("account/", include("kraftsamling.web.account.urls")),
    path("demo", demo.choose, name="demo"),
    path("demo/enter/<str:signed>", demo.enter, name="demo-enter"),
    path("demo/mail", demo.mail, name="demo-mail"),
    path("desk/", include("kraftsamling.web.desk.urls")),
    path("", include("kraftsamling.web.city.urls")),
]
