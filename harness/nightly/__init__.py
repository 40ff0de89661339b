"""What runs every night, and what is made of it; the same steps on one machine and in CI.

programme   nightly.toml: matrices, shards, pre-releases
prereleases resolved at this moment, joined to their matrices
night       the night's folder: its plan, and the commands that its steps are
conclude    merge, diff, issue text, site, history
"""
