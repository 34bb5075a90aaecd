"""Speed as ratios, each measured in one run: `make bench`, or `python -m benchmarks NAME ...`."""
