"""The city's front page, and the pages about the service itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "city/home.html")


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "city/about.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "city/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "city/privacy.html")
