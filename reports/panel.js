"use strict";
// The panel of one cell: what is known of it. Its evidence comes from a script file, on demand.

{
  const { el } = Shelflife;
  const waiting = new Map();

  /** Called by each evidence file. */
  globalThis.shelflifeEvidence = (number, chunk) => {
    const entry = waiting.get(number);
    if (entry) entry.done = true;
    entry?.resolve(chunk);
  };

  /** The evidence file of that number; loaded once. */
  const loadChunk = (number) => {
    if (!waiting.has(number)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      waiting.set(number, entry);
      const source = `data/evidence-${number}.js`;
      const script = el("script", { src: source });
      const fail = () => {
        waiting.delete(number);
        entry.reject(new Error(`The file ${source} could not be loaded.`));
      };
      script.onerror = fail;
      script.onload = () => entry.done || fail();
      document.head.append(script);
    }
    return waiting.get(number).promise;
  };

  /** A row's evidence with its texts put back in place. */
  const unpack = ({ texts, rows }, row) => {
    const [methods, error, warnings, artifact, fidelity, ms, reason, observed, runs] = rows[row];
    const [type, message, stage, traceback] = error ? error.map((at) => texts[at]) : [];
    return {
      methods: texts[methods],
      error: error && { type, message, stage, traceback },
      warnings: warnings.map(([c, m, count, s]) => ({ category: texts[c], message: texts[m], count, stage: texts[s] })),
      artifact: artifact && { sha256: artifact[0], bytes: artifact[1] },
      fidelity: texts[fidelity],
      ms,
      reason: texts[reason],
      observed: texts[observed],
      runs,
    };
  };

  // ---- parts

  const facts = (pairs) =>
    el("dl", { className: "facts" }, ...pairs.filter(([, value]) => value).map(([name, value]) => el("div", { className: typeof value === "string" ? "" : "whole" }, el("dt", {}, name), el("dd", {}, value))));

  const table = (label, head, rows) =>
    el(
      "div",
      { className: "scroll", role: "region", "aria-label": label, tabIndex: 0 },
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, ...head.map((words) => el("th", { scope: "col" }, words)))),
        el("tbody", {}, ...rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, first), ...rest.map((value) => el("td", {}, value))))),
      ),
    );

  const section = (title, ...parts) => [el("h3", {}, title), ...parts];

  const errorPart = ({ error }) => {
    if (!error) return [];
    const said = el("p", {}, el("strong", {}, error.type), ` at the stage “${error.stage}”`);
    const parts = [said, el("pre", { tabIndex: 0 }, error.message || "(no message)")];
    if (error.traceback) parts.push(el("details", { open: true }, el("summary", {}, "Traceback"), el("pre", { tabIndex: 0 }, error.traceback)));
    return section("Error", ...parts);
  };

  const warningsPart = ({ warnings }) => {
    if (!warnings.length) return section("Warnings", el("p", { className: "quiet" }, "None was given."));
    const items = warnings.map((w) => el("li", {}, el("strong", {}, w.category), ` ×${w.count} at “${w.stage}”: `, w.message));
    return section("Warnings", el("ul", { className: "warnings" }, ...items));
  };

  const methodsPart = ({ methods, error }) => {
    const names = Object.keys(methods);
    if (!names.length) return section("Answers", el("p", { className: "quiet" }, error ? "No question was answered." : "The model was never asked."));
    const rows = names.map((name) => {
      const m = methods[name];
      return [name, m.verdict, Shelflife.exactly(m.max_abs_diff), m.max_ulp < 1e6 ? Shelflife.count(m.max_ulp) : m.max_ulp.toExponential(1), Shelflife.count(m.changed), m.worst_row === undefined ? "" : String(m.worst_row), m.note ?? ""];
    });
    const head = ["method", "verdict", "max. abs. difference", "max. ulp", "changed", "worst row", "note"];
    return section("Answers, against the reference", table("Answers by method", head, rows));
  };

  const fidelityWords = (fidelity) => {
    if (!fidelity) return "not compared";
    const where = fidelity.method ? ` in ${fidelity.method}` : "";
    return `${fidelity.verdict}${where}, max. difference ${Shelflife.exactly(fidelity.max_abs_diff)}`;
  };

  const tolerances = (data, row, cell) => {
    const { columns: c, names: n } = data;
    const known = [
      ["model", data.models.find((model) => model.id === n.model[c.model[row]])],
      ["format", data.formats.find((format) => format.id === n.format[c.format[row]])],
    ];
    const said = known
      .filter(([, thing]) => thing?.tolerance)
      .map(([kind, { tolerance }]) => `of the ${kind}: rtol ${tolerance.rtol}, because ${tolerance.reason}`);
    if (cell.outcome === "close" && cell.reason) said.push(`applied here: ${cell.reason}`);
    return said.join("; ") || "the default, see Method";
  };

  const locksPart = (data, cell) => {
    const [saved, loaded] = [cell.producerAt, cell.consumerAt].map((code) => data.environments[code]);
    const names = [...new Set([...Object.keys(saved.packages), ...Object.keys(loaded.packages)])].sort();
    const rows = names.map((name) => [name, saved.packages[name] ?? "–", loaded.packages[name] ?? "–"]);
    if (saved.python !== loaded.python) rows.unshift(["Python", saved.python || "unknown", loaded.python || "unknown"]);
    const different = rows.filter(([, a, b]) => a !== b);
    const head = ["package", `saved in ${cell.producer}`, `loaded in ${cell.consumer}`];
    const pins = ({ packages }) => Object.entries(packages).map(([name, version]) => `${name}==${version}`).join("\n") || "The packages are unknown.";
    const link = ({ lock }, id) => (lock ? el("a", { href: `locks/${encodeURIComponent(lock)}` }, `${id}, with hashes`) : id);
    const full = (environment, id) => [el("p", {}, link(environment, id)), el("pre", { tabIndex: 0 }, pins(environment))];
    const difference = cell.isControl
      ? el("p", { className: "quiet" }, "A control: loaded where it was saved.")
      : different.length
        ? table("Differences between the locks", head, different)
        : el("p", { className: "quiet" }, "No difference is known.");
    return section(
      "Locks: what differs",
      difference,
      el("details", {}, el("summary", {}, "Both locks"), ...full(saved, cell.producer), ...(cell.isControl ? [] : full(loaded, cell.consumer))),
    );
  };

  /** The request, as far as the run's header tells it, and the response, as it was recorded. */
  const wirePart = (data, row, cell) => {
    const { columns: c, names: n } = data;
    const [model, format] = ["model", "format"].map((name) => n[name][c[name][row]]);
    const told = (things, id) => things.find((thing) => thing.id === id) ?? { id };
    const short = ({ id, python, main, version }) => ({ id, python, [main || "main"]: version });
    const place = (code, id) => short({ id, ...data.environments[code] });
    const request = { cell: cell.id, model: told(data.models, model), format: told(data.formats, format), save_in: place(cell.producerAt, cell.producer), load_in: place(cell.consumerAt, cell.consumer) };
    const { outcome, methods, error, warnings, artifact, fidelity, ms, reason, observed, runs } = cell;
    const response = { outcome, methods, error, warnings, artifact, fidelity, ms, reason, observed, runs };
    const fold = (words, thing) => el("details", {}, el("summary", {}, words), el("pre", { tabIndex: 0 }, JSON.stringify(thing, null, 1)));
    const said = "The answers themselves are compared where they are made and not kept; their comparison is.";
    return section("Request and response", el("p", { className: "quiet" }, said), fold("What was asked for", request), fold("What came back, as recorded", response));
  };

  Shelflife.copyButton = (text, words) => {
    const button = el("button", { type: "button" }, words);
    button.addEventListener("click", () => Shelflife.copy(text(), button));
    return button;
  };

  const quoted = (text) => `'${text.replace(/'/g, "'\\''")}'`;
  const bare = (text) => (/^[\w.+-]+$/.test(text) ? text : quoted(text));

  const commandsPart = (data, cell) => {
    const commands = [
      `shelflife run ${bare(data.argument ?? data.matrix)} --select ${quoted(cell.id)} --fresh`,
      `shelflife show ${quoted(cell.id)}`,
      `python -m tox exec -e ${bare(cell.consumer)} -- python`,
    ];
    const lines = commands.map((command) =>
      el("div", { className: "command" }, el("pre", { tabIndex: 0 }, el("code", {}, command)), Shelflife.copyButton(() => command, "Copy")),
    );
    return section("Run it again", ...lines);
  };

  const describe = (data, row) => {
    const { columns: c, names: n } = data;
    const [producerAt, consumerAt] = [c.producer[row], c.consumer[row]];
    return {
      id: Shelflife.cellId(data, row),
      outcome: data.outcomes[c.outcome[row]].id,
      look: data.outcomes[c.outcome[row]],
      producer: n.producer[producerAt],
      consumer: n.consumer[consumerAt],
      producerAt,
      consumerAt,
      isControl: producerAt === consumerAt,
    };
  };

  const top = (data, row, cell) => {
    const milliseconds = Object.entries(cell.ms ?? {}).map(([stage, ms]) => `${stage} ${Number(ms.toPrecision(3))} ms`).join(", ");
    const digest = cell.artifact?.sha256 ? el("code", {}, cell.artifact.sha256) : "digest not kept";
    const artifact = cell.artifact && [digest, `, ${Shelflife.count(cell.artifact.bytes)} bytes`];
    const value = (parts) => (parts ? el("span", {}, ...parts) : "none that could be loaded");
    return facts([
      ["Root cause", cell.cause && el("span", {}, el("a", { href: cell.cause.address }, cell.cause.name), " – why, how often, and what helps")],
      ["Reason", cell.reason && el("span", {}, cell.reason)],
      ["What was seen all the same", cell.observed],
      ["Artifact (SHA-256)", value(artifact)],
      ["Fidelity: reloaded against fitted", fidelityWords(cell.fidelity)],
      ["Time, one shot", milliseconds || "not taken"],
      ["Tolerance", tolerances(data, row, cell)],
      ["Times run", String(cell.runs)],
    ]);
  };

  Shelflife.Panel = class {
    constructor(data, dialog, { close, step, control, causes }) {
      Object.assign(this, { data, dialog, close, step, control, causes, row: -1 });
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        close();
      });
      dialog.addEventListener("click", (event) => event.target === dialog && close());
    }

    hide() {
      this.row = -1;
      if (this.dialog.open) this.dialog.close();
    }

    frame(...content) {
      const button = (words, action) => {
        const element = el("button", { type: "button" }, words);
        element.addEventListener("click", action);
        return element;
      };
      const bar = el(
        "div",
        { className: "panel-top" },
        button("← Previous", () => this.step(-1)),
        button("Next →", () => this.step(1)),
        Shelflife.copyButton(() => location.href.replace(/#.*/, "") + `#cell=${encodeURIComponent(this.id).replace(/%2F/g, "/")}`, "Copy link"),
        el("span", { className: "end" }, button("Close", this.close)),
      );
      const focused = [...this.dialog.querySelectorAll(".panel-top button")].indexOf(document.activeElement);
      this.dialog.replaceChildren(bar, el("div", { className: "panel-body" }, ...content));
      if (!this.dialog.open) this.dialog.showModal();
      bar.querySelectorAll("button")[focused === -1 ? 3 : focused].focus();
      this.dialog.scrollTop = 0;
    }

    missing(id) {
      this.row = -1;
      this.id = id;
      this.frame(el("h2", { id: "panel-title" }, "No such cell"), el("p", {}, `This run has no cell ${id}.`));
    }

    async show(row) {
      if (row === this.row && this.dialog.open) return;
      this.row = row;
      const about = describe(this.data, row);
      this.id = about.id;
      const title = [
        el("h2", { id: "panel-title" }, about.id),
        el("p", { className: "verdict" }, Shelflife.badge(about.look), el("span", {}, el("strong", {}, about.outcome), `: ${about.look.says}`)),
      ];
      this.frame(...title, el("p", { className: "quiet" }, "Loading the evidence …"));
      let parts;
      try {
        const [chunk, causes] = await Promise.all([loadChunk(this.data.columns.chunk[row]), this.causes()]);
        const cause = causes?.of[row] ? { name: causes.names[causes.of[row]], address: causes.addresses[causes.of[row]] } : null;
        parts = this.evidence(row, { ...about, cause, ...unpack(chunk, row) });
      } catch (error) {
        parts = [el("p", { className: "alarm" }, error.message)];
      }
      if (row !== this.row) return;
      this.dialog.querySelector(".panel-body").replaceChildren(...title, ...parts);
      this.dialog.dataset.ready = about.id;
    }

    evidence(row, cell) {
      const control = el("p", {}, el("a", { href: `#${this.control(cell)}` }, "Its control: loaded where it was saved"));
      return [
        top(this.data, row, cell),
        cell.isControl ? el("p", { className: "quiet" }, "This cell is a control.") : control,
        ...errorPart(cell),
        ...methodsPart(cell),
        ...warningsPart(cell),
        ...locksPart(this.data, cell),
        ...wirePart(this.data, row, cell),
        ...commandsPart(this.data, cell),
      ];
    }
  };
}
