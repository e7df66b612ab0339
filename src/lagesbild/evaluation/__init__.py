"""Did it help? Before and after, against places where nothing was done, with what cannot be told.

Sources: Wheeler & Ratcliffe (2018), Crime Science 7:11 (weighted displacement difference);
Bowers & Johnson (2003), J Quant Criminol 19:275 (displacement quotient); Guerette (2009), POP
Guide 10, app. B (net effects); Krishnamoorthy & Thomson (2004), J Stat Plan Inference 119:23
(e-test); Cameron & Miller (2015), J Hum Resour 50:317 (cluster-robust inference); Abadie, Diamond
& Hainmueller (2010), J Am Stat Assoc 105:493 (synthetic control); Arkhangelsky, Athey, Hirshberg,
Imbens & Wager (2021), Am Econ Rev 111:4088 (synthetic difference in differences).
"""

from lagesbild.evaluation._difference import RateRatio, difference_in_differences
from lagesbild.evaluation._displacement import (
    DisplacementQuotient,
    displacement_quotient,
    weighted_displacement_difference,
)
from lagesbild.evaluation._power import panel_power, power, smallest_detectable_change
from lagesbild.evaluation._rates import poisson_e_test
from lagesbild.evaluation._results import Effect, Verdict
from lagesbild.evaluation._synthetic import (
    SyntheticEffect,
    synthetic_control,
    synthetic_difference_in_differences,
)

__all__ = [
    "DisplacementQuotient",
    "Effect",
    "RateRatio",
    "SyntheticEffect",
    "Verdict",
    "difference_in_differences",
    "displacement_quotient",
    "panel_power",
    "poisson_e_test",
    "power",
    "smallest_detectable_change",
    "synthetic_control",
    "synthetic_difference_in_differences",
    "weighted_displacement_difference",
]
