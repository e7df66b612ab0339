"""The kinds of organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    """What an organisation is to the city; used to find it and to draw it."""

    MUNICIPAL_DEPARTMENT = "municipal_department", _("kommunal verksamhet")
    POLICE = "police", _("polis")
    HOUSING_COMPANY = "housing_company", _("bostadsbolag")
    SCHOOL = "school", _("skola")
    LIBRARY_CULTURE = "library_culture", _("bibliotek och kultur")
    ASSOCIATION = "association", _("förening")
    FAITH_COMMUNITY = "faith_community", _("trossamfund")
    BUSINESS = "business", _("näringsliv")
    SECURITY_COMPANY = "security_company", _("bevakningsföretag")
    REGION = "region", _("region")
    OTHER = "other", _("annan")
