"""EST groups. Their rhythm, editions and meetings move in here."""

from django.db import models

from kraftsamling.cycle.kinds import GroupKind
from kraftsamling.kit.fields import TextsField
from kraftsamling.people.models import Organisation
from kraftsamling.places.models import Area


class Group(models.Model):
    """Those who meet about an area, and who convenes them."""

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=GroupKind.choices)
    name = TextsField(max_text_length=200)
    areas = models.ManyToManyField(Area, related_name="groups")
    convener = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="convenes"
    )
    members = models.ManyToManyField(Organisation, related_name="groups")

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return str(self.name)
