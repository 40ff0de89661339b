"""What the published claims say, measured: one file for each setup, run in a pinned environment.

A file has `prepare(case, folder)`, which saves what is compared and returns {arm: path}, and
`visit(case, arm, path, clock)`, which does once what the claim is about:
`clock(stage, function, *arguments)` calls the function, times it, and gives what it returns. An arm
that needs a model in memory to save it makes it in `ready(case, folder)`, which is not timed and
whose result `visit` takes as its last argument.

Standard library only at import time, and the Python of the worker: see `run.py`, which runs them,
and `claims.toml`, which names them.
"""
