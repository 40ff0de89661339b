"""What Shelflife and the formats cost: scripts with ratios from one run, asv, pytest-benchmark."""
