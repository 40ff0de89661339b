"use strict";
// The baseline that a table of costs compares with. Ratios between every two formats were worked
// out block by block when the page was made; here they are only put in place, or turned round.

{
  const TURNED = { faster: "slower", slower: "faster", less: "more", more: "less" };
  const digits = (value) => String(Number(value.toPrecision(3)));

  /** Ratio of arm i over arm j: [ratio, low, high, word, clear]; undefined where there is none. */
  const between = (ratios, i, j) => {
    if (i > j) return ratios[`${i},${j}`];
    const found = ratios[`${j},${i}`];
    if (!found) return undefined;
    const [ratio, low, high, word, clear] = found;
    return [1 / ratio, 1 / high, 1 / low, TURNED[word] ?? word, clear];
  };

  const put = (cell, found, isBase) => {
    const place = cell.querySelector(".against");
    const empty = cell.dataset.rank === "";
    place.classList.toggle("noise", Boolean(found) && !found[4]);
    if (isBase) place.textContent = empty ? "" : "baseline";
    else if (!found) place.textContent = empty ? "" : "not comparable";
    else {
      const [ratio, low, high, word] = found;
      place.textContent = `${digits(ratio)}×, ${word}${low < high ? ` (${digits(low)}–${digits(high)})` : ""}`;
    }
  };

  const compare = (article, { arms, ratios }, base) => {
    const j = arms.indexOf(base);
    for (const row of article.querySelectorAll("tbody tr")) {
      const i = arms.indexOf(row.dataset.arm);
      row.classList.toggle("is-base", i === j);
      for (const cell of row.querySelectorAll("[data-measure]")) {
        put(cell, i === j ? undefined : between(ratios[cell.dataset.measure] ?? {}, i, j), i === j);
      }
    }
  };

  for (const article of document.querySelectorAll("[data-set]")) {
    const set = globalThis.shelflifeCosts?.[article.dataset.set];
    if (!set || set.arms.length < 2) continue;
    const label = article.querySelector(".baseline");
    const select = label.querySelector("select");
    select.append(...set.arms.map((arm) => new Option(arm, arm, arm === set.baseline, arm === set.baseline)));
    select.addEventListener("change", () => compare(article, set, select.value));
    label.hidden = false;
    article.querySelector(".static").hidden = true;
  }
}
