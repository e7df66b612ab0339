from django.urls import path

from kraftsamling.web.desk.places import hours, imports, places

app_name = "places"
urlpatterns = [
    path("", places.place_list, name="list"),
    path("new", places.add, name="add"),
    path("import", imports.upload_places, name="import"),
    path("import/areas", imports.upload_areas, name="import-areas"),
    path("import/template.csv", imports.template, name="import-template"),
    path("import/<uuid:draft_id>", imports.preview, name="import-preview"),
    path("import/<uuid:draft_id>/problems.<str:file_format>", imports.problems, name="problems"),
    path("place/<slug:slug>", places.edit, name="edit"),
    path("place/<slug:slug>/deactivate", places.deactivate, name="deactivate"),
    path("place/<slug:slug>/reactivate", places.reactivate, name="reactivate"),
    path("place/<slug:slug>/hours", hours.edit_hours, name="hours"),
    path("place/<slug:slug>/exceptions", hours.exceptions, name="exceptions"),
    path("place/<slug:slug>/exceptions/new", hours.add, name="exception-add"),
    path("place/<slug:slug>/exceptions/<uuid:exception_id>", hours.edit, name="exception"),
    path(
        "place/<slug:slug>/exceptions/<uuid:exception_id>/remove",
        hours.remove,
        name="exception-remove",
    ),
    path(
        "place/<slug:slug>/exceptions/<uuid:exception_id>/restore",
        hours.restore,
        name="exception-restore",
    ),
    path(
        "place/<slug:slug>/exceptions/<uuid:exception_id>/erase",
        hours.erase,
        name="exception-erase",
    ),
]
