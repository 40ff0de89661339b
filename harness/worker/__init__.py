"""The foreign side: runs inside a pinned environment and knows nothing of the harness.

Standard library only at import time, Python 3.7 and later. Libraries of the environment are
imported where a format, a model or an answer needs them. Whatever is started here is started as

    python -I -X faulthandler harness/worker COMMAND

and everything that crosses the wall is a file. The contract:

`describe [PLUGIN ...]` prints the registry of models and formats as JSON.

`probe` prints what is really installed as JSON: `{"python", "implementation", "executable",
"packages": {name: version}}`.

`facts REQUEST` and `trace REQUEST` find the facts of formats; see `facts/__init__.py` and
`facts/traces.py`.

`serve` reads paths of requests from standard input, a line each, until its end, and answers each
in the file that the request names. The end of standard input kills whatever is still at work.

A **request** is a JSON object:

    kind      "produce", "consume", or "resave": what was produced is saved again, into `resaved`
              beside the answers, with the reference that it has
    response  path of the JSON lines to append to
    log       path of what the models print
    produced  folder of the producer: its `manifest.jsonl`, artifacts, reference answers
    items     ["model/format", ...]
    plugins   folders with more models and formats
    seconds   time limit of a cell; memory_mib, its share of address space over the parent's
    batch     items per forked child; 0: as many as there are

**Response** lines, each complete before the next item begins:

    {"kind": "hello", "packages": {...}, ...}          first; what `probe` says, cost of imports
    {"kind": "refused", "reason": ...}                 instead of all that follows
    {"kind": "done", "item": ..., "status": ...}       one for each item; see below
    {"kind": "again", "item": ...}                     failed in producing: tried once more, later
    {"kind": "spent", "cpu": {stage: seconds}}         after each child
    {"kind": "end"}                                    last

`status` is `ok`; `failed`, with `failure: {type, message, stage, traceback}`; `crash` or `timeout`,
with the same; `unsupported` (the format cannot) or `absent` (the environment lacks it), with
`reason`; or `machine` (disk full and the like: nobody's fault), with `reason`. Where two lines are
about one item, the first counts. All have `warnings: [[category, message, count, stage], ...]` and
`ms: {stage: milliseconds}`.

*produce* fits a model, saves it, reloads it and asks it everything. It appends to the manifest
`{"item", "kind": "saved", "path", "sha256", "bytes", ...}` and then, with the answers of the
reloaded model, `{"item", "kind": "reference", "answers": {method: answer}, "fitted": {method:
answer}, "compared": [method, ...], "usable": [check, ...]}`, where `answer` is `{"spec", "sha256",
"at", "bytes"}`: raw bytes in the file `<item>.answers`, described by `spec` (see `answers.py`).
`fitted` holds the answers of the model before it was saved, where they differ.

*consume* verifies the hash, loads, asks the same methods, tries whether the model is usable, and
answers `{"equal": [method, ...], "answers": {method: answer}, "lost": [failure, ...]}`: an answer
with the reference's digest is named, any other is written in full to `answers` beside the response.
"""
