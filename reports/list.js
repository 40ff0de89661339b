"use strict";
// The list of cells: only the rows in sight exist. The list keeps the focus; arrows move the choice.

{
  const { el } = Shelflife;
  const COLUMNS = [
    ["outcome", "Outcome", ""],
    ["model", "Model", "model"],
    ["format", "Format", "format"],
    ["producer", "Saved in → loaded in", "pair"],
    ["detail", "What happened", "what"],
    ["bytes", "Size", "number bytes"],
    ["difference", "Max. diff", "number difference"],
  ];
  const SPARE = 6;

  Shelflife.List = class {
    constructor(data, place, { address, open, sort }) {
      Object.assign(this, { data, address, open, sort, rows: new Uint32Array(0), active: 0, pool: [], top: 0 });
      this.headings = el("div", { className: "headings", role: "row" }, ...COLUMNS.map((column) => this.heading(column)));
      this.body = el("div", { className: "body", role: "rowgroup" });
      this.scroller = el(
        "div",
        { className: "cells", role: "grid", tabIndex: 0, "aria-label": "Cells", "aria-colcount": COLUMNS.length },
        el("div", { role: "rowgroup", className: "headings-group" }, this.headings),
        this.body,
      );
      this.nothing = el("p", { className: "nothing", hidden: true });
      place.append(this.scroller, this.nothing);
      this.scroller.addEventListener("scroll", () => this.later());
      new ResizeObserver(() => this.later(true)).observe(this.scroller);
      this.scroller.addEventListener("keydown", (event) => this.key(event));
      this.body.addEventListener("click", (event) => this.clicked(event));
    }

    heading([name, words, className]) {
      const button = el("button", { type: "button" }, words);
      button.addEventListener("click", () => this.sort(name));
      return el("div", { role: "columnheader", className, "data-column": name }, button);
    }

    /** Other rows, or the same in another order. */
    show(rows, sortKey) {
      this.rows = rows;
      this.active = 0;
      if (!this.rowHeight) this.measure();
      this.body.style.height = `${rows.length * this.rowHeight}px`;
      if (this.top) this.scroller.scrollTop = this.top = 0;
      this.scroller.setAttribute("aria-rowcount", String(rows.length + 1));
      this.scroller.hidden = rows.length === 0;
      this.nothing.hidden = rows.length > 0;
      this.nothing.textContent = this.data.cells ? "No cell matches these filters." : "This run has no cell.";
      this.markSort(sortKey || "-outcome");
      this.draw();
    }

    markSort(key) {
      const name = key.replace(/^-/, "");
      for (const heading of this.headings.children) {
        const mine = heading.dataset.column === name;
        const words = COLUMNS.find(([column]) => column === heading.dataset.column)[1];
        if (mine) heading.setAttribute("aria-sort", key === name ? "ascending" : "descending");
        else heading.removeAttribute("aria-sort");
        heading.firstChild.textContent = mine ? `${words} ${key === name ? "↑" : "↓"}` : words;
      }
    }

    /** What drawing must know of the layout; asked seldom, because asking makes the browser lay out. */
    measure() {
      this.rowHeight = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")) * 16;
      this.sight = this.scroller.clientHeight || 600;
      this.body.style.height = `${this.rows.length * this.rowHeight}px`;
    }

    later(resized = false) {
      this.resized ||= resized;
      if (this.waiting) return;
      this.waiting = true;
      requestAnimationFrame(() => {
        this.waiting = false;
        if (this.resized) this.measure();
        this.resized = false;
        this.top = this.scroller.scrollTop;
        this.draw();
      });
    }

    /** Put the lines in sight where they belong, reusing elements. */
    draw() {
      const first = Math.max(0, Math.floor(this.top / this.rowHeight) - SPARE);
      const sight = Math.ceil(this.sight / this.rowHeight) + 2 * SPARE;
      const last = Math.min(this.rows.length, first + sight);
      while (this.pool.length < last - first) this.pool.push(this.makeLine());
      this.pool.forEach((line, i) => {
        const place = first + i;
        line.element.hidden = place >= last;
        if (place < last) this.fill(line, place);
      });
      this.scroller.setAttribute("aria-activedescendant", this.rows.length ? `line-${this.active}` : "");
    }

    makeLine() {
      const cells = Object.fromEntries(
        COLUMNS.map(([name, , className]) => [name, el("div", { role: "gridcell", className: className || name })]),
      );
      const element = el("div", { className: "line", role: "row" }, ...Object.values(cells));
      this.body.append(element);
      return { element, cells, link: el("a", { tabIndex: -1 }) };
    }

    fill({ element, cells, link }, place) {
      const { columns: c, names: n, outcomes } = this.data;
      const row = this.rows[place];
      const outcome = outcomes[c.outcome[row]];
      element.id = `line-${place}`;
      element.dataset.place = place;
      element.style.transform = `translateY(${place * this.rowHeight}px)`;
      element.setAttribute("aria-rowindex", String(place + 2));
      element.setAttribute("aria-selected", String(place === this.active));
      link.textContent = n.model[c.model[row]];
      link.href = `#${this.address(row)}`;
      cells.outcome.replaceChildren(Shelflife.badge(outcome), outcome.id);
      cells.model.replaceChildren(link);
      cells.format.textContent = n.format[c.format[row]];
      cells.producer.replaceChildren(el("span", {}, n.producer[c.producer[row]]), el("span", {}, ` → ${n.consumer[c.consumer[row]]}`));
      cells.detail.textContent = n.detail[c.detail[row]];
      cells.bytes.textContent = Number.isNaN(c.bytes[row]) ? "" : Shelflife.size(c.bytes[row]);
      cells.difference.textContent = Number.isNaN(c.difference[row]) ? "" : Shelflife.difference(c.difference[row]);
      for (const name of ["model", "producer", "detail"]) cells[name].title = cells[name].textContent;
    }

    clicked(event) {
      const line = event.target.closest(".line");
      if (line) this.active = Number(line.dataset.place);
    }

    /** Make a place the chosen one and bring it into sight. */
    choose(place) {
      this.active = Math.max(0, Math.min(this.rows.length - 1, place));
      const top = this.active * this.rowHeight;
      const seen = this.scroller.clientHeight - this.headings.offsetHeight;
      if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
      if (top + this.rowHeight > this.scroller.scrollTop + seen) this.scroller.scrollTop = top + this.rowHeight - seen;
      this.top = this.scroller.scrollTop;
      this.draw();
    }

    key(event) {
      if (event.target !== this.scroller) return;
      const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 2);
      const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.rows.length, End: this.rows.length };
      if (event.key in moves) this.choose(this.active + moves[event.key]);
      else if (event.key === "Enter" && this.rows.length) this.open(this.rows[this.active]);
      else return;
      event.preventDefault();
    }
  };
}
