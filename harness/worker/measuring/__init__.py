"""What saving and loading cost in this environment, one fresh process for each measurement.

    python -I harness/worker/measuring/start.py IMPORTS REQUEST

imports the modules that the file IMPORTS names, a line each (`-` for none), and then answers the
request, a JSON object, by appending JSON lines to its `response`. These files decide no verdict of
a matrix and are no part of its fingerprint.

    at         path at which *inside* keeps the name of the arm that it is at
    kind       prepare, learn, first or inside
    response   path of the JSON lines
    plugins    folders with more models and formats
    folder     of the comparison set: `<arm>/model<suffix>`, `source<suffix>`, `rows.pkl`
    model      id; with `own`, the path of a pickle instead: the model is what it holds
    ask        path of rows to ask about (.npy, .csv), or ""
    gc         whether garbage collection is on
    sandboxed  whether the process first gives up the network

*prepare* fits the model and saves it in `arms` ({arm: format id}), a line each, before which
`{"kind": "at", "arm"}` says which one is to blame if nothing follows:
`{"kind": "case", "arm", "status", "reason", "bytes", "files", "sha256", "payload"}`.
*learn* loads one arm in a process that has imported nothing and answers
`{"kind": "learnt", "arm", "modules", "question", "lazy", "arrays"}`: what loading imports.
*first* does what a user's first request does: with the modules imported, load and answer.
`{"kind": "first", "marks": {stage: [wall, cpu]}, "ours": [wall, cpu], "peaks": {...}}`; the first
mark, `interpreter`, is the monotonic clock, from which the harness takes the moment of its start.
*inside* goes through all arms: `{"kind": "inside", "samples": [[arm, stage, wall, cpu, repeats]],
"peaks": {arm: {"dump": bytes}}, "resident": {arm: share}, "imports": [wall, cpu]}`.

A failure is `{"kind": "failed", "arm", "status", "reason"}`.
"""
