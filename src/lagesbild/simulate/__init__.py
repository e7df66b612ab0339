"""A synthetic city with planted truth: for tests, for the demo, and to learn what a method sees.

    city = City(measures=[Measure(effect=0.7, areas=(3, 4, 5), start="2025-06-02")], seed=1)
    simulation = city.simulate("2024-01-01", 104, seed=2)
    simulation.events, simulation.effort, simulation.truth.planted

Sources: Mohler, Short, Brantingham, Schoenberg & Tita (2011), JASA 106:100 (events that make others
follow); Weisburd (2015), Criminology 53:133 (few places have most of it).
"""

from lagesbild.simulate._calendar import WHEEL, year_wheel
from lagesbild.simulate._city import City, Simulation, Truth
from lagesbild.simulate._map import Map
from lagesbild.simulate._parts import (
    AFTERNOONS,
    DAYTIME,
    EVENINGS,
    USUAL,
    WEEKEND_NIGHTS,
    Category,
    Change,
    Drift,
    Effort,
    HotSpot,
    Measure,
    NearRepeat,
    Outbreak,
    rhythm,
)
from lagesbild.simulate._rates import Found

__all__ = [
    "AFTERNOONS",
    "DAYTIME",
    "EVENINGS",
    "USUAL",
    "WEEKEND_NIGHTS",
    "WHEEL",
    "Category",
    "Change",
    "City",
    "Drift",
    "Effort",
    "Found",
    "HotSpot",
    "Map",
    "Measure",
    "NearRepeat",
    "Outbreak",
    "Simulation",
    "Truth",
    "rhythm",
    "year_wheel",
]
