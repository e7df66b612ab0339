from django.urls import include, path

from kraftsamling.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", include("kraftsamling.web.desk.groups.urls")),
    path("places/", include("kraftsamling.web.desk.places.urls")),
    path("people/", include("kraftsamling.web.desk.people.urls")),
    path("trail/", include("kraftsamling.web.desk.trail.urls")),
    path("operation/", include("kraftsamling.web.desk.operation.urls")),
]
