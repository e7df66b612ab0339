# CPU seconds of KernSmooth::bkde2D on x,y read from a file of doubles; medians over rounds.
# Rscript _kde_peer.R FILE N SIDE BANDWIDTH ROUNDS
a <- commandArgs(TRUE)
n <- as.integer(a[2]); side <- as.numeric(a[3]); width <- as.numeric(a[4])
points <- matrix(readBin(a[1], "double", 2 * n), ncol = 2)
cpu <- function() sum(proc.time()[c(1, 2, 4, 5)])
times <- replicate(as.integer(a[5]), {
  before <- cpu()
  KernSmooth::bkde2D(points, bandwidth = c(width, width), gridsize = c(500, 500),
                     range.x = list(c(0, side), c(0, side)))
  cpu() - before
})
cat(median(times), "\n")
