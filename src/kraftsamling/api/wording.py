"""The API's description in the reader's own language, for the page for people.

The OpenAPI document is for programs and those who write them, and stays English. Here each English
text has its Swedish, which the catalogues take further; a test holds the two lists together.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from kraftsamling.kit.languages import LANGUAGES

# The languages stand in some texts; they are no words to translate.
_CODES: Final = ", ".join(language.code for language in LANGUAGES)
_SLOT: Final = "{codes}"

GROUPS: Final[Mapping[str, str]] = {
    "organisations": _("Organisationer"),
    "places": _("Platser"),
    "areas": _("Områden"),
}

OPERATIONS: Final[Mapping[str, str]] = {
    "List organisations": _("Lista organisationer"),
    "The active organisations, by slug.": _("De aktiva organisationerna, i kortnamnens ordning."),
    "Show an organisation": _("Visa en organisation"),
    "One active organisation.": _("En aktiv organisation."),
    "List networks": _("Lista nätverk"),
    "All networks, by slug.": _("Alla nätverk, i kortnamnens ordning."),
    "Show the token that asks": _("Visa API-nyckeln som frågar"),
    "Which token this is, whose, and what it may do: try a new token here.": _(
        "Vilken API-nyckel det är, vems den är och vad den får göra. Prova en ny API-nyckel här."
    ),
    "List places": _("Lista platser"),
    "The active places, by slug.": _("De aktiva platserna, i kortnamnens ordning."),
    "Add a place": _("Lägg till en plats"),
    "Add a place that the token's organisation, or one under it, looks after.": _(
        "Lägg till en plats som API-nyckelns organisation, eller en under den, ansvarar för."
    ),
    "Show a place": _("Visa en plats"),
    "One active place, with its opening hours.": _("En aktiv plats, med öppettider."),
    "Change a place": _("Ändra en plats"),
    "Give a place new details. Sending the same twice changes nothing the second time.": _(
        "Ge en plats nya uppgifter. Samma anrop en gång till ändrar ingenting."
    ),
    "List areas": _("Lista områden"),
    "All areas, by code.": _("Alla områden, i kodernas ordning."),
    "Show an area": _("Visa ett område"),
    "One area, with its border and its population.": _("Ett område, med gräns och befolkning."),
    "Look a name up": _("Slå upp ett namn"),
    "The names most like what was typed, best first; typing errors are tolerated.": _(
        "Namnen som mest liknar det som skrevs, bäst först. Stavfel gör inget."
    ),
}

PARAMETERS: Final[Mapping[str, str]] = {
    "Only this kind.": _("Bara detta slag."),
    "Only in this network.": _("Bara i detta nätverk."),
    "Looked for in the names, in all their languages.": _("Söks i namnen, på alla deras språk."),
    "The most items in one page.": _("Högst så många på en sida."),
    "Where the page begins: taken from `next` of the page before.": _(
        "Var sidan börjar: tas från `next` på sidan före."
    ),
    "Give texts in this language alone: {codes}. It goes before the header Accept-Language; with "
    "neither, texts come in all their languages.": _(
        "Ge texter bara på detta språk: {codes}. Det går före huvudet Accept-Language. Utan båda "
        "kommer texter på alla sina språk."
    ),
    "Words of a name or an address.": _("Ord i ett namn eller en adress."),
    "Code of an area it lies in.": _("Koden för ett område som den ligger i."),
    "Only places of this organisation.": _("Bara den här organisationens platser."),
    "Only places with hours on that day.": _("Bara platser som har öppet den dagen."),
    "Only places known to be step-free.": _("Bara platser som man vet har stegfri entré."),
    "What someone typed.": _("Det som någon skrev."),
    "Where the asker is.": _("Var den som frågar är."),
    "Goes with latitude.": _("Hör ihop med latitude."),
    "The most hits.": _("Högst så många träffar."),
}

ANSWERS: Final[Mapping[str, str]] = {
    "OK": _("Det gick bra"),
    "Created": _("Skapad"),
    "Not Modified: what you have is current": _("Inget har ändrats: det du har gäller"),
    "The request cannot be understood": _("Anropet går inte att förstå"),
    "The body cannot be read": _("Innehållet går inte att läsa"),
    "The body is too large": _("Innehållet är för stort"),
    "The body is of a type that is not taken here": _(
        "Innehållet är av ett slag som inte tas emot"
    ),
    "A token is needed": _("En API-nyckel behövs"),
    "The token is not valid": _("API-nyckeln gäller inte"),
    "The token lacks a scope": _("API-nyckeln saknar en behörighet"),
    "The token's organisation may not do this": _("API-nyckelns organisation får inte göra det"),
    "Some values cannot be used": _("Några värden går inte att använda"),
    "Too many requests": _("För många anrop"),
    "Something went wrong on our side": _("Något gick fel hos oss"),
    "The service cannot answer just now": _("Tjänsten kan inte svara just nu"),
    "There is nothing here": _("Det finns inget här"),
    "This address does not take that method": _("Adressen tar inte emot den metoden"),
    "The request does not fit what is stored": _("Anropet går inte ihop med det som finns sparat"),
    "The resource has changed since you read it": _("Det har ändrats sedan du läste det"),
}

CONTENTS: Final[Mapping[str, str]] = {
    "What an organisation is to the city; used to find it and to draw it.": _(
        "Vad en organisation är för staden. Används för att hitta och rita den."
    ),
    "How to reach an organisation: a function, not a person.": _(
        "Hur man når en organisation: en funktion, inte en person."
    ),
    "The same text in several languages, by BCP 47 code.\n\nAsked for one language, the object "
    "holds that one, or the nearest that there is.": _(
        "Samma text på flera språk, efter kod enligt BCP 47. Frågar man efter ett språk finns "
        "det språket, eller det närmaste som finns."
    ),
    "Language code → text. The codes are {codes}.": _("Språkkod → text. Koderna är {codes}."),
    "The languages in which a machine wrote the text and no person has read it.": _(
        "Språken där en maskin har skrivit texten och ingen människa har läst den."
    ),
    "An organisation. What it has not told is an empty text or null.": _(
        "En organisation. Det den inte har berättat är en tom text eller null."
    ),
    "Its lasting name in addresses.": _("Dess beständiga namn i adresser."),
    "Slug of the organisation that it is a part of.": _(
        "Kortnamnet på organisationen som den är en del av."
    ),
    "Slugs of the networks that it acts in.": _("Kortnamnen på nätverken som den är med i."),
    "Address of its logo.": _("Adressen till logotypen."),
    "Also in the header Link, rel=next.": _("Står också i huvudet Link, rel=next."),
    "Organisations that act together without being one.": _(
        "Organisationer som gör saker tillsammans utan att vara en."
    ),
    "What a program's token may do.": _("Vad ett programs API-nyckel får göra."),
    "The token that asks, and what it may do.": _("API-nyckeln som frågar, och vad den får göra."),
    "The first part of the token: names it without opening.": _(
        "API-nyckelns första del: pekar ut den utan att öppna något."
    ),
    "Slug of the organisation that owns it.": _("Kortnamnet på organisationen som äger den."),
    "What is known; null is unknown, which is not no.": _(
        "Det man vet. Null betyder att man inte vet, inte att svaret är nej."
    ),
    "A public place. Coordinates are WGS 84.": _("En offentlig plats. Koordinaterna är i WGS 84."),
    "How the position is known; 'estimated' may be wrong by a kilometre.": _(
        "Hur läget är bestämt. Estimated (uppskattat) kan vara en kilometer fel."
    ),
    "H3 cell of resolution 9.": _("H3-cell med upplösning 9."),
    "Code of the statistical area it lies in.": _("Koden för statistikområdet som den ligger i."),
    "Code of the EST area it lies in.": _("Koden för EST-området som den ligger i."),
    "Slug of the organisation that looks after it.": _(
        "Kortnamnet på organisationen som ansvarar för den."
    ),
    "Address of its page for people.": _("Adressen till sidan för människor."),
    "What differs from the regular hours, from a day until before another.\n\nWhere several meet "
    "on a day, closed goes before moved, and moved before open.": _(
        "Det som avviker från de ordinarie tiderna, från en dag till före en annan. Möts flera "
        "samma dag går stängt före flyttat, och flyttat före öppet."
    ),
    "The first day outside.": _("Första dagen som inte hör dit."),
    "Slug of the place it moves to.": _("Kortnamnet på platsen den flyttar till."),
    "Hours on a weekday; `closes` at or before `opens` is on the day after.": _(
        "Tider en veckodag. Är `closes` samma som eller före `opens` gäller det dagen efter."
    ),
    "0 is Monday.": _("0 är måndag."),
    "A place with its hours and the exceptions that have not ended.": _(
        "En plats med öppettider och de avvikelser som inte har tagit slut."
    ),
    "Street and number; never an apartment.": _("Gata och nummer, aldrig en lägenhet."),
    "The token's organisation (the default) or one under it.": _(
        "API-nyckelns organisation (om inget anges) eller en under den."
    ),
    "Replaces the regular hours; null keeps them.": _(
        "Ersätter de ordinarie tiderna. Null låter dem vara."
    ),
    "What looks wrong and is right: a position outside the municipality, words that may name a "
    "person. A place with such is refused until each is here, just as the member `confirm` of the "
    "refusal quotes it.": _(
        "Det som ser fel ut men stämmer: ett läge utanför kommunen, ord som kan vara namnet på en "
        "person. En plats med sådant nekas tills vart och ett står här, precis som nekandet "
        "återger det i `confirm`."
    ),
    "Left out, it is made from the Swedish name.": _(
        "Utelämnas det görs det av det svenska namnet."
    ),
    "A place as a program writes it. What is left out becomes empty or unknown.": _(
        "En plats så som ett program skriver den. Det som utelämnas blir tomt eller okänt."
    ),
    "An area, without its border.": _("Ett område, utan gräns."),
    "Code of the area it lies in.": _("Koden för området som det ligger i."),
    "west, south, east, north in WGS 84": _("väst, syd, öst, nord i WGS 84"),
    "How many live there, from an age until before another (null: and older).": _(
        "Hur många som bor där, från en ålder till före en annan (null: och äldre)."
    ),
    "An area with its border (GeoJSON, RFC 7946) and who lives there.": _(
        "Ett område med gräns (GeoJSON, RFC 7946) och vilka som bor där."
    ),
    "The newest population. `summed_from` names the areas it was added up from.": _(
        "Den nyaste befolkningen. `summed_from` säger vilka områden den är summan av."
    ),
    "A public place, a locality, a stretch of street or a square of 100 m: never a dwelling.": _(
        "En offentlig plats, en ort, en del av en gata eller en ruta på 100 m: aldrig en bostad."
    ),
    "Slug of the place, where it is one.": _("Platsens kortnamn, när det är en plats."),
    "Problem details, RFC 9457.": _("Uppgifter om ett fel, RFC 9457."),
    "Leads to its explanation.": _("Leder till förklaringen."),
    "What to do about it.": _("Vad man kan göra åt det."),
    "Each value that cannot be used.": _("Varje värde som inte går att använda."),
    "The scope that the token lacks.": _("Behörigheten som API-nyckeln saknar."),
    "Quote it when asking about the error.": _("Uppge den när du frågar om felet."),
}

_ALL: Final[Mapping[str, str]] = {**GROUPS, **OPERATIONS, **PARAMETERS, **ANSWERS, **CONTENTS}


def is_worded(text: str) -> bool:
    """Whether each part of an English text has its Swedish here."""
    return all(_key(part) in _ALL for part in _parts(text))


def worded(text: str) -> str:
    """A text of the description in the reader's language; as it stands where nobody worded it."""
    return "; ".join(_worded(part) for part in _parts(text))


def _worded(part: str) -> str:
    swedish = _ALL.get(_key(part))
    return gettext(swedish).replace(_SLOT, _CODES) if swedish else part


def _key(part: str) -> str:
    return part.replace(_CODES, _SLOT)


def _parts(text: str) -> list[str]:
    """One text, or the several that an answer's description is put together from."""
    return [text] if _key(text) in _ALL else text.split("; ")
