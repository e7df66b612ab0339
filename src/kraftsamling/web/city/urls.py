from django.urls import path

from kraftsamling.web.city import views

app_name = "city"
urlpatterns = [path("", views.home, name="home")]
