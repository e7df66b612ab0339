"""The city's front page, and the pages about the service itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kraftsamling.web.city import front
from kraftsamling.web.requests import today, wall_clock


def home(request: HttpRequest) -> HttpResponse:
    open_places, open_count = front.open_today(wall_clock())
    return render(
        request,
        "city/home.html",
        {
            "news": front.news(today()),
            "open_places": open_places,
            "open_count": open_count,
            "today": today(),
        },
    )


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "city/about.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "city/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "city/privacy.html")
