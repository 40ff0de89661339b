"use strict";
// Filters over entries, and tables that sort. What is chosen stands in the address: #matrix=a&q=b.
// An address without `=` is the name of a place in the page, and opens what it is folded in.

{
  const form = document.getElementById("sieve");

  const decodePart = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  const readAddress = () => {
    const pairs = location.hash.replace(/^#/, "").split("&").filter((part) => part.indexOf("=") > 0);
    return Object.fromEntries(pairs.map((part) => [part.slice(0, part.indexOf("=")), decodePart(part.slice(part.indexOf("=") + 1))]));
  };

  // ---- entries

  class Sieve {
    constructor() {
      this.fields = [...form.elements].filter((field) => field.name);
      this.entries = [...document.querySelectorAll("[data-entry]")].map((element) => ({
        element,
        text: `${element.id} ${element.textContent}`.toLowerCase(),
      }));
      for (const field of this.fields) field.addEventListener("input", () => this.write());
      form.addEventListener("submit", (event) => event.preventDefault());
      form.hidden = false;
      this.read();
    }

    write() {
      const chosen = this.fields.filter((field) => field.value.trim());
      const hash = chosen.map((field) => `${field.name}=${encodeURIComponent(field.value.trim())}`).join("&");
      history.replaceState(null, "", `#${hash}`);
      this.show();
    }

    read() {
      const state = readAddress();
      if (location.hash.length > 1 && !Object.keys(state).length) return this.show();
      for (const field of this.fields) {
        const wanted = state[field.name] ?? "";
        const known = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === wanted);
        field.value = known ? wanted : "";
      }
      this.show();
    }

    show() {
      const terms = [];
      const kinds = [];
      for (const { name, value } of this.fields) {
        if (name === "q") terms.push(...value.toLowerCase().split(/\s+/).filter(Boolean));
        else if (value) kinds.push([name, value]);
      }
      let shown = 0;
      for (const { element, text } of this.entries) {
        const fits = kinds.every(([name, value]) => (element.dataset[name] ?? "").split(" ").includes(value));
        element.hidden = !(fits && terms.every((term) => text.includes(term)));
        shown += !element.hidden;
      }
      for (const section of document.querySelectorAll("main > section")) {
        const own = [...section.querySelectorAll("[data-entry]")];
        if (own.length) section.hidden = own.every((element) => element.hidden);
      }
      const all = this.entries.length;
      form.querySelector("output").textContent = shown === all ? `${all} on this page` : `${shown} of ${all} on this page`;
    }
  }

  // ---- places

  /** Open what folds a place in, and show it whatever the filters say. */
  const goTo = () => {
    const id = decodePart(location.hash.slice(1));
    const place = id && !id.includes("=") && document.getElementById(id);
    const elsewhere = !place && id && globalThis.shelflifePlaces?.[id];
    if (elsewhere && !location.pathname.endsWith(`/${elsewhere}`)) location.replace(`${elsewhere}#${id}`);
    if (!place) return;
    for (let at = place; at; at = at.parentElement) {
      at.hidden = false;
      if (at.tagName === "DETAILS") at.open = true;
    }
    place.querySelector(":scope > details")?.setAttribute("open", "");
    place.scrollIntoView();
  };

  // ---- tables

  const rank = (cell) => {
    const said = cell?.dataset.rank ?? cell?.textContent.trim() ?? "";
    return said === "" ? null : Number.isNaN(Number(said)) ? said : Number(said);
  };

  /** What is not there stays last, whichever way. */
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true }));
  };

  const sortable = (table) => {
    const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
        for (const body of table.tBodies) {
          const rows = [...body.rows].map((row, place) => ({ row, place, rank: rank(row.cells[column]) }));
          rows.sort((a, b) => compare(a.rank, b.rank, sign) || a.place - b.place);
          body.append(...rows.map(({ row }) => row));
        }
      });
    });
  };

  document.querySelectorAll("table[data-sort]").forEach(sortable);
  const sieve = form && new Sieve();
  addEventListener("hashchange", () => {
    sieve?.read();
    goTo();
  });
  goTo();
  document.documentElement.dataset.ready = "";
}
