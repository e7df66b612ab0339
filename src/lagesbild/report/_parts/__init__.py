"""What a picture is made of: the frame all parts share, and one function for each part.

Each part returns a result of the library, or a reason why there is none: with few data most
methods have nothing to say, and a picture that says so is right.
"""

from lagesbild.report._parts._changes import Changes, changes
from lagesbild.report._parts._clusters import Clusters, clusters
from lagesbild.report._parts._frame import FEWEST_FOR_PLACES, LEVEL, Frame, Reason, frame
from lagesbild.report._parts._places import Places, density, places
from lagesbild.report._parts._repeats import Repeats, hours, repeats

__all__ = [
    "FEWEST_FOR_PLACES",
    "LEVEL",
    "Changes",
    "Clusters",
    "Frame",
    "Places",
    "Reason",
    "Repeats",
    "changes",
    "clusters",
    "density",
    "frame",
    "hours",
    "places",
    "repeats",
]
