"use strict";
// The panel of one format's sheet. Its markup comes from a script file, on demand.

{
  const waiting = new Map();

  /** Called by each file of sheets. */
  globalThis.shelflifeSheets = (number, sheets) => waiting.get(number)?.resolve(sheets);

  /** The sheets of that number, {format: markup}; loaded once. */
  const loadSheets = (number) => {
    if (!waiting.has(number)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      waiting.set(number, entry);
      const source = `data/sheets-${number}.js`;
      const fail = () => {
        waiting.delete(number);
        entry.reject(new Error(`The file ${source} could not be loaded.`));
      };
      const script = document.createElement("script");
      Object.assign(script, { src: source, onerror: fail, onload: fail }); // too late, where it has answered
      document.head.append(script);
    }
    return waiting.get(number).promise;
  };

  const said = (className, title, words) => {
    const [article, heading, text] = ["article", "h2", "p"].map((tag) => document.createElement(tag));
    Object.assign(heading, { id: "panel-title", textContent: title });
    Object.assign(text, { className, textContent: words });
    article.append(heading, text);
    return article;
  };

  globalThis.SheetPanel = class {
    /** `go(format, replace)` changes the address, `chunk(format)` says which file has its sheet. */
    constructor(dialog, { go, chunk, beside }) {
      Object.assign(this, { dialog, go, chunk, beside });
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        go("");
      });
      dialog.addEventListener("click", (event) => event.target === dialog && go(""));
    }

    /** Close the panel; whether it was open. */
    hide() {
      const wasOpen = this.dialog.open;
      this.format = undefined;
      delete this.dialog.dataset.ready;
      if (wasOpen) this.dialog.close();
      return wasOpen;
    }

    show(format) {
      if (this.format === format && this.dialog.open) return;
      this.format = format;
      const focused = this.buttons().indexOf(document.activeElement);
      const body = document.createElement("div");
      body.className = "panel-body";
      body.append(said("quiet", format, "Loading the sheet …"));
      this.dialog.replaceChildren(this.bar(format), body);
      if (!this.dialog.open) this.dialog.showModal();
      const again = this.buttons()[focused];
      (again && !again.disabled ? again : this.buttons().at(-1)).focus();
      this.dialog.scrollTop = 0;
      this.fill(format, body);
    }

    /** Put the format's sheet into the panel; it is markup of our own template. */
    async fill(format, body) {
      const chunk = this.chunk(format);
      try {
        const sheets = chunk === undefined ? {} : await loadSheets(chunk);
        const template = document.createElement("template");
        template.innerHTML = sheets[format] ?? "";
        const found = template.content.firstElementChild;
        body.replaceChildren(found ?? said("", "No such format", `This run has no sheet of ${format}.`));
      } catch (error) {
        body.replaceChildren(said("alarm", format, error.message));
      }
      if (format === this.format) this.dialog.dataset.ready = format;
    }

    buttons() {
      return [...this.dialog.querySelectorAll(".panel-top button")];
    }

    bar(format) {
      const button = (words, target) => {
        const made = document.createElement("button");
        made.type = "button";
        made.textContent = words;
        made.disabled = target === undefined;
        made.addEventListener("click", () => this.go(target, target !== ""));
        return made;
      };
      const [bar, end] = [document.createElement("div"), document.createElement("span")];
      bar.className = "panel-top";
      end.className = "end";
      end.append(button("Close", ""));
      bar.append(button("← Previous", this.beside(format, -1)), button("Next →", this.beside(format, 1)), end);
      return bar;
    }
  };
}
