"""Published claims about the cost and the life of saved models, measured on this machine.

    ledger (claims.toml) -> conduct (processes) -> judging -> page, tables

`benchmarks/claims/` holds the claims, the code that measures them, and what was measured, in the
form of a measuring run (docs/reference/measure.md): verdicts follow from that alone.
"""
