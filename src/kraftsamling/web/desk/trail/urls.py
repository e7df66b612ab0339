from django.urls import path

from kraftsamling.web.desk.trail import views

app_name = "trail"
urlpatterns = [
    path("", views.entry_list, name="list"),
    path("export/", views.export, name="export"),
    path("check/", views.check, name="check"),
    path("<int:number>/erase", views.erase, name="erase"),
]
