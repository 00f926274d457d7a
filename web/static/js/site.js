/*
 * What makes pages smoother; every page works without it. No state, no storage, nothing evaluated.
 *
 *  - the live region says what a part's answer announced (HX-Trigger evergreen:announce), and that a request failed
 *  - after a part was put in, the focus goes to its [data-focus] element, or stays where it was
 *  - a file can be dropped on a [data-drop] field; a [data-print] button prints; a [data-copy] button copies
 *  - EvergreenBegin(address) gets what another script begins with, such as the forms' token
 */
/* One after another: of two answers that begin a session at once, the later one's counts, and the other's token for nothing. */
const EvergreenBegin = (() => {
  let before = Promise.resolve();
  return (address) => {
    const mine = before.then(async () => {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    before = mine.catch(() => {});
    return mine;
  };
})();
(() => {
  "use strict";
  const announcer = () => document.getElementById("announcer");

  function say(sentence) {
    const region = announcer();
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = sentence; }, 50);
  }

  document.addEventListener("evergreen:announce", (event) => say(event.detail.sentence));

  document.addEventListener("htmx:before:request", (event) => {
    event.detail.ctx?.target?.setAttribute?.("aria-busy", "true");
  });
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail.ctx?.target?.removeAttribute?.("aria-busy");
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const target = event.detail.ctx?.target;
    const next = target?.querySelector?.("[autofocus], [data-focus]");
    if (next) next.focus();
    ready(target || document);
  });
  // A part that could not be had: take the whole page instead, which says what is wrong.
  document.addEventListener("htmx:response:error", (event) => {
    const { ctx } = event.detail;
    if (ctx.response.status === 422) return;
    const region = announcer();
    if (region?.dataset.failed) say(region.dataset.failed);
    if ((ctx.request.method || "GET").toUpperCase() === "GET") location.assign(ctx.request.action);
  });
  document.addEventListener("htmx:error", () => {
    const region = announcer();
    if (region?.dataset.failed) say(region.dataset.failed);
  });

  function droppable(field) {
    const input = field.querySelector('input[type="file"]');
    const hint = field.querySelector("[data-drop-hint]");
    if (!input || field.dataset.ready) return;
    field.dataset.ready = "yes";
    if (hint && matchMedia("(any-pointer: fine)").matches) hint.hidden = false;
    const over = (on) => (event) => { event.preventDefault(); field.classList.toggle("over", on); };
    field.addEventListener("dragover", over(true));
    field.addEventListener("dragleave", over(false));
    field.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    });
  }

  function ready(root) {
    root.querySelectorAll("[data-drop]").forEach(droppable);
    root.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });
  }

  document.addEventListener("click", async (event) => {
    if (event.target.closest("[data-print]")) { window.print(); return; }
    const copier = event.target.closest("[data-copy]");
    if (!copier) return;
    const source = document.getElementById(copier.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      say(copier.dataset.copied);
      copier.textContent = copier.dataset.copied;
    } catch { source.select?.(); source.focus(); }
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => ready(document));
  else ready(document);
})();
