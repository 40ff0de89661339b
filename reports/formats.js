"use strict";
// The table of formats: filters, order, and the sheet of one format. The address is the only state.

{
  const byId = (id) => document.getElementById(id);
  const EMPTY = { q: "", family: "", good: "", wrapped: "", sort: "", format: "" };
  const SYMBOL = { "": "", up: " ↑", down: " ↓" };

  const decodePart = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const readAddress = (hash) => {
    const state = { ...EMPTY };
    for (const part of hash.replace(/^#/, "").split("&")) {
      const at = part.indexOf("=");
      const key = part.slice(0, at);
      if (at > 0 && Object.hasOwn(EMPTY, key)) state[key] = decodePart(part.slice(at + 1));
    }
    return state;
  };

  const writeAddress = (state) =>
    Object.keys(EMPTY)
      .filter((key) => state[key])
      .map((key) => `${key}=${encodeURIComponent(state[key]).replace(/%2C/g, ",")}`)
      .join("&");

  const listed = (text) => text.split(",").filter(Boolean);

  /** Cells of one column in order of rank; what has none stays last, and equals keep their order. */
  const inOrder = (rows, column, sign) => {
    const rank = (row) => {
      const text = column === "format" ? row.place : row.cells[column]?.dataset.rank;
      return text === "" || text === undefined ? NaN : Number(text);
    };
    const ranked = rows.map((row) => [rank(row), row]);
    ranked.sort(([a, x], [b, y]) => {
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b) || x.place - y.place;
      return sign * (a - b) || x.place - y.place;
    });
    return ranked.map(([, row]) => row);
  };

  class Formats {
    constructor() {
      this.table = byId("table-formats");
      this.form = byId("form");
      this.panel = new SheetPanel(byId("panel"), {
        go: (format, replace) => this.go({ format }, replace),
        chunk: (format) => this.rows.find((row) => row.id === format)?.chunk,
        beside: (format, by) => this.beside(format, by),
      });
      this.chips = [...byId("chips").querySelectorAll("button")];
      this.families = [...this.table.tBodies].map((body) => ({ body, name: body.dataset.family, heading: body.rows[0] }));
      this.rows = this.families.flatMap(({ body, name }) => [...body.rows].slice(1).map((element) => this.row(element, body, name)));
      this.rows.forEach((row, place) => (row.place = place));
      this.flat = document.createElement("tbody");
      this.flat.setAttribute("role", "rowgroup");
      this.flat.hidden = true;
      this.table.append(this.flat);
      this.addButtons();
      this.listen();
      byId("filters").hidden = false;
      this.read();
    }

    // ---- building

    row(element, body, family) {
      const cells = Object.fromEntries([...element.cells].slice(1).map((cell) => [cell.dataset.column, cell]));
      const { format: id, wraps, chunk } = element.dataset;
      return { element, body, family, cells, id, wraps, chunk: Number(chunk), text: `${family} ${element.textContent}`.toLowerCase() };
    }

    addButtons() {
      this.headings = [...this.table.tHead.rows[0].cells].map((heading) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = heading.textContent;
        heading.replaceChildren(button);
        button.addEventListener("click", () => this.go({ sort: this.nextSort(heading.dataset.column) }));
        return { heading, button, words: button.textContent, name: heading.dataset.column };
      });
    }

    listen() {
      addEventListener("hashchange", () => this.read());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      const { q, family, sort, wrapped } = this.form.elements;
      q.addEventListener("input", () => this.go({ q: q.value.trim() }, this.state.q !== ""));
      family.addEventListener("change", () => this.go({ family: family.value }));
      sort.addEventListener("change", () => this.go({ sort: sort.value }));
      wrapped?.addEventListener("change", () => this.go({ wrapped: wrapped.checked ? "1" : "" }));
      for (const chip of this.chips) chip.addEventListener("click", () => this.toggle(chip.dataset.good));
      byId("clear").addEventListener("click", () => this.go(EMPTY));
      document.addEventListener("click", (event) => this.clicked(event));
      this.table.addEventListener("keydown", (event) => this.key(event));
    }

    clicked(event) {
      const link = event.target.closest('a[href^="#format="]');
      const row = getSelection().isCollapsed ? event.target.closest("tr[data-format]") : null;
      const id = link ? readAddress(link.hash).format : row?.dataset.format;
      if (id !== undefined && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        this.go({ format: id });
      }
    }

    /** Arrows go from format to format. */
    key(event) {
      const at = this.shown.findIndex(({ element }) => element.contains(document.activeElement));
      const moves = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.shown.length - 1 };
      if (at === -1 || !(event.key in moves)) return;
      event.preventDefault();
      this.shown[moves[event.key]]?.element.querySelector("a").focus();
    }

    // ---- address

    go(change, replace = false) {
      const hash = `#${writeAddress({ ...this.state, ...change })}`;
      if (hash === (location.hash || "#")) return;
      if (replace) location.replace(hash);
      else location.hash = hash;
    }

    read() {
      if (location.hash.length > 1 && !location.hash.includes("=") && this.state) return;
      this.state = readAddress(location.hash);
      this.show();
      this.showSheet();
    }

    nextSort(name) {
      const { sort } = this.state;
      return sort === name ? `-${name}` : sort === `-${name}` ? "" : name;
    }

    toggle(good) {
      const chosen = new Set(listed(this.state.good));
      if (!chosen.delete(good)) chosen.add(good);
      this.go({ good: [...chosen].join(",") });
    }

    // ---- showing

    matches(row, words, good) {
      const { family, wrapped } = this.state;
      if (family ? row.family !== family : row.wraps && !wrapped) return false;
      return words.every((word) => row.text.includes(word)) && good.every((name) => row.cells[name]?.dataset.tone === "good");
    }

    show() {
      const { q, family, good, sort, wrapped } = this.state;
      const words = q.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = new Set(this.rows.filter((row) => this.matches(row, words, listed(good))));
      for (const row of this.rows) row.element.hidden = !wanted.has(row);
      this.order(sort);
      this.shown = this.ordered.filter((row) => wanted.has(row));
      for (const { body, heading } of this.families) {
        heading.hidden = ![...body.rows].some((row) => row !== heading && !row.hidden);
      }
      const { elements } = this.form;
      if (elements.q.value.trim() !== q) elements.q.value = q;
      elements.family.value = family;
      elements.sort.value = sort;
      if (elements.wrapped) elements.wrapped.checked = Boolean(wrapped);
      for (const chip of this.chips) chip.setAttribute("aria-pressed", String(listed(good).includes(chip.dataset.good)));
      const all = `${this.rows.length} ${this.rows.length === 1 ? "format" : "formats"}`;
      byId("status").textContent = this.shown.length === this.rows.length ? all : `${this.shown.length} of ${all}`;
      byId("nothing").hidden = this.shown.length > 0;
      byId("clear").disabled = !(q || family || good || sort || wrapped);
    }

    /** Put the rows in order: by family, or all of them by one column. */
    order(sort) {
      const name = sort.replace(/^-/, "");
      const known = this.headings.some((heading) => heading.name === name);
      this.ordered = known ? inOrder(this.rows, name, sort === name ? 1 : -1) : this.rows;
      for (const row of this.ordered) (known ? this.flat : row.body).append(row.element);
      this.flat.hidden = !known;
      for (const { heading, button, words, name: own } of this.headings) {
        const way = known && own === name ? (sort === name ? "up" : "down") : "";
        if (way) heading.setAttribute("aria-sort", way === "up" ? "ascending" : "descending");
        else heading.removeAttribute("aria-sort");
        button.textContent = words + SYMBOL[way];
      }
    }

    // ---- one sheet

    showSheet() {
      const { format } = this.state;
      if (format) {
        this.panel.show(format);
        return;
      }
      const link = this.rows.find((row) => row.id === this.panel.format)?.element.querySelector("a");
      if (this.panel.hide()) link?.focus();
    }

    /** The format before or after another, of those that are shown. */
    beside(format, by) {
      const at = this.shown.findIndex((row) => row.id === format);
      return at === -1 ? undefined : this.shown[at + by]?.id;
    }
  }

  globalThis.formats = new Formats();
  document.documentElement.dataset.ready = "";
}
