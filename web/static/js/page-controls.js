/*
 * What a page offers to whoever speaks: its controls in sight with their names and numbers, and what it has of the things
 * that can be said. Options of a question come first, then what else the main part holds, then the frame. Used by voice.js.
 */
const EvergreenControls = (() => {
  "use strict";
  const KINDS = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls]";
  const MOST = 60, NUMBER = "data-voice-number";

  function inSight(element) {
    if (element.disabled || element.closest("[hidden], [inert], .skip")) return false;
    const shown = element.matches("[type=radio], [type=checkbox]") ? element.labels?.[0] || element : element;
    return shown.getClientRects().length > 0 && shown.checkVisibility({ visibilityProperty: true });
  }
  function nameOf(element) {
    const by = element.getAttribute("aria-labelledby");
    const told = element.getAttribute("aria-label")
      || (by && by.split(/\s+/).map((id) => document.getElementById(id)?.innerText || "").join(" "))
      || [...element.labels || []].map((label) => label.innerText).join(" ")
      || element.innerText || element.value || element.querySelector("img")?.alt || element.title || "";
    return told.replace(/\s+/g, " ").trim().slice(0, 120);
  }
  const isOption = (element) => element.matches("main [type=radio], main [type=checkbox]");
  /* A form that is sent changes what is kept; a hint, or another question, is only a wish. */
  const changes = (element) => element.matches("form[method=post] :is(button:not([type=button], [type=reset]), [type=submit])")
    && !element.matches("[name=do]:not([value=answer]), [data-voice-free]");

  function inOrder(scope) {
    const all = [...scope.querySelectorAll(KINDS)].filter((element) =>
      inSight(element) && !element.matches("[data-voice-figure]") && (scope !== document || !element.closest("#voice, #read-aloud")));
    const rank = (element) => (isOption(element) ? 0 : element.closest("main") ? 1 : 2);
    return all.map((element, n) => [rank(element), n, element]).sort((a, b) => a[0] - b[0] || a[1] - b[1])
      .map(([, , element]) => element).slice(0, MOST);
  }
  function clear() {
    document.querySelectorAll(`[${NUMBER}]`).forEach((element) => element.removeAttribute(NUMBER));
  }
  /* Numbers what stands in the scope, shows the numbers where wanted, and answers the controls in that order. */
  function number(scope, shown) {
    clear();
    const found = inOrder(scope);
    if (shown) found.forEach((element, n) => (element.matches("input, select, textarea") ? element.labels[0] || element : element).setAttribute(NUMBER, n + 1));
    return found;
  }
  const find = (selectors) => {
    for (const selector of selectors) {
      const found = [...document.querySelectorAll(selector)].find(inSight);
      if (found) return found;
    }
    return null;
  };
  const told = (controls) => controls.map((element, n) => (
    { n: n + 1, words: nameOf(element), option: isOption(element), changes: changes(element) }));

  return { number, clear, find, told, nameOf, inSight, changes };
})();
