"use strict";
// Answers one question: saved here, loaded there? The address is the question; data come as script files when they are asked for.
{
  const data = globalThis.shelflifeQuestions;
  const byId = (id) => document.getElementById(id);
  const form = byId("ask");
  const KEYS = ["matrix", "model", "format", "from", "to"];
  const matrices = new Map();
  const estimators = new Map();
  globalThis.shelflifeMatrix = (name, content) => matrices.set(name, content);
  globalThis.shelflifeEstimator = (matrix, model, content) => estimators.set(`${matrix}/${model}`, content);

  const el = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  };

  const loading = new Map();
  const load = (src) => {
    if (!loading.has(src)) {
      loading.set(src, new Promise((done, fail) => {
        const script = el("script", { src });
        script.addEventListener("load", done);
        script.addEventListener("error", () => { loading.delete(src); fail(new Error(src)); });
        document.head.append(script);
      }));
    }
    return loading.get(src);
  };

  // ---- the question

  const readable = (text) => encodeURIComponent(text).replace(/%2F/g, "/").replace(/%2C/g, ",");
  const address = (some) => "#" + Object.entries(some).filter(([, v]) => v).map(([k, v]) => `${k}=${readable(v)}`).join("&");

  const read = () => {
    const state = {};
    for (const part of location.hash.slice(1).split("&")) {
      const at = part.indexOf("=");
      if (at < 1 || !KEYS.includes(part.slice(0, at))) continue;
      try { state[part.slice(0, at)] = decodeURIComponent(part.slice(at + 1)); } catch { /* a torn address is no question */ }
    }
    return state;
  };

  const ask = (change) => { location.hash = address({ ...asked, ...change }); };
  let asked = {};

  const findMatrix = (name) => data.matrices.find((m) => m.name === name);
  const unknown = (what, name) => `There is no ${what} “${name}” here.`;

  /** The question with what it leaves open filled in; a string where it cannot be one. */
  const settle = async (state) => {
    const q = Object.keys(state).length ? { ...state } : { ...data.first };
    q.matrix ||= data.matrices.find((m) => m.models.some(([id]) => id === q.model))?.name ?? data.matrices[0].name;
    const matrix = findMatrix(q.matrix);
    if (!matrix) return { q, trouble: unknown("matrix", q.matrix) };
    q.model ||= matrix.models[0][0];
    const model = matrix.models.find(([id]) => id === q.model);
    if (!model) return { q, trouble: unknown("estimator", `${q.model} in ${q.matrix}`) };
    try {
      await Promise.all([load(`data/upgrade/${q.matrix}.js`), load(`data/upgrade/${q.matrix}/${model[1]}.js`)]);
    } catch (error) {
      return { q, trouble: `The file ${error.message} is missing: this copy of the site is not whole.` };
    }
    const about = matrices.get(q.matrix);
    const of = estimators.get(`${q.matrix}/${q.model}`);
    const ids = of.on.map((code) => about.environments[code].id);
    q.format ||= q.format || Object.keys(of.cells)[0];
    q.from ||= ids.find((_, i) => filled(of, q.format, i)) ?? ids[0];
    q.to ||= ids[ids.length - 1] === q.from ? ids[0] : ids[ids.length - 1];
    const trouble = !of.cells[q.format] ? unknown("format", `${q.format} of ${q.model}`)
      : !ids.includes(q.from) ? unknown("environment", q.from) : !ids.includes(q.to) ? unknown("environment", q.to) : "";
    return { q, about, of, ids, matrix, trouble };
  };

  const filled = (of, format, place) => of.cells[format]?.slice(place * of.on.length, (place + 1) * of.on.length).some((k) => k >= 0);

  // ---- looking things up

  /** What is known of a cell: outcome, detail, cause, warned, difference; null where there is none. */
  const look = ({ of, ids, about }, format, from, to) => {
    const kind = of.cells[format]?.[ids.indexOf(from) * ids.length + ids.indexOf(to)] ?? -1;
    if (kind < 0) return null;
    const [outcome, detail, cause, warned, difference] = of.kinds[kind];
    return { ...data.outcomes[outcome], detail, cause: cause ? about.causes[cause] : null, warned, difference };
  };

  const good = (cell) => cell?.group === "good";

  /** The route between two environments, and how far along it every cell is known to answer. */
  const reach = (all, format, from, to) => {
    const codes = new Map(all.about.environments.map((e, i) => [e.id, i]));
    const route = all.about.routes[codes.get(from)][codes.get(to)].map((i) => all.about.environments[i].id)
      .filter((id) => all.ids.includes(id) || id === to);
    const cells = route.map((id) => look(all, format, from, id));
    const own = good(look(all, format, from, from));
    const at = own ? cells.findIndex((cell) => !good(cell)) : 0;
    const steps = at === -1 ? route.length : at;
    return { route, cells, own, safe: steps ? route[steps - 1] : "", barrier: steps < route.length ? route[steps] : "", again: cells.slice(steps).some(good) };
  };

  const report = (all, cell) => `${all.matrix.report}#cell=${readable(cell)}`;
  const link = (href, ...text) => el("a", { href }, ...text);
  const badge = (cell) => el("span", { class: "badge", "data-outcome": cell?.id ?? "notrun", "aria-hidden": "true" }, cell?.symbol ?? "·");
  const far = (d) => (d === null ? "not finite" : d < 0 ? "" : Number(d.toPrecision(2)).toString());

  // ---- words

  const SAYS = {
    identical: "It loads, and every answer is the same, bit for bit.",
    close: "It loads, and every answer is within the stated tolerance.",
    unsupported: "The format says that it cannot keep this model.",
    "dump-error": "Saving it fails already.",
    "load-error": "It does not load.",
    "use-error": "It loads, and fails when it is used.",
    timeout: "The time limit passed before there was an answer.",
    crash: "The process that loaded it died.",
    drift: "It loads without an error, and its numbers are others.",
    changed: "It loads, and labels, shape or type of its answers are others.",
    invalid: "Not known: it does not even answer where it was saved.",
    notrun: "Not known: this was not run.",
  };

  const verdict = (cell) => (cell ? SAYS[cell.id] : "Not known: nothing was measured between these two.");

  const section = (title, ...children) => [el("h3", {}, title), ...children];

  const stops = (all, q, from, to) => {
    const { route, cells, own, safe, barrier, again } = reach(all, q.format, from, to);
    const last = route[route.length - 1];
    const at = barrier ? look(all, q.format, from, barrier) : null;
    const why = !own ? "not even where it was saved is it known to answer"
      : barrier ? `${barrier} ${at ? `is ${at.id}` : "was not measured"}` : "";
    const line = safe && !barrier ? el("p", { class: "stop" }, "Safe all the way to ", el("strong", {}, last), ".")
      : safe ? el("p", { class: "stop" }, "Last safe stop: ", el("strong", {}, safe), `; ${why}.`)
        : el("p", { class: "stop" }, el("strong", {}, "No safe stop"), ` on the way: ${why}.`);
    const steps = route.map((id, i) => el("li", { "data-outcome": cells[i]?.id ?? "notrun", "aria-current": id === safe && "step", title: cells[i]?.id ?? "not measured" },
      `${cells[i]?.symbol ?? "·"} ${id}`, el("span", { class: "said" }, ` ${cells[i]?.id ?? "not measured"}`)));
    return [line, el("ol", { class: "steps", "aria-label": "Releases on the way" }, el("li", {}, from), ...steps),
      again && el("p", {}, "Not monotone: it answers again further on, behind a release in which it does not.")].filter(Boolean);
  };

  /** A sentence of the project's, in which code stands between backticks. */
  const prose = (text) => text.split("`").map((part, i) => (i % 2 ? el("code", {}, part) : part));

  const reasons = (all, q, cell, id) => {
    const found = [];
    const wrong = cell.group === "silent";
    const off = cell.difference === null || cell.difference > 0;
    if (off && (wrong || cell.id === "close")) found.push(...section("Off by, at worst", el("p", {}, far(cell.difference), cell.detail && ` (${cell.detail})`)));
    else if (wrong && cell.detail) found.push(...section("Which answers", el("p", {}, cell.detail)));
    if (wrong) found.push(el("p", {}, cell.warned ? "It warned." : el("strong", {}, "Nothing warned.")));
    if (!wrong && cell.detail && cell.group !== "good") found.push(...section(cell.group === "error" ? "Exact error" : "Said", el("p", {}, el("code", {}, cell.detail))));
    if (cell.cause) {
      const [name, sentence, hint, links, resaved] = cell.cause;
      const numbers = links.flatMap((href, i) => [" ", el("a", { href, rel: "noopener" }, `[${i + 1}]`)]);
      found.push(...section("Root cause", el("p", {}, ...prose(sentence || `Not explained yet (${name}).`), ...numbers), hint && el("p", {}, ...prose(hint))));
      const tried = (all.about.tried[id] ?? []).map(([via, outcome, date, error]) => el("li", {}, `Loaded and saved again in ${via}: ${outcome}${error ? ` (${error})` : ""}, tried ${date}`));
      const over = resaved.map(([via, n, of, shown]) => el("li", {}, `Loaded and saved again in ${via}: mended ${n} of ${of} tried with this cause, `, link(report(all, shown), "for example")));
      if (tried.length || over.length) found.push(...section("Saved again on the way", el("ul", {}, ...tried, ...over)));
    }
    return found;
  };

  const others = (all, q, from, to) => {
    const answer = Object.keys(all.of.cells).filter((f) => f !== q.format && good(look(all, f, from, to)));
    const known = Object.keys(all.of.cells).filter((f) => f !== q.format && data.outcomes.some((o) => o.id === look(all, f, from, to)?.id && o.group !== "absent"));
    if (!answer.length) return section("Remedy, as tried", el("p", {}, known.length ? `None of the ${known.length} other formats answers between these two.` : "No other format was tried between these two."));
    const items = answer.flatMap((f, i) => [i ? ", " : "", link(report(all, [q.model, f, from, to].join("/")), f)]);
    return section("Remedy, as tried", el("p", {}, `Saved in the same environment in another format, it answers as before: `, ...items, `; ${answer.length} of ${known.length}.`));
  };

  const way = (all, q, from, to, title) => {
    const cell = look(all, q.format, from, to);
    const id = [q.model, q.format, from, to].join("/");
    const bad = cell && cell.group !== "good";
    return el("section", { class: "way", "data-outcome": cell?.id ?? "notrun", "aria-label": title },
      el("h2", {}, title),
      el("p", { class: "verdict" }, badge(cell), el("span", {}, verdict(cell))),
      ...(cell ? reasons(all, q, cell, id) : []),
      ...(bad || !cell ? others(all, q, from, to) : []),
      ...section("How far it is safe", ...stops(all, q, from, to)),
      cell && el("p", { class: "actions" }, link(report(all, id), "Evidence of this cell"), link(`${all.of.data}#${["formats", q.format, from, to].map((p) => `/${encodeURIComponent(p)}`).join("")}`, "JSON")));
  };

  const table = (all, q) => {
    const rows = Object.keys(all.of.cells).map((format) => {
      const cell = look(all, format, q.from, q.to);
      const back = look(all, format, q.to, q.from);
      const { safe, barrier } = reach(all, format, q.from, q.to);
      return el("tr", { "aria-current": format === q.format && "true" },
        el("th", { scope: "row" }, link(address({ ...q, format }), format)),
        el("td", {}, badge(cell), cell?.id ?? "not measured"), el("td", {}, badge(back), el("span", { class: "said" }, "back: "), back?.id ?? "not measured"),
        el("td", {}, el("span", { class: "said" }, "last safe stop: "), safe ? (barrier ? safe : "all the way") : "none"));
    });
    return el("table", { class: "list-of", id: "formats-here" },
      el("caption", { class: "said" }, `Every format of ${q.model} between ${q.from} and ${q.to}`),
      el("thead", {}, el("tr", {}, ...["Format", "There", "And back", "Last safe stop"].map((text) => el("th", { scope: "col" }, text)))), el("tbody", {}, ...rows));
  };

  // ---- showing

  const fill = (select, values, chosen) => {
    const all = values.includes(chosen) || !chosen ? values : [...values, chosen];
    select.replaceChildren(...all.map((v) => el("option", { value: v }, v)));
    select.value = chosen;
  };

  const showForm = ({ q, of, ids, matrix }) => {
    fill(form.elements.matrix, data.matrices.map((m) => m.name), q.matrix);
    form.elements.model.value = q.model ?? "";
    if (matrix && byId("models").dataset.of !== matrix.name) {
      byId("models").dataset.of = matrix.name;
      byId("models").replaceChildren(...matrix.models.map(([id, , summary]) => el("option", { value: id }, summary)));
    }
    if (!of) return;
    fill(form.elements.format, Object.keys(of.cells), q.format);
    fill(form.elements.from, ids, q.from);
    fill(form.elements.to, ids, q.to);
  };

  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const all = await settle(read());
    if (mine !== turn) return;
    const { q } = all;
    asked = q;
    showForm(all);
    const answer = byId("answer");
    if (all.trouble) answer.replaceChildren(el("p", { class: "alarm" }, all.trouble));
    else {
      const same = q.from === q.to;
      answer.replaceChildren(
        el("div", { class: "ways" }, way(all, q, q.from, q.to, `Saved in ${q.from}, loaded in ${q.to}`), same ? "" : way(all, q, q.to, q.from, `And back: saved in ${q.to}, loaded in ${q.from}`)),
        el("h2", { id: "others" }, "The same question in every format"), el("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "others" }, table(all, q)),
        el("p", { class: "actions" }, link(all.of.page, `All about ${q.model}`), link(`${all.matrix.report}#model=${readable(q.model)}`, "Every cell of it")));
    }
    document.title = `Can I upgrade? ${q.model ?? ""} ${q.from ?? ""} to ${q.to ?? ""} – shelflife`;
    document.documentElement.dataset.ready = String(mine);
  };

  if (data?.matrices.length) {
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.elements.matrix.addEventListener("change", (event) => { location.hash = address({ matrix: event.target.value }); });
    form.elements.model.addEventListener("change", (event) => {
      const model = event.target.value.trim();
      const here = findMatrix(asked.matrix)?.models.some(([id]) => id === model);
      if (here) ask({ model, format: "", from: "", to: "" });
      else location.hash = address({ model });
    });
    for (const name of ["format", "from", "to"]) form.elements[name].addEventListener("change", (event) => ask({ [name]: event.target.value }));
    byId("swap").addEventListener("click", () => ask({ from: asked.to, to: asked.from }));
    byId("copy").addEventListener("click", async (event) => {
      const button = event.currentTarget;
      const href = location.href.split("#")[0] + address(asked);
      try { await navigator.clipboard.writeText(href); button.textContent = "Copied"; } catch { button.textContent = "Copy it from the address bar"; }
      location.hash = address(asked);
    });
    addEventListener("hashchange", show);
    show();
  } else document.documentElement.dataset.ready = "";
}
