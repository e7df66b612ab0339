"""`python -m lagesbild.cli`, where the command is not installed."""

import sys

from lagesbild.cli import main

sys.exit(main())
