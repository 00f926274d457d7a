/*
 * A word of the glossary opens its explanation in place, below the paragraph where it stands, and closes it again: by the
 * link itself, by the button in it, or by Escape. Nothing floats or covers anything, and nothing opens by itself. Without
 * this script, or when the explanation cannot be had, the link leads to the glossary.
 */
(() => {
  "use strict";
  let count = 0;

  function close(link, focus) {
    document.getElementById(link.getAttribute("aria-controls"))?.remove();
    link.removeAttribute("aria-controls");
    link.setAttribute("aria-expanded", "false");
    if (focus) link.focus();
  }

  function note(link, explanation) {
    const made = document.createElement("div");
    made.className = "term-note";
    made.id = `term-note-${++count}`;
    made.append(...explanation.childNodes);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button second";
    button.textContent = explanation.dataset.close;
    button.addEventListener("click", () => close(link, true));
    made.append(button);
    made.addEventListener("keydown", (event) => { if (event.key === "Escape") close(link, true); });
    return made;
  }

  async function open(link) {
    const answer = await fetch(link.dataset.term, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const explanation = page.getElementById("explanation");
    const made = note(link, document.importNode(explanation, true));
    const block = link.closest("p, li, dd, td") || link;
    if (block.matches("p")) block.after(made); else block.append(made);
    link.setAttribute("aria-controls", made.id);
    link.setAttribute("aria-expanded", "true");
  }

  document.querySelectorAll("a[data-term]").forEach((link) => link.setAttribute("aria-expanded", "false"));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-term]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (link.getAttribute("aria-expanded") === "true") close(link, false);
    else if (link.getAttribute("aria-busy") !== "true") {
      link.setAttribute("aria-busy", "true");
      open(link).catch(() => location.assign(link.href)).finally(() => link.removeAttribute("aria-busy"));
    }
  });
  document.addEventListener("keydown", (event) => {
    const link = event.target.closest?.("a[data-term][aria-expanded=true]");
    if (link && event.key === "Escape") close(link, false);
  });
})();
