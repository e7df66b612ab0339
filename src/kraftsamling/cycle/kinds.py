"""The kinds of EST groups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    SITUATIONAL = "situational", _("situationell")
    SOCIAL = "social", _("social")
    CITY_WIDE = "city_wide", _("hela staden")
