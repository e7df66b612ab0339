from django.urls import path

from kraftsamling.web.city import views

app_name = "city"
urlpatterns = [
    path("", views.home, name="home"),
    path("about", views.about, name="about"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("privacy", views.privacy, name="privacy"),
]
