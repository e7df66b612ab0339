from django.urls import path

from kraftsamling.web.city import guard_names, organisations, places, views

app_name = "city"
urlpatterns = [
    path("", views.home, name="home"),
    path("places", places.place_list, name="places"),
    path("places.geojson", places.places_geojson, name="places-geojson"),
    path("places/search", places.place_search, name="place-search"),
    path("places/<slug:slug>", places.place, name="place"),
    path("areas", places.areas, name="areas"),
    path("areas.geojson", places.areas_geojson, name="areas-geojson"),
    path("areas/<str:code>", places.area, name="area"),
    path("guard-names.json", guard_names.guard_names, name="guard-names"),
    path("about", views.about, name="about"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
    path("organisations", organisations.organisation_list, name="organisations"),
    path("organisations/<slug:slug>", organisations.organisation_page, name="organisation"),
    path(
        "organisations/<slug:slug>/logo", organisations.organisation_logo, name="organisation-logo"
    ),
]
