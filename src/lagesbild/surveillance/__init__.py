"""Is this week more than what these weeks usually bring? For thousands of series at once.

Sources: Farrington, Andrews, Beale & Catchpole (1996), JRSS A 159:547; Noufaily et al. (2013),
Stat Med 32:1206 (the flexible algorithm); Salmon, Schumacher & Höhle (2016), J Stat Softw 70:10
(R's surveillance, whose numbers come out here); Hutwagner et al. (2003), J Urban Health 80:i89
(EARS); Riebler (2004), thesis, LMU Munich (Bayes); Höhle & Riebler (2005), SFB 386 discussion
paper 422 (RKI); Rossi, Lampugnani & Marchi (1999), Stat Med 18:2111 (CUSUM of counts); Höhle &
Paul (2008), Comput Stat Data Anal 52:4357 (generalised likelihood ratio).
"""

from lagesbild.surveillance._charts import cusum, glr_poisson
from lagesbild.surveillance._farrington import farrington, farrington_flexible
from lagesbild.surveillance._results import Surveillance
from lagesbild.surveillance._windows import bayes, ears, rki

__all__ = [
    "Surveillance",
    "bayes",
    "cusum",
    "ears",
    "farrington",
    "farrington_flexible",
    "glr_poisson",
    "rki",
]
