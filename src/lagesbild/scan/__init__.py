"""Scan statistics: where and when are there more (or fewer) events than chance explains?

Circles of all sizes around all places, over all intervals of time, are compared with what was
expected in them; the most unlikely are the clusters, and their p-values hold for the whole search.
The same numbers as SaTScan's. `docs/methods/scan.md` explains and works an example.

Sources: Kulldorff (1997), Commun Stat Theory Methods 26:1481 (Poisson and Bernoulli); Kulldorff
(2001), JRSS A 164:61 (prospective); Kulldorff, Heffernan, Hartman, Assunção & Mostashari (2005),
PLoS Med 2:e59 (space-time permutation); Besag & Clifford (1991), Biometrika 78:301 (early stop).
"""

from lagesbild.scan._models import bernoulli, poisson, space_time_permutation
from lagesbild.scan._results import Cluster, ScanResult
from lagesbild.scan._standard import person_time, standardised_expectation

__all__ = [
    "Cluster",
    "ScanResult",
    "bernoulli",
    "person_time",
    "poisson",
    "space_time_permutation",
    "standardised_expectation",
]
