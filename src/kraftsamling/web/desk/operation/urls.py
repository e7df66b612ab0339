from django.urls import path

from kraftsamling.web.desk.operation import views

app_name = "operation"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("jobs/retry/", views.retry_all, name="retry-all"),
    path("jobs/<uuid:job_id>/retry/", views.retry, name="retry"),
]
