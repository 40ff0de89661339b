"use strict";
// The grid of pairs: rows save, columns load. Built once, then only its numbers change.

{
  /** An element with properties and children; strings become text, never markup. */
  Shelflife.el = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const { el } = Shelflife;

  const MANY = 400;

  /** An environment's id in short lines, broken where it has hyphens. */
  const idLines = (id) => id.split("-").filter(Boolean).map((part) => el("span", {}, part));

  Shelflife.badge = (outcome) =>
    el("span", { className: "badge", "data-outcome": outcome.id, "aria-hidden": "true" }, outcome.symbol);

  /** Counts of one square in words, worst first. */
  const inWords = (data, counts) => {
    const said = data.worstFirst.filter((code) => counts[code]).map((code) => `${counts[code]} ${data.outcomes[code].id}`);
    return said.length ? said.join(", ") : "no cell";
  };

  /** Shares as one background: bars of the outcomes, worst at the left; absence is left empty. */
  const gradient = (data, counts, total) => {
    let at = 0;
    const stops = [];
    for (const code of data.worstFirst) {
      const { id, group } = data.outcomes[code];
      if (!counts[code]) continue;
      const next = at + (100 * counts[code]) / total;
      stops.push(`var(${group === "absent" ? "--sunken" : `--o-${id}`}) ${at}% ${next}%`);
      at = next;
    }
    return `linear-gradient(90deg, ${stops.join(", ")})`;
  };

  class Square {
    constructor(data, producer, consumer) {
      this.data = data;
      this.label = `saved in ${data.names.producer[producer]}, loaded in ${data.names.consumer[consumer]}`;
      if (producer === consumer) this.label += " (control)";
      this.number = el("span", {});
      this.bar = el("span", { className: "bar" });
      this.element = el("button", { type: "button", className: "square", tabIndex: -1 }, this.number, this.bar);
      this.element.dataset.at = `${producer},${consumer}`;
      this.shown = null;
    }

    show(counts) {
      const key = counts.join();
      if (key === this.shown) return;
      this.shown = key;
      const worst = this.data.worstFirst.find((code) => counts[code]);
      const total = counts.reduce((sum, n) => sum + n, 0);
      const outcome = worst === undefined ? null : this.data.outcomes[worst];
      const words = inWords(this.data, counts);
      this.element.dataset.group = outcome ? outcome.group : "empty";
      this.number.textContent = outcome ? `${outcome.symbol} ${Shelflife.count(counts[worst])}` : "·";
      this.bar.style.background = outcome ? gradient(this.data, counts, total) : "";
      this.element.setAttribute("aria-label", `${this.label}: ${words}`);
    }

    press(pressed) {
      if (pressed === this.pressed) return;
      this.pressed = pressed;
      this.element.setAttribute("aria-pressed", String(pressed));
    }
  }

  Shelflife.Grid = class {
    constructor(data, place, choose) {
      this.data = data;
      this.choose = choose;
      this.size = data.environmentCount;
      this.squares = [];
      this.table = el("table", { className: "pairs" }, this.head(), this.body());
      this.table.addEventListener("click", (event) => this.clicked(event));
      this.table.addEventListener("mouseover", ({ target }) => {
        const square = target.closest(".square");
        if (square) square.title = square.getAttribute("aria-label");
      });
      this.table.addEventListener("keydown", (event) => this.moved(event));
      this.table.style.maxWidth = `${12 + 7 * this.size}rem`;
      if (this.squares.length) this.squares[0].element.tabIndex = 0;
      place.append(this.size ? this.table : el("p", { className: "nothing" }, "The run names no environment."));
    }

    head() {
      const corner = el("td", { className: "corner" }, el("span", {}, "loaded in →"), el("span", {}, "↓ saved in"));
      const names = this.data.names.consumer.map((id) => el("th", { scope: "col", title: id }, ...idLines(id)));
      return el("thead", {}, el("tr", {}, corner, ...names));
    }

    body() {
      const rows = this.data.names.producer.map((id, producer) => {
        const { released } = this.data.environments[producer];
        const name = el("th", { scope: "row", title: id }, ...idLines(id), el("small", {}, released || "date unknown"));
        const squares = this.data.names.consumer.map((_, consumer) => {
          const square = new Square(this.data, producer, consumer);
          square.place = this.squares.push(square) - 1;
          return el("td", { className: producer === consumer ? "control" : "" }, square.element);
        });
        return el("tr", {}, name, ...squares);
      });
      return el("tbody", {}, ...rows);
    }

    /** New counts, and the pair or line of pairs that is chosen. */
    show(counts, state) {
      const width = this.data.outcomes.length;
      const { producer: producers } = this.data.names;
      const chosen = Boolean(state.producer || state.consumer);
      this.table.classList.toggle("faded", chosen);
      this.fill = (square) => square.show(counts.subarray(square.place * width, (square.place + 1) * width));
      this.fillAll();
      this.squares.forEach((square, i) => {
        const [p, c] = [producers[Math.floor(i / this.size)], producers[i % this.size]];
        square.press(chosen && (!state.producer || state.producer === p) && (!state.consumer || state.consumer === c));
      });
    }

    /** The squares in sight at once; where there are very many, the others a moment later. */
    fillAll() {
      clearTimeout(this.timer);
      if (!this.seen) {
        this.squares.forEach(this.fill);
        this.watch();
        return;
      }
      this.seen.forEach(this.fill);
      const rest = this.squares.filter((square) => !this.seen.has(square));
      const some = () => {
        rest.splice(0, 200).forEach(this.fill);
        if (rest.length) this.timer = setTimeout(some, 30);
      };
      if (rest.length) this.timer = setTimeout(some, 150);
    }

    watch() {
      if (this.squares.length <= MANY) return;
      const owners = new Map(this.squares.map((square) => [square.element, square]));
      this.seen = new Set(this.squares);
      const observer = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          const square = owners.get(target);
          if (!isIntersecting) this.seen.delete(square);
          else if (this.seen.add(square)) this.fill(square);
        }
      });
      for (const { element } of this.squares) observer.observe(element);
    }

    clicked(event) {
      const square = event.target.closest(".square");
      if (!square) return;
      this.focus(square);
      const [producer, consumer] = square.dataset.at.split(",").map((code) => this.data.names.producer[code]);
      this.choose(producer, consumer);
    }

    focus(square) {
      this.table.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
      square.tabIndex = 0;
      square.focus();
    }

    moved(event) {
      const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
      const square = event.target.closest(".square");
      if (!square || !(event.key in steps)) return;
      event.preventDefault();
      const [row, column] = square.dataset.at.split(",").map(Number);
      const [p, c] = [row + steps[event.key][0], column + steps[event.key][1]];
      if (p >= 0 && c >= 0 && p < this.size && c < this.size) this.focus(this.squares[p * this.size + c].element);
    }
  };
}
