from django.urls import path

from kraftsamling.web.design import views

app_name = "design"
urlpatterns = [path("", views.components, name="components")]
