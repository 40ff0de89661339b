def track_x(a):
    import sys, asv_runner, harness, os
    return {"samples": [1.0, 2.0, 1.5], "number": 1}
track_x.params = ["a", "b"]
track_x.version = "1"
track_x.rounds = 2
track_x.unit = "seconds"
