/*
 * Signing in with the card. On the first page: an address that a card's code led to ends in # and the number, which no
 * server sees; it is put into the field and taken out of the address. On the second: the presses stay here, in memory
 * alone, until the PIN is whole; without this script each of them is a request. No digit is shown, said or stored.
 */
(() => {
  "use strict";
  const MOST = 12;

  const field = document.querySelector("#number-form [data-scanned]");
  if (field && /^#\d{12}$/.test(location.hash)) {
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname + location.search);
    field.form.querySelector("button").focus();
  }

  const form = document.querySelector("form[data-pin]");
  if (!form) return;
  const dots = form.querySelector(".pin-dots");
  const state = form.querySelector(".pin-state");
  const sent = form.elements.namedItem("digits");
  const before = Number(form.dataset.count);
  let typed = "";
  let taps = 0;

  function show(words) {
    const count = before + typed.length;
    dots.replaceChildren(...Array.from({ length: count }, () => document.createElement("span")));
    // Cleared first, so that the same words are said again.
    state.textContent = "";
    setTimeout(() => { state.textContent = words || form.dataset.said.replace("{count}", count); }, 30);
  }
  function add(digit) {
    if (before + typed.length < MOST) typed += digit;
  }
  // Whether the press was dealt with here; else it is the server's.
  function press(act) {
    if (/^\d$/.test(act)) { add(act); show(); return true; }
    if (act === "tap") {
      taps = (taps + 1) % 10;
      show(taps ? form.dataset.tick : form.dataset.over);
      return true;
    }
    if (act === "next") { add(String(taps)); taps = 0; show(); return true; }
    if (act === "delete" && (taps || typed)) {
      if (taps) taps = 0; else typed = typed.slice(0, -1);
      show();
      return true;
    }
    return false;
  }

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=act]");
    if (button && press(button.value)) event.preventDefault();
  });
  // A figure that was said, or the wish to take one back (voice.js); it goes where a press goes.
  form.addEventListener("evergreen:pin", ({ detail }) => { press(detail.act); });
  form.addEventListener("submit", () => { sent.value = typed + (taps ? String(taps) : ""); });
  document.addEventListener("keydown", (event) => {
    if (form.dataset.pin !== "pad" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace" && press("delete")) event.preventDefault();
  });
  addEventListener("pagehide", () => { typed = ""; taps = 0; sent.value = ""; });
  addEventListener("pageshow", (event) => { if (event.persisted) show(); });
})();
