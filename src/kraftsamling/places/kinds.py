"""The words of this room that pages and programs choose among."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# Words that stand where a slug does in an address: /places/search is a page of its own.
RESERVED_SLUGS = frozenset({"search"})


class AreaKind(models.TextChoices):
    MUNICIPALITY = "municipality", _("kommun")
    DISTRICT = "district", _("stadsdel")
    EST = "est", _("EST-område")
    REGSO = "regso", _("RegSO")
    DESO = "deso", _("DeSO")


class PlaceKind(models.TextChoices):
    LIBRARY = "library", _("bibliotek")
    MUSEUM = "museum", _("museum")
    THEATRE = "theatre", _("teater och scen")
    YOUTH_CENTRE = "youth_centre", _("fritidsgård")
    MEETING_PLACE = "meeting_place", _("mötesplats")
    LEARNING_CENTRE = "learning_centre", _("lärcentrum")
    ASSOCIATION_HOUSE = "association_house", _("föreningslokal")
    SCHOOL = "school", _("skola")
    SPORTS = "sports", _("idrott")
    WORSHIP = "worship", _("gudstjänstlokal")
    POLICE = "police", _("polisstation")
    FIRE_STATION = "fire_station", _("brandstation")
    HOSPITAL = "hospital", _("sjukhus")
    SHOPPING = "shopping", _("handel och centrum")
    TRANSPORT = "transport", _("knutpunkt för resor")
    PARK = "park", _("park")
    SQUARE = "square", _("torg")
    SCIENCE = "science", _("vetenskap och innovation")
    TOWN_HALL = "town_hall", _("kommunhus och myndighet")
    OTHER = "other", _("annan plats")


class CoordinateQuality(models.TextChoices):
    SURVEYED = "surveyed", _("inmätt")
    MAPPED = "mapped", _("från karta")
    ESTIMATED = "estimated", _("uppskattad")
    UNKNOWN = "unknown", _("okänt hur läget är bestämt")


class ExceptionKind(models.TextChoices):
    OPEN = "open", _("öppet andra tider")
    CLOSED = "closed", _("stängt")
    MOVED = "moved", _("flyttar till en annan plats")
    FREE_ENTRY = "free_entry", _("fri entré")


class ImportKind(models.TextChoices):
    PLACES = "places", _("platser")
    AREAS = "areas", _("områden")
    POPULATION = "population", _("befolkning")
