"""Kernel density: how thickly do events lie, everywhere?

Sources: Silverman (1986), Density Estimation, ch. 4-5 (rules of thumb, kernels, Abramson's square
root law); Scott (1992), Multivariate Density Estimation; Diggle (1985), Appl Stat 34:138 and Jones
(1993), Stat Comput 3:135 (edges); Abramson (1982), Ann Stat 10:1217; Davies & Baddeley (2018),
Stat Comput 28:937 (classes of bandwidths); Hall & Robinson (2009), Biometrika 96:175
(cross-validation on a part of the data).
"""

from lagesbild.kde._bandwidth import Rule
from lagesbild.kde._density import Density, Edges, Kernel, density
from lagesbild.kde._grid import Grid

__all__ = ["Density", "Edges", "Grid", "Kernel", "Rule", "density"]
