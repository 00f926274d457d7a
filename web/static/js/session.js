/*
 * A sign-in that ends at rest says so five minutes before, and one press puts it off (WCAG 2.2.1). Who has typed or pressed
 * something since is not asked: they are here. Without this script every page that is opened puts it off.
 */
(() => {
  "use strict";
  const box = document.getElementById("session-warning");
  if (!box) return;
  const BEFORE = 5 * 60, { stay, token, ended, stays } = box.dataset, rest = Number(box.dataset.rest);
  const line = box.querySelector("p"), button = box.querySelector("button"), soon = line.textContent;
  let since = Date.now(), acted = 0, timer = 0;

  const say = (sentence) => { const region = document.getElementById("announcer"); if (region) region.textContent = sentence; };
  const resting = () => (Date.now() - since) / 1000;
  function wait() {
    clearTimeout(timer);
    const next = resting() < rest - BEFORE ? rest - BEFORE - resting() : rest - resting();
    timer = setTimeout(look, Math.max(next, 1) * 1000);
  }
  function look() {
    if (resting() >= rest) { line.textContent = ended; button.hidden = true; box.hidden = false; say(ended); return; }
    if (resting() < rest - BEFORE) { wait(); return; }
    if (acted > since) { putOff(); return; }
    box.hidden = false;
    line.textContent = soon;
    say(soon);
    wait();
  }
  async function putOff() {
    const from = Date.now();
    try {
      const answer = await fetch(stay, { method: "POST", body: new URLSearchParams({ csrf_token: token }), credentials: "same-origin", redirect: "manual" });
      if (answer.status !== 204) throw new Error(String(answer.status));
      since = from;
      box.hidden = true;
      wait();
      return true;
    } catch {
      box.hidden = false;
      wait();
      return false;
    }
  }
  button.addEventListener("click", async () => {
    if (!(await putOff())) return;
    say(stays);
    document.getElementById("main").focus({ preventScroll: true });
  });
  ["keydown", "pointerdown", "input"].forEach((kind) => addEventListener(kind, (event) => {
    if (!(event.target instanceof Element) || !box.contains(event.target)) acted = Date.now();
  }, { passive: true, capture: true }));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  wait();
})();
