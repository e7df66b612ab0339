"""Invented content for the page of components. Nothing here is a fact about a place."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kraftsamling.web.design import figures
from kraftsamling.web.design.widgets import DateInput, GuardedTextarea, TimeInput


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=gettext_lazy("Platsens namn"), max_length=80)
    kind = forms.ChoiceField(
        label=gettext_lazy("Slag"),
        choices=[
            ("", gettext_lazy("Välj")),
            ("library", gettext_lazy("Bibliotek")),
            ("youth", gettext_lazy("Fritidsgård")),
            ("museum", gettext_lazy("Museum")),
        ],
    )
    email = forms.EmailField(
        label=gettext_lazy("E-post till den som svarar"),
        help_text=gettext_lazy("Visas bara för dem som samordnar."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    day = forms.DateField(label=gettext_lazy("Dag"), widget=DateInput)
    opens = forms.TimeField(label=gettext_lazy("Öppnar"), widget=TimeInput, required=False)
    seats = forms.IntegerField(
        label=gettext_lazy("Antal platser"), min_value=0, max_value=9999, required=False
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("För vem"),
        choices=[
            ("all", gettext_lazy("Alla")),
            ("children", gettext_lazy("Barn och deras familjer")),
            ("young", gettext_lazy("Ungdomar, 13–19 år")),
        ],
        widget=forms.RadioSelect,
    )
    access = forms.MultipleChoiceField(
        label=gettext_lazy("Tillgänglighet på plats"),
        choices=[
            ("step", gettext_lazy("Stegfri ingång")),
            ("loop", gettext_lazy("Hörslinga")),
            ("toilet", gettext_lazy("Rymlig toalett")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Vad händer?"),
        help_text=gettext_lazy("Skriv om platsen och situationen. Skriv inte vem det gäller."),
        max_length=500,
        widget=GuardedTextarea,
        required=False,
    )
    picture = forms.FileField(label=gettext_lazy("Bild"), required=False)
    is_free = forms.BooleanField(
        label=gettext_lazy("Gratis att komma"),
        help_text=gettext_lazy("Ingen avgift och inget krav på medlemskap."),
        required=False,
    )


def refused_form() -> SampleForm:
    """The sample form sent with three mistakes."""
    data = {"name": "", "email": "anna@", "kind": "library", "day": "2026-05-14"}
    return SampleForm({f"fel-{name}": value for name, value in data.items()}, prefix="fel")


def bars() -> figures.BarFigure:
    return figures.BarFigure(
        title=_("Iakttagelser per kategori"),
        summary=_("Nedskräpning är vanligast, följt av trasig belysning."),
        basis=_("n = 96, vecka 14–17 2026. Påhittade tal."),
        category_heading=_("Kategori"),
        value_heading=_("Antal"),
        bars=(
            figures.Bar(_("Nedskräpning"), 34),
            figures.Bar(_("Trasig belysning"), 27, is_marked=True),
            figures.Bar(_("Otrygg gångväg"), 19),
            figures.Bar(_("Klotter"), 11),
            figures.Bar(_("Buller"), 5),
        ),
    )


def lines() -> figures.LineFigure:
    counts = (12, 15, 11, 14, 18, 13, 16, 12, 15, 17, 14, 29, 19, 15)
    return figures.LineFigure(
        title=_("Iakttagelser per vecka"),
        summary=_(
            "Mellan 11 och 19 i veckan, utom vecka 15 då det kom 29. Det är mer än det brukar."
        ),
        basis=_("n = 220, vecka 4–17 2026. Band: 95 % av vad 52 veckor brukar ge. Påhittade tal."),
        period_heading=_("Vecka"),
        value_heading=_("Antal"),
        points=tuple(
            figures.Point(
                f"v. {week}", count, expected=14.5, low=8.0, high=22.5, is_marked=count > 22
            )
            for week, count in enumerate(counts, start=4)
        ),
    )


def heat() -> figures.HeatFigure:
    days = (_("mån"), _("tis"), _("ons"), _("tor"), _("fre"), _("lör"), _("sön"))
    counts = tuple(
        tuple(_sample_count(day, hour) for hour in range(24)) for day in range(len(days))
    )
    return figures.HeatFigure(
        title=_("När på veckan"),
        summary=_("Flest på fredag och lördag kväll mellan klockan 19 och 23."),
        basis=_("n = 412, vecka 1–17 2026, efter den tid som rapportören angav. Påhittade tal."),
        rows=days,
        columns=tuple(f"{hour:02d}" for hour in range(24)),
        counts=counts,
        row_heading=_("Dag"),
    )


def _sample_count(day: int, hour: int) -> int | None:
    evening = max(0, 5 - abs(hour - 21)) * (3 if day in (4, 5) else 1)
    noon = max(0, 3 - abs(hour - 12)) if day < 5 else 0
    return None if (day, hour) == (2, 3) else evening + noon


def places() -> dict[str, Any]:
    """A small GeoJSON with two kinds of points and one area, positions roughly right."""
    spots = (
        ("1", _("Stadsbiblioteket"), 16.1862, 58.5897, "marked", _("Öppet till 18 i dag")),
        ("2", _("Visualiseringscenter"), 16.1767, 58.5907, "", _("Gratis inträde i helgen")),
        ("3", _("Portalen"), 16.2145, 58.5650, "", _("Flyttar till Ringdansen i helgen")),
        ("4", _("Bollplanen i Hageby"), 16.2090, 58.5672, "muted", _("Inget planerat")),
    )
    area = [
        [16.197, 58.572],
        [16.224, 58.572],
        [16.226, 58.560],
        [16.200, 58.558],
        [16.197, 58.572],
    ]
    points = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lng, lat]},
            "properties": {"id": key, "title": title, "text": text, "url": "#karta", "kind": kind},
        }
        for key, title, lng, lat, kind, text in spots
    ]
    district = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [area]},
        "properties": {"id": "5", "title": _("Hageby, ungefärligt"), "text": _("EST-område")},
    }
    return {"type": "FeatureCollection", "features": [*points, district]}


def rows() -> list[dict[str, Any]]:
    kinds = (_("Bibliotek"), _("Fritidsgård"), _("Museum"), _("Idrottsplats"))
    return [
        {
            "name": _("Plats %(number)d") % {"number": number},
            "kind": kinds[number % len(kinds)],
            "visits": (number * 37) % 211,
            "is_open": number % 3 != 0,
        }
        for number in range(1, 48)
    ]


def steps() -> list[dict[str, str]]:
    return [
        {"label": _("Välj fil"), "state": "done"},
        {"label": _("Para ihop kolumner"), "state": "current"},
        {"label": _("Granska"), "state": ""},
        {"label": _("Klart"), "state": ""},
    ]


def events() -> list[dict[str, Any]]:
    latest = datetime(2026, 5, 14, 16, 20, tzinfo=UTC)
    return [
        {
            "at": latest,
            "title": _("Öppettid ändrad"),
            "who": _("Samordnare, kultur- och fritidskontoret"),
            "reason": _("Fritidsgården håller öppet extra på söndag."),
            "changes": [{"label": _("Söndag"), "before": _("stängt"), "after": "11–18"}],
        },
        {
            "at": latest - timedelta(days=3),
            "title": _("Skyddad uppgift visad"),
            "who": _("Analytiker"),
        },
        {
            "at": latest - timedelta(days=40),
            "title": _("Platsen lades till"),
            "who": _("Import från fil, 21 platser"),
        },
    ]
