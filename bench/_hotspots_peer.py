"""esda's Gi* with 999 permutations on a square of counts: CPU seconds and z to an .npz file.

Run by lagesbild_hotspots.py with an interpreter that has esda; not part of the product.
"""

import sys
import time

import numpy as np
from esda.getisord import G_Local
from libpysal.weights import lat2W

counts = np.load(sys.argv[1])
side = int(counts.size**0.5)
options = {"transform": "B", "star": True, "n_jobs": 1, "seed": 1}
G_Local(counts[:400], lat2W(20, 20, rook=False), permutations=9, **options)  # compiles
near = lat2W(side, side, rook=False)
began = time.process_time()
found = G_Local(counts, near, permutations=999, **options)
np.savez(sys.argv[2], cpu_s=time.process_time() - began, z=found.Zs)
