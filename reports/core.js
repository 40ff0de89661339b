"use strict";
// The cells without the page: decoding, state and address, filtering, sorting. No DOM here.

const Shelflife = (globalThis.Shelflife = {});

{
  const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array };
  const DIMENSIONS = ["model", "format", "producer", "consumer"];

  const decodeColumn = async ({ type, deflated }) => {
    const text = atob(deflated);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    const whole = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new ARRAYS[type](await new Response(whole).arrayBuffer());
  };

  /** The root causes: their names, where each is told, and for each row a code. */
  Shelflife.decodeCauses = async ({ names, addresses, column }) => ({ names, addresses, of: await decodeColumn(column) });

  /** The data script's content with its columns as typed arrays. */
  Shelflife.decode = async (data) => {
    const decoded = Object.entries(data.columns).map(async ([name, column]) => [name, await decodeColumn(column)]);
    const columns = Object.fromEntries(await Promise.all(decoded));
    const { model, format, environment, detail } = data.names;
    const names = { model, format, producer: environment, consumer: environment, detail };
    return { ...data, columns, names, environmentCount: environment.length };
  };

  // ---- state and address

  const EMPTY = { model: "", format: "", producer: "", consumer: "", outcome: "", cause: "", q: "", sort: "", cell: "" };

  const decodePart = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  /** `#model=a&outcome=drift,changed` as a state; unknown keys are left out. */
  Shelflife.readAddress = (hash) => {
    const state = { ...EMPTY };
    for (const part of hash.replace(/^#/, "").split("&")) {
      const at = part.indexOf("=");
      const key = part.slice(0, at);
      if (at > 0 && Object.hasOwn(EMPTY, key)) state[key] = decodePart(part.slice(at + 1));
    }
    return state;
  };

  Shelflife.writeAddress = (state) => {
    const readable = (text) => encodeURIComponent(text).replace(/%2F/g, "/").replace(/%2C/g, ",");
    const parts = Object.keys(EMPTY).filter((key) => state[key]).map((key) => `${key}=${readable(state[key])}`);
    return parts.join("&");
  };

  // ---- ids

  Shelflife.cellId = ({ columns: c, names: n }, row) =>
    DIMENSIONS.map((name) => n[name][c[name][row]]).join("/");

  /** The row of a cell's id, -1 where there is none. */
  Shelflife.findCell = ({ columns: c, names: n, cells }, id) => {
    const parts = id.split("/");
    if (parts.length > 4) return Array.from({ length: cells }).findIndex((_, row) => Shelflife.cellId({ columns: c, names: n }, row) === id);
    const codes = DIMENSIONS.map((name, i) => n[name].indexOf(parts[i]));
    if (parts.length !== 4 || codes.includes(-1)) return -1;
    for (let row = 0; row < cells; row++) {
      if (DIMENSIONS.every((name, i) => c[name][row] === codes[i])) return row;
    }
    return -1;
  };

  // ---- filtering

  /** Whether a name is wanted: `a`, one of `a,b`, or what begins as in `forest.*`. */
  const fits = (name, wanted) =>
    !wanted || name === wanted ||
    wanted.split(",").some((one) => (one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one));

  const allOf = (names, wanted) => Uint8Array.from(names, (name) => (fits(name, wanted) ? 1 : 0));

  /** Whether each cell's id contains a term with slashes: within a part of it, or from one into the next. */
  const idContains = ({ columns: c, names, cells }, term) => {
    const hits = new Uint8Array(cells);
    const ask = (at, test) => [c[DIMENSIONS[at]], Uint8Array.from(names[DIMENSIONS[at]], (text) => (test(text.toLowerCase()) ? 1 : 0))];
    const parts = term.split("/");
    const last = parts.length - 1;
    const fits = parts.map((part, i) => (text) => (i === 0 ? text.endsWith(part) : i === last ? text.startsWith(part) : text === part));
    const ways = DIMENSIONS.map((_, at) => [ask(at, (text) => text.includes(term))]);
    for (let first = 0; first + last < DIMENSIONS.length; first++) ways.push(fits.map((test, i) => ask(first + i, test)));
    for (const way of ways) {
      if (way.some(([, mask]) => !mask.includes(1))) continue;
      for (let row = 0; row < cells; row++) hits[row] |= way.every(([codes, mask]) => mask[codes[row]]);
    }
    return hits;
  };

  /** Per word of the query: which entries of each table contain it, or which rows. */
  const textMasks = (data, query) =>
    query.toLowerCase().split(/\s+/).filter(Boolean).map((term) => {
      if (term.includes("/")) return { rows: idContains(data, term) };
      const mask = { outcome: Uint8Array.from(data.outcomes, (o) => (o.id.includes(term) ? 1 : 0)) };
      for (const name of [...DIMENSIONS, "detail"]) {
        mask[name] = Uint8Array.from(data.names[name], (text) => (text.toLowerCase().includes(term) ? 1 : 0));
      }
      return mask;
    });

  const textMatches = (c, masks, row) => {
    for (const m of masks) {
      const hit = m.rows
        ? m.rows[row]
        : m.model[c.model[row]] | m.format[c.format[row]] | m.producer[c.producer[row]] |
          m.consumer[c.consumer[row]] | m.outcome[c.outcome[row]] | m.detail[c.detail[row]];
      if (!hit) return false;
    }
    return true;
  };

  /**
   * The rows that a state selects, in the given order, with counts per pair and outcome.
   * The grid's counts leave the choice of a pair out, the outcomes' counts the choice of outcomes:
   * each shows what else there is to choose.
   */
  Shelflife.select = (data, state, order) => {
    const { columns: c, names: n, outcomes, environmentCount: size } = data;
    const width = outcomes.length;
    const wanted = state.outcome ? state.outcome.split(",") : null;
    const outcomeOk = Uint8Array.from(outcomes, (o) => (!wanted || wanted.includes(o.id) ? 1 : 0));
    const [modelOk, formatOk, producerOk, consumerOk] = DIMENSIONS.map((name) => allOf(n[name], state[name]));
    const masks = textMasks(data, state.q);
    const causes = state.cause ? data.causes?.of : null; // asked for and not known: no row
    const cause = state.cause ? (data.causes?.names.indexOf(state.cause) ?? -1) : 0;
    const { model, format, producer, consumer, outcome } = c;
    const grid = new Uint32Array(size * size * width);
    const tally = new Uint32Array(width);
    const hits = new Uint8Array(data.cells);
    for (let row = 0; row < data.cells; row++) { // as they lie in memory, which is several times as fast as in order
      if (!modelOk[model[row]] || !formatOk[format[row]]) continue;
      if (state.cause && causes?.[row] !== cause) continue;
      if (masks.length && !textMatches(c, masks, row)) continue;
      const [p, q, became] = [producer[row], consumer[row], outcome[row]];
      const pairOk = producerOk[p] & consumerOk[q];
      tally[became] += pairOk;
      if (!outcomeOk[became]) continue;
      grid[(p * size + q) * width + became]++;
      hits[row] = pairOk;
    }
    const rows = new Uint32Array(data.cells);
    let count = 0;
    for (let i = 0; i < order.length; i++) {
      rows[count] = order[i];
      count += hits[order[i]];
    }
    return { rows: rows.subarray(0, count), grid, tally };
  };

  // ---- sorting

  /** The place of each name in the alphabet, numbers by value. */
  const alphabet = (names) => {
    const collator = new Intl.Collator("en", { numeric: true });
    const sorted = names.map((_, code) => code).sort((a, b) => collator.compare(names[a], names[b]));
    const ranks = new Uint32Array(names.length);
    sorted.forEach((code, rank) => (ranks[code] = rank));
    return ranks;
  };

  /** A stable sort of rows by the rank of their code: one pass to count, one to place. */
  const byRank = (order, codes, ranks) => {
    const starts = new Uint32Array(ranks.length + 1);
    for (const row of order) starts[ranks[codes[row]] + 1]++;
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
    const sorted = new Uint32Array(order.length);
    for (const row of order) sorted[starts[ranks[codes[row]]]++] = row;
    return sorted;
  };

  /** A stable sort of rows by a number in single precision, what is none last: by its bits, half of them at a time. */
  const byNumber = (order, values, sign) => {
    const bits = new Uint32Array(values.buffer);
    const keys = Uint32Array.from(bits, (b, row) => {
      if (Number.isNaN(values[row])) return 0xffffffff;
      const rising = b >>> 31 ? ~b : b | 0x80000000;
      return sign > 0 ? rising : ~rising;
    });
    const all = Uint32Array.from({ length: 1 << 16 }, (_, rank) => rank);
    const byHalf = (rows, shift) => byRank(rows, Uint16Array.from(keys, (key) => key >>> shift), all);
    return byHalf(byHalf(order, 0), 16);
  };

  /** Rows worst first, then by environments as they were released, model and format. */
  const worstFirst = (data) => {
    const { columns: c, names: n, worstFirst: outcomes } = data;
    const ranks = new Uint32Array(outcomes.length);
    outcomes.forEach((code, rank) => (ranks[code] = rank));
    const released = Uint32Array.from({ length: data.environmentCount }, (_, code) => code);
    let order = Uint32Array.from({ length: data.cells }, (_, row) => row);
    order = byRank(order, c.format, alphabet(n.format));
    order = byRank(order, c.model, alphabet(n.model));
    order = byRank(order, c.consumer, released);
    order = byRank(order, c.producer, released);
    return byRank(order, c.outcome, ranks);
  };

  /** Ranks of the outcomes, the mildest first; absence stays last. */
  const mildestFirst = ({ outcomes, worstFirst: codes }) => {
    const present = codes.filter((code) => outcomes[code].group !== "absent").reverse();
    const absent = codes.filter((code) => outcomes[code].group === "absent");
    const ranks = new Uint32Array(codes.length);
    [...present, ...absent].forEach((code, rank) => (ranks[code] = rank));
    return ranks;
  };

  /** All rows in the order of `sort`: a column's name, `-` before it for the other direction. */
  Shelflife.sorter = (data) => {
    const known = new Map([["", worstFirst(data)]]);
    const released = Uint32Array.from({ length: data.environmentCount }, (_, code) => code);
    const sort = (key) => {
      const name = key.replace(/^-/, "");
      const base = known.get("");
      const values = data.columns[name];
      if (name === "outcome") return byRank(base, values, mildestFirst(data));
      if (name === "bytes" || name === "difference") return byNumber(base, values, key === name ? 1 : -1);
      if (!data.names[name]) return base;
      const ranks = name === "producer" || name === "consumer" ? released : alphabet(data.names[name]);
      return byRank(base, values, key === name ? ranks : ranks.map((rank) => ranks.length - 1 - rank));
    };
    return (key) => {
      if (!known.has(key)) known.set(key, sort(key));
      return known.get(key);
    };
  };

  // ---- words

  Shelflife.count = (n) => n.toLocaleString("en");
  Shelflife.cells = (n) => `${Shelflife.count(n)} ${n === 1 ? "cell" : "cells"}`;

  Shelflife.size = (bytes) => {
    if (bytes < 999.5) return `${Math.round(bytes)} B`;
    let value = bytes / 1000;
    for (const unit of ["kB", "MB"]) {
      if (value < 999.5) return `${Number(value.toPrecision(3))} ${unit}`;
      value /= 1000;
    }
    return `${Number(value.toPrecision(3))} GB`;
  };

  /** A number with six digits: for one cell. */
  Shelflife.exactly = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "not finite");

  /** A number with two digits: for many cells. */
  Shelflife.difference = (value) => {
    if (value === null || value === Infinity) return "not finite";
    return value === 0 ? "0" : value.toExponential(1);
  };
}
