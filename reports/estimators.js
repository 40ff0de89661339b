"use strict";
// The list of estimators: hides the rows that do not hold every word. Its state is the address.
{
  const form = document.getElementById("find");
  if (form) {
    const rows = [...document.querySelectorAll("#all tbody tr")];
    const texts = rows.map((row) => row.textContent.toLowerCase());
    const { q } = form.elements;
    const show = () => {
      const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      rows.forEach((row, i) => {
        row.hidden = !words.every((word) => texts[i].includes(word));
        n += !row.hidden;
      });
      document.getElementById("found").textContent = `${n.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
    };
    const read = () => {
      q.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? "";
      show();
    };
    form.addEventListener("submit", (event) => event.preventDefault());
    q.addEventListener("input", () => {
      location.replace(q.value.trim() ? `#q=${encodeURIComponent(q.value.trim())}` : "#");
      show();
    });
    addEventListener("hashchange", () => document.activeElement !== q && read());
    form.hidden = false;
    read();
  }
  document.documentElement.dataset.ready = "";
}
