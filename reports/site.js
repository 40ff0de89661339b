"use strict";
// Puts the page together. The address is the only state: every choice writes it, and what it says is shown.

{
  const { el } = Shelflife;
  const SELECTS = { model: "models", format: "formats", producer: "environments", consumer: "environments" };
  const byId = (id) => document.getElementById(id);

  /** Copies a text; says on the button whether that went well. */
  Shelflife.copy = async (text, button) => {
    const words = (button.dataset.words ??= button.textContent);
    const fallback = () => {
      const area = el("textarea", { value: text });
      (button.closest("dialog") ?? document.body).append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      if (!done) throw new Error("not allowed");
    };
    try {
      await navigator.clipboard.writeText(text).catch(fallback);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying failed";
    }
    button.focus();
    setTimeout(() => (button.textContent = words), 1500);
  };

  class Page {
    constructor(data) {
      this.data = data;
      this.order = Shelflife.sorter(data);
      this.state = Shelflife.readAddress("");
      this.form = byId("form");
      this.buildSelects();
      this.buildChips();
      this.grid = new Shelflife.Grid(data, byId("grid"), (producer, consumer) => this.choosePair(producer, consumer));
      this.list = new Shelflife.List(data, byId("list"), {
        address: (row) => this.address({ cell: Shelflife.cellId(data, row) }),
        open: (row) => this.go({ cell: Shelflife.cellId(data, row) }),
        sort: (name) => this.go({ sort: this.nextSort(name) }),
      });
      this.panel = new Shelflife.Panel(data, byId("panel"), {
        close: () => this.go({ cell: "" }),
        step: (by) => this.step(by),
        causes: () => this.causes(),
        control: (cell) => this.address({ cell: [...cell.id.split("/").slice(0, 3), cell.producer].join("/") }),
      });
      this.listen();
      byId("filters").hidden = false;
      this.read(true);
    }

    // ---- building

    buildSelects() {
      for (const [name, plural] of Object.entries(SELECTS)) {
        const options = this.data.names[name].map((id) => el("option", { value: id }, id));
        this.form.elements[name].append(el("option", { value: "" }, `all ${plural}`), ...options);
      }
    }

    buildChips() {
      this.chips = this.data.worstFirst.map((code) => {
        const outcome = this.data.outcomes[code];
        const number = el("span", { className: "quiet" });
        const chip = el("button", { type: "button", className: "chip", title: outcome.says }, Shelflife.badge(outcome), outcome.id, number);
        chip.addEventListener("click", () => this.toggleOutcome(outcome.id));
        byId("chips").append(chip);
        return { code, id: outcome.id, chip, number };
      });
    }

    listen() {
      addEventListener("hashchange", () => this.read());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      for (const name of Object.keys(SELECTS)) {
        this.form.elements[name].addEventListener("change", (event) => this.go({ [name]: event.target.value }));
      }
      this.form.elements.q.addEventListener("input", (event) => this.go({ q: event.target.value.trim() }, this.state.q !== ""));
      byId("clear").addEventListener("click", () => this.go(Shelflife.readAddress("")));
      byId("copy").addEventListener("click", (event) => Shelflife.copy(location.href, event.currentTarget));
      document.querySelector(".skip").addEventListener("click", (event) => {
        event.preventDefault();
        byId("cells").scrollIntoView();
        this.list.scroller.focus();
      });
    }

    // ---- address

    address(change) {
      return Shelflife.writeAddress({ ...this.state, ...change });
    }

    /** Change the address; what follows from that happens in `read`. */
    go(change, replace = false) {
      const hash = `#${this.address(change)}`;
      if (hash === (location.hash || "#")) return;
      if (replace) location.replace(hash);
      else location.hash = hash;
    }

    read(first = false) {
      const next = Shelflife.readAddress(location.hash);
      if (!first && location.hash.length > 1 && !location.hash.includes("=")) return;
      const same = (key) => next[key] === this.state[key];
      const filtersSame = Object.keys(next).every((key) => key === "cell" || same(key));
      this.state = next;
      if (next.cause && !this.data.causes && !this.asked) {
        this.asked = true;
        this.causes().then(() => this.read(true));
        return;
      }
      if (first || !filtersSame) this.show();
      this.showCell();
    }

    // ---- root causes: of a report that is part of a whole site, and loaded when asked for

    causes() {
      const source = byId("filters").dataset.causes;
      this.waiting ??= new Promise((resolve) => {
        if (!source) return resolve(null);
        const done = async () => {
          const found = globalThis.shelflifeCauses;
          if (found) this.data.causes = await Shelflife.decodeCauses(found);
          resolve(this.data.causes ?? null);
        };
        document.head.append(el("script", { src: source, onload: done, onerror: done }));
      });
      return this.waiting;
    }

    /** What the choice of a cause comes to, in words, with the way back to the finding. */
    showCause() {
      const place = byId("cause");
      place.hidden = !this.state.cause;
      if (place.hidden) return;
      const code = this.data.causes?.names.indexOf(this.state.cause) ?? -1;
      const name = code > 0 ? el("a", { href: this.data.causes.addresses[code] }, this.state.cause) : `${this.state.cause} (not in this run)`;
      const clear = el("button", { type: "button" }, "all causes");
      clear.addEventListener("click", () => this.go({ cause: "" }));
      place.replaceChildren("Root cause: ", name, " ", clear);
    }

    // ---- choices

    toggleOutcome(id) {
      const chosen = new Set(this.state.outcome.split(",").filter(Boolean));
      if (!chosen.delete(id)) chosen.add(id);
      this.go({ outcome: [...chosen].join(",") });
    }

    choosePair(producer, consumer) {
      const again = this.state.producer === producer && this.state.consumer === consumer;
      this.go(again ? { producer: "", consumer: "" } : { producer, consumer });
    }

    nextSort(name) {
      const now = this.state.sort || "-outcome";
      const falling = ["outcome", "bytes", "difference"].includes(name);
      const first = falling ? `-${name}` : name;
      const next = now === first ? (falling ? name : `-${name}`) : first;
      return next === "-outcome" ? "" : next;
    }

    step(by) {
      const at = this.rows.indexOf(this.panel.row);
      const next = this.rows[at + by];
      if (next !== undefined) this.go({ cell: Shelflife.cellId(this.data, next) }, true);
    }

    // ---- showing

    show() {
      const { rows, grid, tally } = Shelflife.select(this.data, this.state, this.order(this.state.sort));
      this.rows = rows;
      this.showForm();
      this.showCause();
      this.grid.show(grid, this.state);
      this.list.show(rows, this.state.sort);
      const chosen = this.state.outcome.split(",");
      for (const { code, id, chip, number } of this.chips) {
        number.textContent = Shelflife.count(tally[code]);
        chip.classList.toggle("none", tally[code] === 0);
        chip.setAttribute("aria-pressed", String(chosen.includes(id)));
      }
      const all = Shelflife.cells(this.data.cells);
      byId("status").textContent = rows.length === this.data.cells ? all : `${Shelflife.count(rows.length)} of ${all}`;
      byId("clear").disabled = !this.address({ sort: "", cell: "" });
      if (document.documentElement.dataset.ready === undefined) performance.mark("shelflife-ready");
      document.documentElement.dataset.ready = "";
    }

    showForm() {
      for (const name of Object.keys(SELECTS)) {
        const select = this.form.elements[name];
        select.querySelector("[data-gone]")?.remove();
        const wanted = this.state[name];
        if (wanted && !this.data.names[name].includes(wanted)) {
          const several = /[,*]/.test(wanted) ? wanted.replaceAll(",", ", ") : `${wanted} (not in this run)`;
          select.append(el("option", { value: wanted, "data-gone": "" }, several));
        }
        select.value = wanted;
      }
      const { q } = this.form.elements;
      if (q.value.trim() !== this.state.q) q.value = this.state.q;
    }

    showCell() {
      if (!this.state.cell) {
        const wasOpen = this.panel.dialog.open;
        this.panel.hide();
        if (wasOpen) this.list.scroller.focus({ preventScroll: true });
        return;
      }
      const row = Shelflife.findCell(this.data, this.state.cell);
      if (row === -1) this.panel.missing(this.state.cell);
      else this.panel.show(row);
    }
  }

  Shelflife.decode(globalThis.shelflifeData).then((data) => (Shelflife.page = new Page(data)));
}
