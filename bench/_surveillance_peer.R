# R's surveillance on the counts of a CSV file (a column per series): task,seconds to stdout.
# Run by lagesbild_surveillance.py with the Rscript it is given; not part of the product.
suppressMessages(library(surveillance))
counts <- as.matrix(read.csv(commandArgs(TRUE)[1], header = FALSE))
n <- nrow(counts)
year <- (n - 51):n
as_sts <- function(columns)
  new("sts", epoch = seq_len(n), observed = counts[, columns, drop = FALSE], freq = 52, start = c(2020, 1))
all <- as_sts(seq_len(ncol(counts)))
few <- as_sts(1:20)
report <- function(name, expression, times = 1) {
  began <- proc.time()
  sink(nullfile()); suppressWarnings(suppressMessages(force(expression))); sink()
  cat(name, ",", times * sum((proc.time() - began)[c("user.self", "sys.self")]), "\n", sep = "")
}
flexible <- function(weeks) list(
  range = weeks, b = 3, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26, reweight = TRUE,
  weightsThreshold = 2.58, trend = TRUE, pThresholdTrend = 1, thresholdMethod = "nbPlugin", verbose = FALSE
)
report("flexible Farrington, last week", farringtonFlexible(all, flexible(n)))
# Fifty times as many series take fifty times as long, at least.
report("flexible Farrington, 52 weeks", farringtonFlexible(few, flexible(year)), ncol(counts) / 20)
report("original Farrington, last week", farrington(all, list(range = n, b = 3, w = 3)))
report("EARS C2, last week", earsC(all, list(range = n, method = "C2")))
report("EARS C2, 52 weeks", earsC(all, list(range = year, method = "C2")))
report("Bayes, last week", bayes(all, list(range = n, b = 3, w = 3)))
report("Bayes, 52 weeks", bayes(all, list(range = year, b = 3, w = 3)))
