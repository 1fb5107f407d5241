"use strict";
/* Shows the pages that match; the address bar keeps the state: #q=…&kind=added,fixed */
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const q = document.getElementById("q");
  const count = document.getElementById("count");
  const all = count.textContent;
  const pages = [...document.querySelectorAll(".page-change")];
  const boxes = [...form.querySelectorAll("[name=kind]")];
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map();
  const searched = (page) => {
    if (!texts.has(page)) texts.set(page, folded(page.textContent));
    return texts.get(page);
  };
  form.hidden = false;

  function show() {
    const query = new URLSearchParams(location.hash.slice(1));
    const kinds = (query.get("kind") || "").split(",").filter(Boolean);
    const words = folded(query.get("q") || "").split(/\s+/).filter(Boolean);
    if (document.activeElement !== q) q.value = query.get("q") || "";
    for (const box of boxes) box.checked = kinds.includes(box.value);
    let shown = 0;
    for (const page of pages) {
      const own = page.dataset.kinds.split(" ");
      const fits = (!kinds.length || kinds.some((kind) => own.includes(kind))) && words.every((word) => searched(page).includes(word));
      page.hidden = !fits;
      shown += fits;
    }
    count.textContent = kinds.length || words.length ? `${shown.toLocaleString("en")} of ${all}` : all;
    document.getElementById("none").hidden = shown > 0;
  }
  function change() {
    const query = new URLSearchParams();
    if (q.value.trim()) query.set("q", q.value.trim());
    const kinds = boxes.filter((box) => box.checked).map((box) => box.value);
    if (kinds.length) query.set("kind", kinds.join(","));
    history.replaceState(null, "", `#${query}`);
    show();
  }
  let typing = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  q.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(change, 120); });
  for (const box of boxes) box.addEventListener("change", change);
  addEventListener("hashchange", show);
  show();
})();
