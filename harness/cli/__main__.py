"""`python -m harness.cli`, where nothing is installed."""

from harness.cli import main

main()
