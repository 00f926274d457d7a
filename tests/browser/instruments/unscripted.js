/*
 * What a page offers with scripts and not without: `source` is what the server sent, which is all that a browser without
 * scripts has. What is marked data-needs-script may be more; nothing may be less, or out of sight until a script shows it,
 * unless data-instead names the link that leads to the same.
 */
(source) => {
  const { told } = window.instruments;
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, form";
  const mark = (e) => [e.localName, e.getAttribute("href") ?? e.getAttribute("action") ?? "", e.getAttribute("name") ?? "",
    e.getAttribute("type") ?? "", e.localName === "form" ? "" : e.textContent.trim()].join(" | ");
  const needs = (e) => e.closest("[data-needs-script]") !== null;
  const all = (root) => [...root.querySelectorAll(CONTROLS)].filter((e) => !needs(e));
  const sent = new DOMParser().parseFromString(source, "text/html");
  for (const quiet of sent.querySelectorAll("noscript")) quiet.replaceWith(...new DOMParser().parseFromString(quiet.textContent, "text/html").body.children);
  const [without, within] = [all(sent), all(document)];
  const [marksWithout, marksWithin] = [without, within].map((list) => new Set(list.map(mark)));
  // What a script opens in its place may wait out of sight, when a plain way to the same is named and in sight.
  const instead = (e) => {
    const named = e.closest("[data-instead]")?.dataset.instead;
    const way = named && sent.querySelector(named);
    return way && !way.closest("[hidden]");
  };
  return [
    ...without.filter((e) => e.closest("[hidden]") && !instead(e)).map((e) => `out of sight without scripts: ${told(e)}`),
    ...within.filter((e) => !marksWithout.has(mark(e))).map((e) => `only with scripts: ${told(e)}`),
    ...without.filter((e) => !marksWithin.has(mark(e))).map((e) => `only without scripts: ${told(e)}`),
  ];
}
