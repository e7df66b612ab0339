"""Areas, places and when they are open."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from kraftsamling.kit.fields import TextsField
from kraftsamling.people.models import Organisation
from kraftsamling.places.kinds import (
    AreaKind,
    CoordinateQuality,
    ExceptionKind,
    ImportKind,
    PlaceKind,
)


class Area(models.Model):
    """A polygon with a name. The geometry is GeoJSON text in WGS 84 (RFC 7946)."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=16, choices=AreaKind.choices, db_index=True)
    name = TextsField(max_text_length=200)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    geometry = models.TextField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("kind", "code")

    def __str__(self) -> str:
        return str(self.name) or self.code


class Population(models.Model):
    """How many live in an area, by year, age band (half-open) and sex (SCB's 1 and 2)."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="population")
    year = models.PositiveSmallIntegerField()
    age_from = models.PositiveSmallIntegerField()
    age_until = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.PositiveSmallIntegerField(choices=((1, _("män")), (2, _("kvinnor"))))
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint("area", "year", "age_from", "sex", name="population_once"),
        )

    def __str__(self) -> str:
        return f"{self.area_id} {self.year} {self.age_from}-{self.age_until}"


class Place(models.Model):
    """A public place: a building, a park, a square. Never a dwelling."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = TextsField(max_text_length=200)
    description = TextsField(max_text_length=2000)
    kind = models.CharField(max_length=24, choices=PlaceKind.choices, db_index=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    coordinate_quality = models.CharField(
        max_length=12, choices=CoordinateQuality.choices, default=CoordinateQuality.MAPPED
    )
    h3_cell = models.BigIntegerField(db_index=True, help_text="H3 resolution 9, set on write")
    # One link for each kind of area, set on write: questions about an area are an index look-up.
    regso = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    est_area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="places"
    )
    address = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="places"
    )
    accessibility = TextsField(max_text_length=1000)
    step_free = models.BooleanField(null=True, blank=True)
    accessible_toilet = models.BooleanField(null=True, blank=True)
    hearing_loop = models.BooleanField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    hours_source = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    # Set on write: databases differ in how they fold and sort Swedish letters, and a text in
    # JSON cannot be searched. See places/texts.py.
    search_text = models.TextField(blank=True, editable=False)
    sort_key = models.CharField(max_length=300, blank=True, editable=False, db_index=True)

    class Meta:
        ordering = ("sort_key", "slug")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(latitude__gte=-90, latitude__lte=90)
                & models.Q(longitude__gte=-180, longitude__lte=180),
                name="place_is_on_earth",
            ),
        )

    def __str__(self) -> str:
        return str(self.name) or self.slug


class OpeningHours(models.Model):
    """Regular hours on a weekday (0 = Monday). Past midnight: `closes` is less than `opens`."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("place_id", "weekday", "opens")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="opening_hours_weekday_0_to_6"
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} {self.weekday} {self.opens}-{self.closes}"


class OpeningException(models.Model):
    """What differs from the regular hours from a day until a day (half-open), and why."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="opening_exceptions")
    kind = models.CharField(max_length=12, choices=ExceptionKind.choices)
    days_from = models.DateField()
    days_until = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    moved_to = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="moved_here"
    )
    reason = TextsField(max_text_length=300)
    removed_at = models.DateTimeField(
        null=True, blank=True, help_text="taken back; kept so that this can be undone"
    )

    class Meta:
        ordering = ("days_from", "place_id", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(days_until__gt=models.F("days_from")),
                name="exception_covers_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="moved") | models.Q(moved_to__isnull=False),
                name="moved_exception_says_where",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="open")
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="open_exception_says_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.place_id} {self.kind} {self.days_from}-{self.days_until}"


class Locality(models.Model):
    """A name people use for a part of the map, for the gazetteer: a district, a village."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    latitude = models.FloatField()
    longitude = models.FloatField()
    coordinate_quality = models.CharField(
        max_length=12, choices=CoordinateQuality.choices, default=CoordinateQuality.ESTIMATED
    )
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class StreetSegment(models.Model):
    """A stretch of a street between two house numbers; what an address is snapped to."""

    street = models.CharField(max_length=120, db_index=True)
    number_from = models.PositiveIntegerField()
    number_until = models.PositiveIntegerField(help_text="inclusive: the last number")
    latitude = models.FloatField()
    longitude = models.FloatField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("street", "number_from")
        constraints = (
            models.UniqueConstraint("street", "number_from", name="street_segment_once"),
            models.CheckConstraint(
                condition=models.Q(number_until__gte=models.F("number_from")),
                name="street_segment_runs_upwards",
            ),
        )

    def __str__(self) -> str:
        return f"{self.street} {self.number_from}-{self.number_until}"


class Revision(models.Model):
    """A mark that is new after every change to a part of this room ('places', 'areas').

    Whoever keeps something made from it (the gazetteer in memory, an index of areas) compares.
    Random, not counted: a number that was rolled back would come again for another change.
    """

    part = models.CharField(max_length=20, primary_key=True)
    mark = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return f"{self.part} {self.mark}"


class ImportDraft(models.Model):
    """A file that waits for someone to look at the preview and confirm. Kept a day at most.

    The bytes lie in the database: every node of the platform reaches them, and no web server
    can hand them out by mistake.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=ImportKind.choices)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    choices = models.JSONField(default=dict, help_text="column mapping and other choices made")
    uploaded_by = models.CharField(max_length=80, help_text="the actor's id")
    uploaded_at = models.DateTimeField()

    class Meta:
        ordering = ("-uploaded_at",)

    def __str__(self) -> str:
        return self.file_name
