"use strict";
/* The list of pages and the view of one page. Everything that comes from a page is put on the screen as text
   (textContent, text nodes); the content security policy refuses any other way. The address bar keeps the state:
   #/ · #/pages?q=…&verdict=…&state=…&site=…&family=…&rule=…&from=…&to=…&sort=…&dir=…&at=… · #/page/<id>?finding=…&view=after */
(() => {
  const SEVERITIES = ["info", "note", "warning", "error", "blocker"];
  const VERDICTS = ["block", "failed", "fix", "review", "pass"]; // the worst first
  const PER_PAGE = 50;
  const SELECTS = ["family", "rule", "state", "site"]; // filters of the list with a box of their own
  const STATES = { new: "new", known: "known", ignored: "suppressed" }; // how a finding stands to the baseline
  const ASCENDING = new Set(["worst", "score", "page", "order"]); // how a column sorts when it is first chosen

  const $ = (id) => document.getElementById(id);
  const data = (id) => ($(id) ? JSON.parse($(id).textContent) : null);
  const index = data("index");
  const rows = index.rows;
  const byId = new Map(rows.map((row) => [row.id, row]));
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const number = (value) => value.toLocaleString("en");
  const plural = (count, one, many = one + "s") => `${number(count)} ${count === 1 ? one : many}`;

  /** Make an element. `attributes` are set as they are, `on…` are listeners; children are elements or text. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }
  function svg(tag, attributes, ...children) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  }
  const icon = (name) => svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
  const hidden = (text) => el("span", { class: "visually-hidden" }, text);
  const num = (value) => el("td", { class: value ? "num" : "num zero" }, number(value));
  const verdictBadge = (verdict) => el("span", { class: `verdict v-${verdict}` }, icon(verdict), verdict);
  const severityBadge = (severity) =>
    el("span", { class: `badge s${severity}` }, icon(`s${severity}`), SEVERITIES[severity]);
  /** A link out of the report, for web addresses only; anything else stays text. */
  function outside(address, text = address) {
    if (!/^https?:\/\//i.test(address)) return document.createTextNode(text);
    return el("a", { href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, text);
  }

  // Characters that show nothing, or turn the text round, are shown by their number.
  const DANGEROUS = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\u{e0000}-\u{e007f}]+)/u;
  const INVISIBLE = /([\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]+)/u;
  function text(node, content, everything = false) {
    content.split(everything ? INVISIBLE : DANGEROUS).forEach((part, at) => {
      if (at % 2 === 0) {
        if (part) node.append(part);
        return;
      }
      const points = [...part].map((point) => "U+" + point.codePointAt(0).toString(16).toUpperCase().padStart(4, "0"));
      const label = points.length === 1 ? points[0] : `${points[0]} … ${points.length} invisible`;
      node.append(el("span", { class: "invisible", title: points.slice(0, 40).join(" ") }, label));
    });
    return node;
  }

  /* ---------- where we are ---------- */

  function here() {
    const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    const [screen, ...rest] = path.split("/");
    let id = rest.join("/");
    try { id = decodeURIComponent(id); } catch (error) { if (!(error instanceof URIError)) throw error; }
    return { screen: screen || "overview", id, query: new URLSearchParams(query) };
  }
  function address(screen, query = new URLSearchParams(), id = null) {
    const tail = query.toString();
    return `#/${screen}${id === null ? "" : "/" + encodeURIComponent(id)}${tail ? "?" + tail : ""}`;
  }
  let listQuery = new URLSearchParams(); // as the list was last seen
  let shownAt = null;
  function route(first) {
    const { screen, id, query } = here();
    const target = { pages: "pages", page: "page" }[screen] || "overview";
    const row = target === "page" ? byId.get(id) : null;
    for (const name of ["overview", "pages", "page"]) $(name).hidden = name !== target;
    for (const [name, on] of [["overview", target === "overview"], ["pages", target !== "overview"]]) {
      if (on) $(`nav-${name}`).setAttribute("aria-current", target === "page" ? "true" : "page");
      else $(`nav-${name}`).removeAttribute("aria-current");
    }
    hideTip();
    let title = "Overview";
    if (target === "pages") {
      title = "Pages";
      listQuery = query;
      showList(query);
    } else if (target === "page") {
      title = row ? row.title || row.id : "No such page";
      showPage(row, query);
    }
    document.title = `${title} · Article Audit`;
    const now = target + id;
    if (!first && now !== shownAt) {
      scrollTo({ top: 0, behavior: "instant" });
      $(`${target}-title`).focus({ preventScroll: true });
      if (target === "page" && query.has("finding")) page?.select(Number(query.get("finding")), { reveal: true });
    }
    shownAt = now;
  }

  /* ---------- the list ---------- */

  rows.forEach((row, at) => {
    row.order = at;
    row.rank = VERDICTS.indexOf(row.verdict);
    row.findings = row.severities.reduce((sum, count) => sum + count, 0);
    row.families = new Set(row.rules.map((rule) => index.rules[rule].family));
    row.name = row.title || row.path || row.id;
  });
  const worst = (a, b) => a.rank - b.rank || (a.score ?? 100) - (b.score ?? 100) || a.order - b.order;
  const names = new Intl.Collator("en", { numeric: true });
  const SORTS = {
    worst,
    score: (a, b) => (a.score ?? -1) - (b.score ?? -1) || worst(a, b),
    page: (a, b) => names.compare(a.name, b.name) || a.order - b.order,
    findings: (a, b) => a.findings - b.findings || worst(b, a),
    cuts: (a, b) => a.cuts - b.cuts || worst(b, a),
    claims: (a, b) => a.claims - b.claims || worst(b, a),
    order: (a, b) => a.order - b.order,
  };
  function searched(row) {
    row.searched ??= folded(
      [row.title, row.id, row.url, row.path, row.worst, ...row.rules.map((rule) => index.rules[rule].id), row.quotes]
        .filter(Boolean).join("\n"),
    );
    return row.searched;
  }
  function sorting(query) {
    const key = Object.hasOwn(SORTS, query.get("sort")) ? query.get("sort") : "worst";
    const ascending = query.has("dir") ? query.get("dir") === "asc" : ASCENDING.has(key);
    return { key, ascending };
  }
  function matching(query) {
    const words = folded(query.get("q") || "").split(/\s+/).filter(Boolean);
    const verdicts = new Set((query.get("verdict") || "").split(",").filter(Boolean));
    const [family, rule, state, site] = SELECTS.map((name) => query.get(name));
    const [from, to] = [query.get("from"), query.get("to")].map((bound) => (bound === null ? null : Number(bound)));
    const found = rows.filter(
      (row) =>
        (!verdicts.size || verdicts.has(row.verdict)) &&
        (!state || row.states[state] > 0) &&
        (!site || row.site === site) &&
        (!family || row.families.has(family)) &&
        (!rule || row.rules.some((number) => index.rules[number].id === rule)) &&
        (from === null || (row.score !== null && row.score >= from)) &&
        (to === null || (row.score !== null && row.score <= to)) &&
        words.every((word) => searched(row).includes(word)),
    );
    const { key, ascending } = sorting(query);
    found.sort(SORTS[key]);
    return ascending ? found : found.reverse();
  }
  function pick(select, value) {
    select.value = value;
    if (select.value === value) return;
    select.append(el("option", {}, value));
    select.value = value;
  }
  function showList(query) {
    const found = matching(query);
    const { key, ascending } = sorting(query);
    const last = Math.max(1, Math.ceil(found.length / PER_PAGE));
    const at = Math.min(last, Math.max(1, Number.parseInt(query.get("at"), 10) || 1));
    if (document.activeElement !== $("q")) $("q").value = query.get("q") || "";
    const verdicts = (query.get("verdict") || "").split(",");
    for (const box of document.getElementsByName("verdict")) box.checked = verdicts.includes(box.value);
    for (const name of SELECTS) if ($(name)) pick($(name), query.get(name) || "");
    $("sort").value = key;
    for (const button of $("list").querySelectorAll("[data-sort]")) {
      const own = button.dataset.sort === key;
      if (own) button.parentElement.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      else button.parentElement.removeAttribute("aria-sort");
    }
    const shown = found.slice((at - 1) * PER_PAGE, at * PER_PAGE);
    $("list").tBodies[0].replaceChildren(...shown.map(listRow));
    const narrowed = ["q", "verdict", ...SELECTS, "from", "to"].some((name) => query.get(name));
    $("clear").hidden = !narrowed;
    const range = query.has("from") ? ` with ${query.get("from")} to ${query.get("to")} points` : "";
    $("count").textContent = narrowed
      ? `${number(found.length)} of ${plural(rows.length, "page")}${range}`
      : plural(rows.length, "page");
    $("none").hidden = found.length > 0;
    $("none").firstChild.textContent = rows.length ? "No page matches. " : "There are no pages in this run. ";
    $("clear-none").hidden = !narrowed;
    $("table-region").hidden = !found.length;
    $("pager").hidden = last === 1;
    $("pager").replaceChildren(
      el("button", { type: "button", class: "button", disabled: at === 1, onclick: () => turn(at - 1) }, "Back"),
      el("span", {}, `${number(at)} of ${number(last)}`),
      el("button", { type: "button", class: "button", disabled: at === last, onclick: () => turn(at + 1) }, "Next"),
    );
  }
  function listRow(row) {
    const tallies = [4, 3, 2, 1, 0].filter((severity) => row.severities[severity]).map((severity) =>
      el("span", { class: `sev s${severity}`, title: `${row.severities[severity]} ${SEVERITIES[severity]}` },
        icon(`s${severity}`), number(row.severities[severity]), hidden(` ${SEVERITIES[severity]}`)));
    return el("tr", {},
      el("td", {}, verdictBadge(row.verdict)),
      el("td", { class: "num row-score" }, row.score === null ? hidden("none") : String(row.score)),
      el("td", {},
        el("a", { class: "row-link", href: address("page", undefined, row.id), dir: "auto" }, text(el("span"), row.name)),
        text(el("span", { class: "row-path" }), row.url || (row.path && row.path !== row.id ? `${row.path} · ${row.id}` : row.id))),
      el("td", {}, tallies.length ? el("span", { class: "tallies" }, ...tallies, index.baselined && row.states.new ? el("span", { class: "state-tag k-new" }, `${number(row.states.new)} new`) : null) : el("span", { class: "zero" }, "none")),
      num(row.cuts), num(row.claims));
  }
  /** Change the list's part of the address; `quiet` adds no step to the browser's history. */
  function change(changes, quiet = false) {
    const query = new URLSearchParams(listQuery);
    if (!("at" in changes)) query.delete("at");
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const target = address("pages", query);
    if (quiet) history.replaceState(null, "", target);
    else history.pushState(null, "", target);
    route(false);
  }
  function turn(at) {
    change({ at: at > 1 ? String(at) : "" });
    scrollTo({ top: 0, behavior: "instant" });
    $("pages-title").focus({ preventScroll: true });
  }
  let typing = 0;
  $("filters").addEventListener("submit", (event) => event.preventDefault());
  $("q").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => change({ q: $("q").value.trim() }, true), 120);
  });
  for (const box of document.getElementsByName("verdict")) {
    box.addEventListener("change", () => {
      const on = [...document.getElementsByName("verdict")].filter((other) => other.checked);
      change({ verdict: on.map((other) => other.value).join(",") });
    });
  }
  for (const name of SELECTS) $(name)?.addEventListener("change", () => change({ [name]: $(name).value }));
  $("sort").addEventListener("change", () => change({ sort: $("sort").value, dir: "" }));
  $("list").tHead.addEventListener("click", (event) => {
    const key = event.target.closest("[data-sort]")?.dataset.sort;
    if (!key) return;
    const now = sorting(listQuery);
    const ascending = now.key === key ? !now.ascending : ASCENDING.has(key);
    change({ sort: key, dir: ascending ? "asc" : "desc" });
  });
  function clear(event) {
    event.preventDefault();
    $("q").value = "";
    change(Object.fromEntries(["q", "verdict", ...SELECTS, "from", "to"].map((name) => [name, ""])));
    $("q").focus();
  }
  $("filters").addEventListener("reset", clear);
  $("clear-none").addEventListener("click", clear);

  /* ---------- one page ---------- */

  let page = null; // what the keys act on: { row, select, step, toggle }

  function showPage(row, query) {
    if (page && row && page.row === row) return;
    page = null;
    if (!row) {
      $("page").replaceChildren(
        el("h1", { id: "page-title", tabindex: "-1" }, "No such page"),
        el("p", {}, "The report has no page of this name. ", el("a", { href: "#/pages" }, "See the list")));
      return;
    }
    const detail = data(`page-${row.i}`);
    const content = data(`text-${row.i}`);
    const marks = marksOf(detail);
    const costs = new Map(detail.deductions.filter((lost) => lost.mark !== null).map((lost) => [lost.mark, lost.points]));
    page = { row };
    const sections = [navigation(row), head(row, detail)];
    if (detail.error) {
      sections.push(el("div", { class: "card error-card" },
        el("h2", {}, "This page could not be read"), el("div", { class: "error-text" }, detail.error)));
    }
    if (row.verdict !== "failed") {
      sections.push(scores(row, detail));
      const reader = readerOf(row, detail, content, marks, costs);
      sections.push(reader.node, claimTable(detail));
      Object.assign(page, reader.acts);
    }
    $("page").replaceChildren(...sections);
    if (page.select) {
      if (query.get("view") === "after") page.toggle(true);
      const wanted = query.has("finding") ? Number(query.get("finding")) : null;
      page.select(wanted !== null && marks[wanted] ? wanted : page.first, { reveal: wanted !== null, quiet: true });
    }
  }
  /** Every finding, then every claim that no finding speaks of: what j and k step through. */
  function marksOf(detail) {
    const marks = detail.findings.map((finding) => ({
      ...finding, kind: "finding", why: finding.why ?? index.rules[finding.rule].why,
    }));
    for (const claim of detail.claims) {
      if (claim.mark === null || claim.mark < detail.findings.length) continue;
      const message = claim.negated
        ? "A claim that says it does not work: it counts in the page's favour."
        : claim.severity ? "A medical claim to look at." : "A medical claim that is fine as it stands.";
      marks[claim.mark] = {
        kind: "claim", severity: claim.severity, action: "note", message, quote: claim.quote, claim,
        places: claim.place ? [claim.place] : [], evidence: [],
      };
    }
    return marks;
  }
  function navigation(row) {
    const order = matching(listQuery);
    const at = order.indexOf(row);
    const link = (to, label, key) => to
      ? el("a", { class: "button", href: address("page", undefined, to.id), title: `Key ${key}` }, label)
      : el("button", { class: "button", type: "button", disabled: true }, label);
    page.before = order[at - 1];
    page.after = order[at + 1];
    return el("nav", { class: "page-nav", "aria-label": "Pages" },
      el("a", { href: address("pages", listQuery) }, "All pages"),
      el("span", {}, at >= 0 ? `${number(at + 1)} of ${number(order.length)}` : "",
        link(page.before, "Page before", "["), link(page.after, "Next page", "]")));
  }
  function head(row, detail) {
    const facts = el("p", { class: "page-facts" });
    if (row.url) facts.append(el("span", {}, outside(row.url)));
    if (row.path) facts.append(el("code", {}, row.path));
    if (row.id !== row.path && row.id !== row.url) facts.append(el("code", {}, row.id));
    if (detail.kind) facts.append(el("span", {}, { html: "HTML", text: "plain text", markdown: "Markdown" }[detail.kind]));
    if (detail.encoding) facts.append(el("span", {}, detail.encoding));
    if (row.cuts) facts.append(el("span", {}, `${plural(row.cuts, "cut")}, ${plural(detail.cutCharacters, "character")}`));
    return el("header", { class: "page-head" },
      el("div", {}, text(el("h1", { id: "page-title", tabindex: "-1", dir: "auto" }), row.name), facts),
      el("div", { class: `total v-${row.verdict}` },
        row.score === null ? null : el("b", {}, hidden("Score "), String(row.score)),
        el("small", {}, icon(row.verdict), row.verdict)));
  }
  function scores(row, detail) {
    const parts = detail.scores.map(([name, value]) => el("div", { class: "part" },
      el("dt", {}, name),
      value === null
        ? el("dd", {}, el("small", {}, "not judged"))
        : el("dd", {}, String(value), el("small", {}, "of 100")),
      svg("svg", { class: "meter", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" },
        svg("rect", { x: 0, y: 0, width: value ?? 0, height: 6 }))));
    const card = el("section", { class: "card scores", "aria-label": "Scores" }, el("dl", { class: "parts" }, ...parts));
    const lost = detail.deductions.reduce((sum, deduction) => sum + deduction.points, 0);
    if (!lost) card.append(el("p", { class: "small" }, "No points were taken off."));
    else {
      card.append(el("details", {},
        el("summary", {}, `Where the ${plural(lost, "point")} went`),
        losses(detail.deductions, detail, el("tfoot", {}, el("tr", {}, el("td", { class: "num" }, `−${lost}`),
          el("td", { colspan: "2" }, `100 − ${lost} = ${row.score}, the worse of the two axes spam and claims`))))));
    }
    const parted = Object.values(detail.lost).flat();
    if (parted.length) {
      card.append(el("details", {}, el("summary", {}, "What each part lost"), losses(parted, detail),
        el("p", { class: "small" }, "Each part counts down from 100 by itself; the parts other than spam are weighed together.")));
    }
    return card;
  }
  function losses(deductions, detail, foot = null) {
    const body = deductions.map((deduction) => el("tr", {},
      el("td", { class: "num" }, `−${deduction.points}`),
      el("td", {}, deduction.part),
      el("td", {}, deduction.mark === null
        ? `missing: ${deduction.missing || deduction.rule}`
        : jump(deduction.mark, detail.findings[deduction.mark].message))));
    return el("div", { class: "scroll" }, el("table", { class: "losses" },
      el("thead", {}, el("tr", {}, el("th", { class: "num", scope: "col" }, "Points"), el("th", { scope: "col" }, "Part"), el("th", { scope: "col" }, "For"))),
      el("tbody", {}, ...body), foot));
  }
  const jump = (mark, label) =>
    text(el("button", { type: "button", class: "link", onclick: () => page.select(mark, { reveal: true, focus: true }) }), label, true);

  function readerOf(row, detail, content, marks, costs) {
    const body = el("div", { class: "text no-sound" });
    const places = new Map(); // mark → the elements that carry it
    const inText = [];
    const sheet = el("section", { class: "card sheet", "aria-label": "Text of the page" });
    const before = el("button", { type: "button", "aria-pressed": "true", onclick: () => toggle(false) }, "Before");
    const after = el("button", { type: "button", "aria-pressed": "false", onclick: () => toggle(true) }, "After the cuts");
    after.disabled = !row.cuts;
    const sound = el("input", { type: "checkbox", onchange: () => body.classList.toggle("no-sound", !sound.checked) });
    const anySound = marks.some((mark) => mark.kind === "claim" && !mark.severity);
    if (content) {
      renderText(body, content, detail.kind, marks, places, inText);
      sheet.append(
        el("div", { class: "sheet-bar" }, el("h2", {}, "Text"),
          anySound ? el("label", { class: "check" }, sound, "Show sound claims") : null,
          el("div", { class: "toggle", role: "group", "aria-label": "Show the page" }, before, after)),
        body);
    } else {
      sheet.append(el("div", { class: "sheet-bar" }, el("h2", {}, "Text")), el("p", { class: "empty" },
        index.textLeftOut
          ? "The text of this page is not in the file, to keep it quick. Its findings are all here."
          : "The text of this page could not be read again when the report was written. Its findings are all here."));
    }
    const elsewhere = marks.map((_, at) => at).filter((at) => !places.has(at) && marks[at].places.length);
    const ofPage = marks.map((_, at) => at).filter((at) => !places.has(at) && !marks[at].places.length);
    if (elsewhere.length && content) {
      sheet.append(el("div", { class: "elsewhere" }, el("h3", {}, "In the source, where no text stands"),
        el("ul", {}, ...elsewhere.map((at) => {
          const mark = marks[at];
          const holder = el("span", markAttributes([at], marks, true));
          holder.append(icon(`s${mark.severity}`));
          const quote = mark.quote.length > 600 ? mark.quote.slice(0, 600) + "…" : mark.quote;
          holder.append(mark.action === "cut" ? text(el("del"), quote, true) : text(el("span"), quote, true));
          places.set(at, [holder]);
          return el("li", mark.action === "cut" ? { class: "gone" } : {}, el("span", { class: "tag" }, `line ${mark.places[0][0]}`), holder);
        }))));
    }
    const all = [...inText, ...elsewhere, ...ofPage];
    const isSound = (at) => marks[at].kind === "claim" && !marks[at].severity;
    const order = () => all.filter((at) => !isSound(at) || sound.checked);

    const reason = el("div", { class: "reason-body", tabindex: "0", role: "region", "aria-label": "Reason" });
    const counter = el("h2", {});
    const previous = el("button", { type: "button", class: "step", title: "Finding before (k)", onclick: () => step(-1) }, icon("up"), hidden("Finding before"));
    const next = el("button", { type: "button", class: "step", title: "Next finding (j)", onclick: () => step(1) }, icon("down"), hidden("Next finding"));
    const list = el("ul", {});
    const side = el("aside", { class: "side", "aria-label": "Findings" },
      el("section", { class: "card reason", "aria-live": "polite" }, el("div", { class: "reason-bar" }, counter, previous, next), reason),
      el("nav", { class: "card all", "aria-label": "All findings of the page" }, list));
    let current = null;

    function fillList() {
      list.replaceChildren(...order().map((at) => el("li", {},
        el("button", { type: "button", class: `s${marks[at].severity}`, "data-mark": at, onclick: () => select(at, { reveal: true }) },
          el("span", {}, icon(`s${marks[at].severity}`), hidden(`${SEVERITIES[marks[at].severity]}: `)),
          text(el("span", { class: "what" }), marks[at].kind === "claim" ? marks[at].quote : marks[at].message, true),
          el("span", { class: "small" }, marks[at].state ? el("span", { class: `state-tag k-${marks[at].state}` }, STATES[marks[at].state]) : null,
            marks[at].places.length ? `line ${marks[at].places[0][0]}` : "page")))));
    }
    function select(at, { reveal = false, focus = false, quiet = false } = {}) {
      const seen = order();
      if (!marks[at] || (isSound(at) && !sound.checked && !(sound.checked = true))) at = seen[0];
      if (at === undefined) {
        counter.textContent = "Findings";
        reason.replaceChildren(el("p", { class: "empty" }, "Nothing was found on this page."));
        previous.disabled = next.disabled = true;
        list.parentElement.hidden = true;
        return;
      }
      if (sound.checked) body.classList.remove("no-sound");
      if (list.childElementCount !== order().length) fillList();
      for (const node of sheet.querySelectorAll(".active")) node.classList.remove("active");
      const nodes = places.get(at) || [];
      for (const node of nodes) node.classList.add("active");
      current = at;
      const position = order().indexOf(at);
      counter.textContent = `${position + 1} of ${order().length}`;
      previous.disabled = position <= 0;
      next.disabled = position >= order().length - 1;
      reason.className = `reason-body s${marks[at].severity}`;
      reason.replaceChildren(...explain(marks[at], costs.get(at)));
      reason.scrollTop = 0;
      for (const button of list.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
      const own = list.querySelector(`[data-mark="${at}"]`);
      if (own) {
        own.setAttribute("aria-current", "true");
        const box = list.parentElement;
        const offset = own.offsetTop - box.offsetTop;
        if (offset < box.scrollTop || offset > box.scrollTop + box.clientHeight - own.offsetHeight) box.scrollTop = offset - box.clientHeight / 3;
      }
      if (reveal && nodes[0]) {
        nodes[0].closest("details")?.setAttribute("open", "");
        if (nodes[0].closest(".gone, del, .cut") && body.classList.contains("after")) toggle(false);
        nodes[0].scrollIntoView({ block: "center" });
      }
      if (focus && nodes[0]) nodes[0].focus({ preventScroll: true });
      if (!quiet) remember("finding", String(at));
    }
    function step(by) {
      const seen = order();
      const at = seen[seen.indexOf(current) + by];
      if (at === undefined) return;
      select(at, { reveal: true, focus: true });
      hideTip();
    }
    function toggle(on = !body.classList.contains("after")) {
      if (after.disabled) return;
      sheet.classList.toggle("after", on);
      body.classList.toggle("after", on);
      before.setAttribute("aria-pressed", String(!on));
      after.setAttribute("aria-pressed", String(on));
      remember("view", on ? "after" : "");
    }
    sound.addEventListener("change", () => { fillList(); select(order().includes(current) ? current : order()[0], { quiet: true }); });
    sheet.addEventListener("click", (event) => pickFrom(event.target, { quiet: false }));
    sheet.addEventListener("focusin", (event) => { pickFrom(event.target); showTip(event.target.closest(".mark"), marks, true); });
    sheet.addEventListener("focusout", hideTip);
    sheet.addEventListener("mouseover", (event) => showTip(event.target.closest(".mark"), marks));
    sheet.addEventListener("mouseout", hideTip);
    function pickFrom(node, options = {}) {
      const mark = node.closest(".mark");
      if (!mark || (mark.classList.contains("sound") && !sound.checked)) return;
      const own = mark.dataset.marks.split(",").map(Number);
      if (!own.includes(current)) select(own[0], options);
    }
    return {
      node: el("div", { class: "reader" }, sheet, side),
      acts: { select, step, toggle, first: order()[0] },
    };
  }
  function remember(name, value) {
    const { screen, id, query } = here();
    if (screen !== "page") return;
    if (value) query.set(name, value);
    else query.delete(name);
    history.replaceState(null, "", address("page", query, id));
  }
  /** Attributes of a stretch under marks, the gravest first. */
  function markAttributes(own, marks, focusable) {
    const top = marks[own[0]];
    const sound = own.every((at) => marks[at].kind === "claim" && !marks[at].severity);
    return {
      class: `mark s${top.severity}${sound ? " sound" : ""}`,
      "data-marks": own.join(","),
      tabindex: focusable ? "0" : null,
      role: focusable ? "button" : null,
    };
  }
  const FURNITURE = new Set(["navigation", "header", "footer", "aside"]); // folded where nothing was found in it
  function renderText(body, content, kind, marks, places, inText) {
    let fold = null;
    let lastLine = 0;
    let name = "";
    content.parts.forEach((part) => {
      if (part.role === "gap") {
        body.append(el("div", { class: "gap" }, `${number(part.left_out)} characters without a finding are left out here`));
        fold = null;
        return;
      }
      const stretches = part.text ?? [];
      const marked = stretches.some(([, cut, own]) => cut || own.length);
      const gone = stretches.every(([content, cut]) => cut || !content.trim());
      const unseen = Boolean(part.hidden);
      const furniture = FURNITURE.has(part.around);
      const level = part.role === "line" && !lastLine && kind === "text" ? 1 : part.level;
      const node = el("div", {
        class: [part.role === "line" ? "line" : part.role, level ? `h${level}` : "", unseen ? "unseen" : "",
          unseen || !part.around || part.around === part.role ? "" : part.around,
          furniture && !unseen ? "furniture" : "", gone ? "gone" : "",
          part.role === "line" && part.line > lastLine + 1 ? "blank-before" : ""].filter(Boolean).join(" "),
        dir: "auto",
        "data-line": part.line && part.line !== lastLine ? part.line : null,
        role: part.role === "heading" ? "heading" : null,
        "aria-level": part.role === "heading" ? Math.min(6, level + 2) : null,
      });
      lastLine = part.line || lastLine;
      if (unseen) node.append(el("span", { class: "tag" }, text(el("span"), `Not seen by a reader: ${part.hidden}`)));
      else if (part.role === "title") node.append(el("span", { class: "tag" }, "Title of the window"));
      else if (part.around === "comment") node.append(el("span", { class: "tag" }, "A reader's comment"));
      else if (part.fold) node.append(el("span", { class: "tag" }, `opens on demand: ${part.fold}`));
      for (const [content, cut, own] of stretches) node.append(stretch(content, cut, own, marks, places, inText));
      if (furniture && !marked && !unseen) {
        if (!fold || name !== part.around) {
          name = part.around;
          fold = el("details", {}, el("summary", { class: "muted" }, name));
          body.append(fold);
        }
        fold.append(node);
        return;
      }
      fold = null;
      body.append(node);
    });
    if (content.unseen) {
      body.append(el("p", { class: "small" }, `${plural(content.unseen, "hidden part")} of the page (attributes, metadata, closed menus) without a finding ${content.unseen === 1 ? "is" : "are"} not shown.`));
    }
    if (!content.parts.length) body.append(el("p", { class: "empty" }, "The page has no text."));
  }
  function stretch(content, cut, own, marks, places, inText) {
    const known = own.filter((at) => marks[at]);
    if (!known.length) return cut ? text(el("del"), content, true) : text(document.createDocumentFragment(), content);
    const graver = [...known].sort((a, b) => marks[b].severity - marks[a].severity || a - b);
    const fresh = graver.filter((at) => !places.has(at));
    const node = el("span", markAttributes(graver, marks, fresh.length > 0));
    if (cut) node.classList.add("cut");
    if (fresh.length) node.append(icon(`s${marks[graver[0]].severity}`));
    node.append(cut ? text(el("del"), content, true) : text(document.createDocumentFragment(), content, true));
    for (const at of graver) {
      if (!places.has(at)) {
        places.set(at, []);
        inText.push(at);
      }
      places.get(at).push(node);
    }
    return node;
  }
  const ACTIONS = { cut: "cut", flag: "flagged", note: "noted" };
  function explain(mark, cost) {
    const rule = mark.kind === "finding" ? index.rules[mark.rule] : null;
    const out = [];
    out.push(el("div", { class: "reason-tags" }, severityBadge(mark.severity),
      el("span", { class: "badge plain" }, mark.kind === "claim" ? "claim" : ACTIONS[mark.action]),
      mark.state ? el("span", { class: `badge k-${mark.state}` }, STATES[mark.state]) : null,
      el("span", { class: "small" }, placesOf(mark))));
    out.push(text(el("p", { class: "message", dir: "auto" }), mark.message, true));
    if (mark.quote) out.push(text(el("blockquote", { class: "quote", dir: "auto", tabindex: mark.quote.length > 300 ? "0" : null }), mark.quote.length > 4000 ? mark.quote.slice(0, 4000) + "…" : mark.quote, true));
    if (mark.claim) out.push(el("p", {}, claimWords(mark.claim)));
    if (mark.reason) out.push(el("h3", {}, "Suppressed because"), text(el("p"), mark.reason));
    if (mark.why) out.push(el("h3", {}, "Why it matters"), el("p", {}, mark.why));
    if (rule?.help) out.push(el("h3", {}, "What to do"), el("p", {}, rule.help));
    if (mark.evidence.length) out.push(el("h3", {}, "Evidence"), evidence(mark));
    if (rule) {
      const foot = el("p", { class: "small" });
      foot.append(`${Math.floor(mark.confidence * 1000) / 10} % sure`);
      if (cost) foot.append(` · takes ${plural(cost, "point")}`);
      foot.append(" · rule ", el("code", {}, rule.id));
      if (rule.source) foot.append(el("br"), "Source: ", outside(rule.sourceUrl || "", rule.source));
      out.push(foot);
    }
    return out;
  }
  function placesOf(mark) {
    if (!mark.places.length) return "the page as a whole";
    const [line, column] = mark.places[0];
    const more = mark.places.length - 1;
    return `line ${number(line)}, column ${number(column)}${more ? ` and ${plural(more, "more place")}` : ""}`;
  }
  /** Contributions as bars to the right (for) or left (against); they add up to the sum below them. */
  function evidence(mark) {
    const widest = Math.max(...mark.evidence.map(([, weight]) => Math.abs(weight)), 1e-9);
    const sum = mark.evidence.reduce((total, [, weight]) => total + weight, 0);
    const shown = (weight) => (weight < 0 ? "−" : "+") + Math.abs(weight).toFixed(2);
    const bars = mark.evidence.map(([name, weight]) => {
      const width = (48 * Math.abs(weight)) / widest;
      return el("li", {}, el("span", {}, name),
        svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", { class: weight < 0 ? "against" : "for", x: weight < 0 ? 50 - width : 50, y: 1, width, height: 8 }),
          svg("line", { class: "axis", x1: 50, x2: 50, y1: 0, y2: 10 })),
        el("span", {}, shown(weight)));
    });
    return el("ul", { class: "evidence" }, ...bars,
      el("li", { class: "sum" }, el("span", {}, "Sum"), el("span", {}, ""), el("span", {}, shown(sum))));
  }
  const STRENGTHS = { booster: "beyond any evidence", direct: "stated flat", weak: "a weak hedge", strong: "a strong hedge" };
  const SOURCES = { none: "no source", vague: "a vague source", specific: "a named source" };
  const claimWords = (claim) =>
    `Type ${claim.type} · ${STRENGTHS[claim.strength]} · ${SOURCES[claim.source]}${claim.negated ? " · negated" : ""}`;
  function claimTable(detail) {
    const kinds = Object.entries(detail.disclaimers).map(([kind, count]) => (count > 1 ? `${kind} (${count})` : kind));
    const section = el("section", { class: "card claims", "aria-labelledby": "claims-title" },
      el("h2", { id: "claims-title" }, detail.claims.length ? plural(detail.claims.length, "medical claim") : "Medical claims"));
    if (detail.claims.length) {
      section.append(el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of claims" }, el("table", { class: "claims-table" },
        el("thead", {}, el("tr", {}, ...["Severity", "Claim", "Type", "Strength", "Source", "Line"].map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, ...detail.claims.map((claim) => el("tr", {},
          el("td", {}, severityBadge(claim.severity)),
          el("td", { dir: "auto" }, claim.mark === null ? text(el("span"), claim.quote, true) : jump(claim.mark, claim.quote)),
          el("td", {}, claim.type, claim.negated ? el("span", { class: "small" }, " negated") : null),
          el("td", { title: STRENGTHS[claim.strength] }, claim.strength),
          el("td", {}, claim.source),
          el("td", { class: "num" }, claim.place ? number(claim.place[0]) : "")))))));
    } else {
      section.append(el("p", { class: "empty" }, "The page makes no medical claim."));
    }
    if (kinds.length) section.append(el("p", { class: "small" }, `Disclaimers: ${kinds.join(", ")}`));
    return section;
  }

  /* ---------- the tip over a mark ---------- */

  let tipped = null;
  function showTip(node, marks, focused = false) {
    if (!node || (node.classList.contains("sound") && node.closest(".no-sound"))) return hideTip();
    if (focused && !node.matches(":focus-visible")) return undefined;
    const own = node.dataset.marks.split(",").map((at) => marks[Number(at)]);
    $("tip").replaceChildren(...own.slice(0, 3).flatMap((mark) => [
      text(el("b"), mark.message, true), mark.why ? el("span", {}, mark.why) : el("span", {}, claimWords(mark.claim)),
    ]));
    $("tip").hidden = false;
    tipped = node;
    node.setAttribute("aria-describedby", "tip");
    placeTip();
    return undefined;
  }
  function placeTip() {
    const place = tipped.getClientRects()[0];
    const size = $("tip").getBoundingClientRect();
    const below = place.bottom + 8 + size.height < innerHeight;
    $("tip").style.left = `${Math.max(12, Math.min(place.left, innerWidth - size.width - 12))}px`;
    $("tip").style.top = `${below ? place.bottom + 8 : Math.max(8, place.top - size.height - 8)}px`;
  }
  function hideTip() {
    $("tip").hidden = true;
    tipped?.removeAttribute("aria-describedby");
    tipped = null;
  }

  /* ---------- keys, theme, start ---------- */

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
    const typed = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (typed) {
      if (event.key === "Escape") typed.blur();
      return;
    }
    const { screen } = here();
    const onPage = screen === "page" && page;
    if (event.key === "/") {
      if (screen !== "pages") location.hash = address("pages", listQuery);
      setTimeout(() => { $("q").focus(); $("q").select(); }, 0);
    } else if (event.key === "?") $("help").showModal();
    else if (event.key === "Escape" && !$("tip").hidden) hideTip();
    else if (event.key === "Escape" && screen === "page") location.hash = address("pages", listQuery);
    else if (onPage && page.step && "jn".includes(event.key)) page.step(1);
    else if (onPage && page.step && "kp".includes(event.key)) page.step(-1);
    else if (onPage && page.toggle && event.key === "b") page.toggle();
    else if (onPage && event.key === "]" && page.after) location.hash = address("page", undefined, page.after.id);
    else if (onPage && event.key === "[" && page.before) location.hash = address("page", undefined, page.before.id);
    else if (event.key === "Enter" && event.target.matches(".mark")) event.target.click();
    else return;
    event.preventDefault();
  });
  $("keys").hidden = $("theme").hidden = false;
  $("keys").addEventListener("click", () => $("help").showModal());
  const themes = ["auto", "light", "dark"];
  $("theme").addEventListener("click", () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme || "auto") + 1) % themes.length];
    document.documentElement.dataset.theme = next;
    $("theme").textContent = `Theme: ${next}`;
  });
  $("skip").addEventListener("click", (event) => {
    event.preventDefault();
    $("main").focus();
  });
  let unfolded = []; // on paper nothing can be opened, so all but the page's own menus is, and folds again afterwards
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([open])")].filter((fold) => !fold.closest(".text"));
    for (const fold of unfolded) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of unfolded) fold.open = false; });
  addEventListener("hashchange", () => route(false));
  addEventListener("scroll", () => { // a tip that the keyboard asked for stays with its mark
    if (tipped && tipped === document.activeElement) placeTip();
    else hideTip();
  }, { passive: true });
  route(true);
})();
