"""One file per format: dump, load, what loading needs and what it may execute."""
