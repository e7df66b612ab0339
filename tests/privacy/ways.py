"""Grammars of how people write numbers: any grouping, any separator, in any sentence.

Each function draws one sentence from a seeded generator. Unlike the templates of generated.py,
which count named ways of writing, these combine freely what may be combined.
"""

import random
from collections.abc import Callable
from typing import Final

from kraftsamling.privacy.rulebook import rulebook

from . import generated
from .scoring import Label, Sentence

CARRIERS: Final = (
    "{}",
    "{}.",
    "det stod {} på lappen",
    "vi såg {} igen",
    "igår kväll, {}, samma sak",
    "Hej! {} var där vid nio",
    "boende säger {} men är osäker",
    "({})",
    'hon skrev "{}" åt mig',
    "natten mot fredag {} vid kiosken",
    "– {} – sa han",
    "nån lämnade {} i receptionen",
)
VEHICLES: Final = (
    "vit skåpbil {} på gården",
    "en svart Volvo, {}, gasade",
    "moppe {} utan ljus",
    "Bilen ({}) stod på tomgång",
    "felparkerad {} framför porten",
    "{} parkerad på gångvägen",
    "taxi {} körde fort",
)
AFTER_REG: Final = (
    "reg {}",
    "Reg.nr {} på vit bil",
    "regnr: {}",
    "registreringsnummer {} enligt vittne",
    "bil med reg.{} följde efter",
    "regnummer var {}",
    "Reg nr {} antecknat",
)
PLATE_GAPS: Final = ("", " ", "-", ".", "/", "_", "·", " - ", ":", "  ", "*")
PHONE_GAPS: Final = (" ", "-", ".", "/", " - ", "  ", "_", "·", "*")
PNR_GAPS: Final = (" ", "-", ".", "/", " - ", "_", "*", ":")
# What else is numbered, as it is written before its number.
OTHER_THINGS: Final = (
    "faktura", "Fakturanr", "fakturanummer:", "order", "ordernr", "Ordernummer", "artikel",
    "artnr", "Artikelnr", "ärende", "ärendenummer", "Ärende nr", "offert", "kvitto",
    "kvitto nr", "serienr", "serienummer:", "avtal", "avtalsnr", "OCR", "ocr-nr", "dnr",
    "diarienr", "Diarienummer", "elmätare", "mätare nr", "mätarställning", "anläggnings-id",
    "bokning", "bokningsnr", "inventarienr", "produktnr", "leverans", "kollinr", "sändning",
    "spårningsnummer", "ref", "referens", "referensnr", "konto", "kontonr", "clearingnr",
    "bankgiro", "bg", "plusgiro", "org.nr", "organisationsnummer", "momsnr", "projekt",
    "projektnr", "ISBN", "imei", "EAN", "försäkringsnummer", "skadenr", "rekvisition",
    "följesedel", "batch", "beställning", "beställningsnr", "felanmälan", "felanmälan nr",
    "arbetsorder", "kundnummer", "licens", "chassinr", "ramnummer", "protokoll", "verifikation",
)  # fmt: skip
NUMBERED: Final = (
    "{} {}",
    "{} {} är betald",
    "Se {} {} i pärmen",
    "vi har {} {} sen i måndags",
    "{} {} gäller sanering vid torget",
    "lappen med {} {} är borta",
)


def plate_in_any_form(rng: random.Random) -> Sentence:
    """A plate whose letters are no word, in capitals, whatever stands between its halves."""
    letters, number = _free_plate(rng)
    value = letters + rng.choice(PLATE_GAPS) + number
    return _carried(rng, CARRIERS + VEHICLES, "reg", value)


def plate_of_a_word(rng: random.Random) -> Sentence:
    """Two digits and a letter after a word in capitals."""
    words = sorted(rulebook().tables.plate_words - rulebook().tables.plate_rooms)
    number = f"{rng.randrange(100):02}{rng.choice('ABCDEFGHJKLMNPRSTUWXYZ')}"
    value = rng.choice(words).upper() + rng.choice(("", " ", "-")) + number
    return _carried(rng, CARRIERS + VEHICLES, "reg", value)


