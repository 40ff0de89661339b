"use strict";
// Ranks formats for a question. The address is the only state. No rule is known here: what rules say of each
// format comes with the data; this picks what belongs to the question, counts ranks and shows them.

{
  const { parts, levels, measured, subjects } = globalThis.shelflifeChoose;
  const loaded = (globalThis.shelflifeSubjects ??= {});
  const byId = (id) => document.getElementById(id);
  const form = byId("question");
  const SYMBOLS = { good: "✓", plain: "·", mind: "!", bad: "✕", unknown: "?" };
  const GRAVITY = ["bad", "unknown", "mind", "good", "plain"];
  const DEFAULTS = Object.fromEntries([["of", subjects[0].name], ...parts.map((part) => [part.id, part.default])]);

  const el = (tag, properties = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made) made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };

  // ---- the answer, as `harness/advise/answers.py` gives it

  const key = (names, question) => names.map((name) => question[name]).join(" ");

  /** What the rules say of one format: its sentences, the gravest first, and its code. */
  const judged = (data, format, question) => {
    let code = 0;
    const numbers = [];
    for (const { parts: names, found } of data.groups) {
      const [more, bits] = found[key(names, question)][format];
      numbers.push(...more);
      code |= bits;
    }
    const says = numbers.map((number) => sentence(data, number));
    return { code, says: says.sort((a, b) => GRAVITY.indexOf(a.tone) - GRAVITY.indexOf(b.tone)) };
  };

  const sentence = (data, number) => {
    const [rule, puts, tone, says, links] = data.says[number];
    return { rule, puts, tone, says, links: links.map((link) => data.links[link]) };
  };

  /** One format as a row, with what ranks it. */
  const candidate = (data, format, question) => {
    const { code, says } = judged(data, format, question);
    const kept = data.keeps[`${question.apart} ${question.way}`][format];
    const keeps = kept && { share: kept[0], low: kept[1], high: kept[2], of: kept[3] };
    const of = (what) => data.figures[`${what} ${question.size}`].of[format];
    const figures = Object.fromEntries(measured.map((what) => [what, of(what)?.[1] ?? ""]));
    const value = (measured.includes(question.first) && of(question.first)?.[0]) ?? false;
    return {
      format, place: code >> 2, out: (code & 2) > 0, unknown: (code & 1) > 0,
      value: value === false ? (keeps ? -keeps.share : 0) : value,
      row: { format: data.formats[format], keeps, figures, says, cells: data.cells[format].map((link) => data.links[link]) },
    };
  };

  /** The levels of a place, the gravest first. */
  const within = (place) => {
    const found = levels.filter((_, n) => n > 0 && (place >> (n - 1)) & 1).reverse();
    return found.length ? found : [levels[0]];
  };

  const does = (place, rows) =>
    `${rows.length > 1 ? "Each" : "It"} ${within(place).map((level) => level.says).join(", and ")}.`;

  const standsBefore = (data, question) => {
    const pairs = measured.includes(question.first) ? data.figures[`${question.first} ${question.size}`].better : null;
    const shown = pairs && new Set(pairs.map(([a, b]) => `${a} ${b}`));
    return (other, one) => {
      if (other.place !== one.place) return other.place < one.place;
      if (shown) return shown.has(`${other.format} ${one.format}`);
      const [a, b] = [other.row.keeps, one.row.keeps];
      return Boolean(a && b && a.low > b.high);
    };
  };

  const ordered = (a, b) => a.value - b.value || (a.row.format < b.row.format ? -1 : 1);

  const rankedOf = (some, before) => {
    const ranks = new Map();
    for (const one of some) {
      const rank = some.filter((other) => before(other, one)).length + 1;
      const name = `${one.place} ${rank}`;
      if (!ranks.has(name)) ranks.set(name, { place: one.place, rank, some: [] });
      ranks.get(name).some.push(one);
    }
    return [...ranks.values()].sort((a, b) => a.place - b.place || a.rank - b.rank).map((found) => ({ ...found, some: found.some.sort(ordered) }));
  };

  const headline = (ranks, unknown, excluded) => {
    if (!ranks.length) {
      const aside = [];
      if (excluded.length) aside.push(`${excluded.length} excluded`);
      if (unknown.length) aside.push(`of ${unknown.length} too little is known`);
      return aside.length ? `No format can be recommended: ${aside.join(" and ")}.` : "No format was tried with these models.";
    }
    const rows = ranks[0].some.map((one) => one.row);
    return [first(rows.map((row) => row.format)), still(rows), does(ranks[0].place, rows)].filter(Boolean).join(" ");
  };

  const first = (names) => {
    if (names.length === 1) return `${names[0]} comes first.`;
    let listed = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
    if (names.length > 4) listed = `${names.slice(0, 3).join(", ")} and ${names.length - 3} others`;
    return `${listed} share the first place: in what matters most nothing measured tells them apart.`;
  };

  const still = (rows) => {
    if (rows.some((row) => !row.keeps)) return "";
    if (rows.length === 1) {
      const { share, low, high } = rows[0].keeps;
      return `${percent(share)} (${between(low, high)}) of its saved models go on answering.`;
    }
    const shares = rows.map((row) => row.keeps.share);
    return `${between(Math.min(...shares), Math.max(...shares))} of their saved models go on answering.`;
  };

  const percent = (share) => {
    const whole = Math.floor(100 * share + 0.5);
    return `${share > 0 && share < 1 ? Math.min(99, Math.max(1, whole)) : whole} %`;
  };

  const between = (low, high) => {
    const [one, other] = [percent(low), percent(high)];
    return one === other ? one : `${one.replace(" %", "")}–${other}`;
  };

  const answer = (data, question) => {
    const every = data.formats.map((_, format) => candidate(data, format, question));
    const excluded = every.filter((one) => one.out);
    const unknown = every.filter((one) => one.unknown && !one.out);
    const ranks = rankedOf(every.filter((one) => !one.out && !one.unknown), standsBefore(data, question));
    const rows = (some) => some.map((one) => one.row);
    const because = (some, puts) => rows(some).map((row) => ({ ...row, says: row.says.filter((one) => one.puts === puts) }));
    return {
      headline: headline(ranks, unknown, excluded),
      notices: data.notices.flatMap(({ parts: names, found }) => found[key(names, question)]).map((n) => sentence(data, n)),
      ranked: ranks.map(({ rank, place, some }) => ({
        rank, levels: within(place).map((level) => level.id), says: does(place, some), rows: rows(some),
      })),
      unknown: because(unknown, "unknown"),
      excluded: because(excluded, "out"),
    };
  };

  // ---- showing

  const said = ({ tone, says, links }) => {
    const badge = el("span", { className: "badge", "data-tone": tone, "aria-hidden": "true" }, SYMBOLS[tone]);
    const text = el("span", {}, says);
    links.forEach(([words, href], n) => text.append(n ? ", " : " ", el("a", { href }, words)));
    return el("li", { className: "said", "data-tone": tone }, badge, text);
  };

  const bar = ({ share, low, high }) => {
    const svg = (tag, values) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
      return made;
    };
    const made = svg("svg", { class: "bar-keeps", viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    made.append(
      svg("rect", { class: "track", width: 100, height: 8 }),
      svg("rect", { class: "span", x: 100 * low, width: 100 * (high - low), height: 8 }),
      svg("rect", { class: "at", x: 99 * share, width: 1, height: 8 }),
    );
    return made;
  };

  const kept = (keeps) => {
    if (!keeps) return el("div", { className: "kept quiet" }, "not followed so far apart");
    const limits = `(${between(keeps.low, keeps.high)}, of ${keeps.of.toLocaleString("en")})`;
    return el("div", { className: "kept" }, bar(keeps), el("span", {}, `keeps ${percent(keeps.share)} `, el("small", {}, limits)));
  };

  const costs = (figures, first) => {
    const made = el("dl", { className: "costs" });
    for (const what of measured.filter((name) => figures[name])) {
      made.append(el("div", what === first ? { "data-first": "" } : {}, el("dt", {}, what), el("dd", {}, figures[what])));
    }
    return made;
  };

  /** A format that is ranked: what is bad, or the gravest, at once; the other sentences behind a fold. */
  const pick = (row, question) => {
    const loud = Math.max(1, row.says.filter((one) => one.tone === "bad").length);
    const [first, rest] = [row.says.slice(0, loud).map(said), row.says.slice(loud).map(said)];
    const made = el("li", { className: "pick" }, el("h4", {}, el("code", {}, row.format)), kept(row.keeps), costs(row.figures, question.first));
    made.append(el("ul", { className: "reasons" }, ...first));
    if (rest.length) {
      const words = `${rest.length} more ${rest.length === 1 ? "reason" : "reasons"}`;
      made.append(el("details", {}, el("summary", {}, words, el("span", { className: "visually-hidden" }, ` about ${row.format}`)), el("ul", { className: "reasons" }, ...rest)));
    }
    return made;
  };

  const ranked = ({ rank, levels: [level], says, rows }, question) => {
    const place = el("p", { className: "place" }, el("strong", {}, String(rank)));
    if (rows.length > 1) place.append(el("span", {}, `a tie of ${rows.length}`));
    const picks = el("ul", { className: "picks" }, ...rows.map((row) => pick(row, question)));
    picks.prepend(el("li", { className: "level" }, says));
    return el("li", { className: "rank", "data-level": level, value: rank }, place, picks);
  };

  /** Formats that are not ranked; those of which the same is said stand together. */
  const aside = (rows) => {
    const alike = new Map();
    for (const row of rows) {
      const name = JSON.stringify(row.says.map((one) => one.says));
      if (!alike.has(name)) alike.set(name, []);
      alike.get(name).push(row);
    }
    return [...alike.values()].map((some) => {
      const names = el("h4", {});
      some.forEach((row, n) => {
        const code = el("code", {}, row.format);
        names.append(n ? ", " : "", row.cells.length ? el("a", { href: row.cells[0][1] }, code) : code);
      });
      const says = some[0].says.map((one) => said(some.length > 1 ? { ...one, links: [] } : one));
      return el("li", { className: "out" }, names, el("ul", { className: "reasons" }, ...says));
    });
  };

  const none = () => el("li", { className: "quiet out" }, "None.");
  const fill = (id, items) => byId(id).replaceChildren(...(items.length ? items : [none()]));

  /** The headline with the names of formats as code. */
  const spoken = (text, formats) => {
    const names = new Set(formats);
    return text.split(/([^\s,]+)/).map((word) => (names.has(word) ? el("code", {}, word) : word));
  };

  const titleOf = ({ name, library, models }) => {
    const count = Object.keys(models).length;
    return `${name}: ${count} ${count === 1 ? "model" : "models"}${library ? ` of ${library}` : ""}`;
  };

  const show = (data, question) => {
    const found = answer(data, question);
    byId("answer-title").textContent = titleOf(data);
    byId("asked").textContent = parts.map((part) => `${part.short}: ${part.options[question[part.id]]}`).join(" · ");
    byId("headline").replaceChildren(...spoken(found.headline, data.formats));
    byId("notices").replaceChildren(...found.notices.map(said));
    fill("ranked", found.ranked.map((rank) => ranked(rank, question)));
    fill("excluded", aside(found.excluded));
    fill("unknown", aside(found.unknown));
    byId("untried").hidden = !data.untried.length;
    byId("untried-names").textContent = data.untried.join(", ");
    const options = parts.filter((part) => question[part.id] !== part.default).map((part) => ` --${part.id} ${question[part.id]}`);
    byId("command").replaceChildren("The same on the command line: ", el("code", {}, `shelflife advise --family ${data.name}${options.join("")}`));
    const models = Object.keys(data.models);
    byId("of-note").textContent = models.slice(0, 6).join(", ") + (models.length > 6 ? ` and ${models.length - 6} more` : "");
    byId("answer").removeAttribute("aria-busy");
    document.documentElement.dataset.ready = `${data.name} ${key(parts.map((part) => part.id), question)}`;
  };

  // ---- the question and the address

  const readAddress = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    const question = { ...DEFAULTS };
    if (subjects.some(({ name }) => name === given.get("of"))) question.of = given.get("of");
    for (const { id, options } of parts) if (Object.hasOwn(options, given.get(id) ?? "")) question[id] = given.get(id);
    return question;
  };

  const address = (question) => {
    const changed = Object.entries(question).filter(([name, value]) => name === "of" || value !== DEFAULTS[name]);
    return `#${new URLSearchParams(changed)}`;
  };

  const load = (number) =>
    new Promise((resolve, reject) => {
      if (loaded[number]) return resolve(loaded[number]);
      const script = el("script", { src: `data/choose/${number}.js` });
      script.addEventListener("load", () => resolve(loaded[number]));
      script.addEventListener("error", () => reject(new Error(`data/choose/${number}.js cannot be read`)));
      document.head.append(script);
    });

  const read = async () => {
    if (location.hash.length > 1 && !location.hash.includes("=")) return;
    const question = readAddress();
    form.elements.of.value = question.of;
    for (const { id } of parts) form.elements[id].value = question[id];
    byId("answer").setAttribute("aria-busy", "true");
    try {
      const data = await load(subjects.findIndex(({ name }) => name === question.of));
      if (address(readAddress()) === address(question)) show(data, question);
    } catch (error) {
      byId("headline").textContent = `There is no answer: ${error.message}.`;
    }
  };

  form.addEventListener("change", () => {
    location.hash = address(Object.fromEntries(new FormData(form)));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("again").addEventListener("click", () => (location.hash = address(DEFAULTS)));
  byId("copy").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    const words = (button.dataset.words ??= button.textContent);
    const copied = await navigator.clipboard.writeText(location.href).then(() => true, () => false);
    button.textContent = copied ? "Copied" : "Copy it from the address bar";
    setTimeout(() => (button.textContent = words), 1500);
  });
  addEventListener("hashchange", read);
  globalThis.shelflifeAnswer = async (question) => answer(await load(subjects.findIndex(({ name }) => name === question.of)), question);
  form.hidden = false;
  byId("bare").hidden = true;
  read();
}
