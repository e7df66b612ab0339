"""What a person may be allowed to do. Code asks for these, never for the name of a role."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One permission; a role grants some of them, in its own organisation or the whole city."""

    ORGANISATION_EDIT = "organisation.edit", _("ändra organisationens uppgifter")
    ORGANISATIONS_CREATE = "organisations.create", _("lägga till organisationer")
    PEOPLE_READ = "people.read", _("se organisationens personer")
    PEOPLE_MANAGE = "people.manage", _("bjuda in personer och ge dem roller")
    TOKENS_MANAGE = "tokens.manage", _("skapa och återkalla API-nycklar")
    PLACES_EDIT = "places.edit", _("ändra platser och öppettider")
    PLACES_IMPORT = "places.import", _("läsa in platser och områden från fil")
    GROUPS_READ = "groups.read", _("se EST-grupper")
    TRAIL_READ = "trail.read", _("läsa och exportera historiken")
    OPERATION_READ = "operation.read", _("se köer, fel och driftläge")
    OPERATION_MANAGE = "operation.manage", _("köra om misslyckade jobb")


class Reach(models.TextChoices):
    """How far a role's permissions reach."""

    OWN = "own", _("egna organisationen och de under den")
    CITY = "city", _("hela staden")


class Scope(models.TextChoices):
    """What a program's token may do."""

    ORGANISATIONS_READ = "organisations:read", _("läsa organisationer")
    PLACES_READ = "places:read", _("läsa platser och områden")
    PLACES_WRITE = "places:write", _("skriva platser och öppettider")
    REPORTS_WRITE = "reports:write", _("lämna rapporter")
    REPORTS_READ = "reports:read", _("läsa rapporter")