def plate_after_its_cue(rng: random.Random) -> Sentence:
    """Any plate after "reg": a word or not, its signs together or apart, in capitals or not."""
    letters, number = _free_plate(rng)
    if rng.random() < 0.5:
        letters = rng.choice(sorted(rulebook().tables.plate_words)).upper()
    form = rng.randrange(4)
    if form == 0:
        value = letters + rng.choice(PLATE_GAPS) + number
    elif form == 1:
        value = rng.choice((" ", "-", ".", " - ")).join(letters + number)
    elif form == 2:
        value = letters + rng.choice((" ", "-")) + rng.choice((" ", "-", ".")).join(number)
    else:
        value = (letters + number).lower()
    return _carried(rng, AFTER_REG, "reg", value)


def phone_in_any_groups(rng: random.Random) -> Sentence:
    """A whole Swedish number, its digits in any groups."""
    area, subscriber = rng.choice(generated.fictitious_phones())
    number = area + subscriber
    if rng.random() < 0.3:
        country = rng.choice(("+46", "0046", "+46 ", "+46 (0)", "0046-"))
        value = country + _grouped(rng, number[1:], PHONE_GAPS)
    else:
        value = _grouped(rng, number, PHONE_GAPS)
    return _carried(rng, (*CARRIERS, "ring {} efter fem", "tel {}", "sms från {}"), "tel", value)


def personnummer_in_any_groups(rng: random.Random) -> Sentence:
    """A personnummer with the right check digit, its digits in any groups."""
    number = rng.choice(
        [each for each in generated.TEST_NUMBERS if each[2:4] < "18" or each[:2] < "20"]
    )
    number = rng.choice((number, number[2:]))
    value = _grouped(rng, number, PNR_GAPS)
    return _carried(rng, (*CARRIERS, "pnr {}", "personnummer: {}"), "pnr", value)


def number_of_something_else(rng: random.Random) -> Sentence:
    """An invoice, a meter, a case ...: as long as an identifier, and none."""
    year, month, day = rng.randrange(18, 30), rng.randrange(1, 13), rng.randrange(1, 29)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: f"20{year}{month:02}{day:02}-{rng.randrange(10000):04}",
        lambda: f"{year}{month:02}{day:02}-{rng.randrange(10000):04}",
        lambda: f"0{rng.randrange(10**9):09}",
        lambda: f"0{rng.randrange(100, 1000)} {rng.randrange(10000):04}",
        lambda: f"0{rng.randrange(100, 1000)}-{rng.randrange(100000):05}",
        lambda: str(rng.randrange(10**9, 10**10)),
        lambda: f"{rng.randrange(1000, 10000)}-{rng.randrange(10000):04}",
        lambda: f"07{rng.randrange(10**8):08}",
    )
    thing = rng.choice(OTHER_THINGS)
    return Sentence(rng.choice(NUMBERED).format(thing, rng.choice(kinds)()), ())


ALL: Final = (
    plate_in_any_form,
    plate_of_a_word,
    plate_after_its_cue,
    phone_in_any_groups,
    personnummer_in_any_groups,
    number_of_something_else,
)


def _free_plate(rng: random.Random) -> tuple[str, str]:
    """Letters and number of a plate whose letters mean nothing."""
    tables = rulebook().tables
    common = tables.plate_words | tables.plate_codes | tables.models
    letters = "".join(rng.choices(generated.PLATE_LETTERS, k=3))
    while letters.lower() in common:
        letters = "".join(rng.choices(generated.PLATE_LETTERS, k=3))
    return letters, f"{rng.randrange(100):02}{rng.choice(generated.PLATE_LAST)}"


def _grouped(rng: random.Random, digits: str, gaps: tuple[str, ...]) -> str:
    """The digits in groups of one to five, or all apart, with one kind of gap or another."""
    gap = rng.choice(gaps)
    if rng.random() < 0.15:
        return gap.join(digits)
    groups = []
    while digits:
        size = rng.randrange(1, 6)
        groups.append(digits[:size])
        digits = digits[size:]
    return gap.join(groups)


def _carried(rng: random.Random, carriers: tuple[str, ...], name: str, value: str) -> Sentence:
    before, after = rng.choice(carriers).split("{}")
    return Sentence(before + value + after, (Label(name, len(before), len(before) + len(value)),))
