"""lagesbild: the statistics of place and time. Arrays in, frozen results out."""
