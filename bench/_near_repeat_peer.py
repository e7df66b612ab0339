"""pointpats' Knox test with 999 permutations on the events of an .npz file: JSON to stdout.

Run by lagesbild_near_repeat.py with an interpreter that has pointpats; not part of the product.
"""

import json
import sys
import time

import numpy as np
from pointpats.spacetime import Knox

events = np.load(sys.argv[1])
places, days = np.column_stack([events["x"], events["y"]]), events["days"][:, None]
began = time.process_time()
found = Knox(places, days, delta=200.0, tau=7, permutations=999)
print(json.dumps({"cpu_s": time.process_time() - began, "observed": int(found.statistic_)}))
