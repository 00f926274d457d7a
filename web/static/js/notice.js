/*
 * What the assistant of presentation may notice, where the person switched it on: how often a press came down beside a
 * control, was taken back at once, a page was enlarged or pushed sideways, how long it took, what was heard again.
 * Sums only, told once when the page is left. Never what is written, said or answered.
 */
(() => {
  "use strict";
  const body = document.body;
  const to = body.dataset.noticeTo;
  if (!to) return;
  const CONTROLS = "a[href], button, input, select, textarea, label, summary, audio, [tabindex], [role=button]";
  const NEAR = 24, AT_ONCE = 5000, LAST = "evergreen-press";
  const counts = {};
  const note = (kind, times = 1) => { counts[kind] = Math.min((counts[kind] || 0) + times, 50); };
  const once = (kind) => { if (!counts[kind]) note(kind); };

  // A press beside a control.
  addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.detail === 0) return;
    const control = event.target.closest(CONTROLS);
    if (control && control.id !== "main" && control.tabIndex >= 0) {
      try { sessionStorage.setItem(LAST, String(Date.now())); } catch { /* no storage: nothing is noticed */ }
      return;
    }
    const beside = [...document.querySelectorAll(CONTROLS)].some((one) => {
      if (one.id === "main" || one.tabIndex < 0) return false;
      const box = one.getBoundingClientRect();
      if (!box.width || !box.height) return false;
      const dx = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const dy = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      return dx * dx + dy * dy <= NEAR * NEAR;
    });
    if (beside) note("missed");
  }, { passive: true });

  // A press that was taken back at once: back within five seconds.
  addEventListener("pageshow", (event) => {
    const [entry] = performance.getEntriesByType("navigation");
    if (!event.persisted && entry?.type !== "back_forward") return;
    try {
      const pressed = Number(sessionStorage.getItem(LAST) || 0);
      if (pressed && Date.now() - pressed < AT_ONCE) note("wrong_press");
      sessionStorage.removeItem(LAST);
    } catch { /* as above */ }
  });

  // Enlarged by hand: pinched, or by the browser's own zoom.
  const ratio = devicePixelRatio;
  const enlarged = () => { if ((visualViewport?.scale || 1) > 1.1 || devicePixelRatio > ratio * 1.05) once("zoomed"); };
  visualViewport?.addEventListener("resize", enlarged, { passive: true });
  addEventListener("resize", enlarged, { passive: true });

  let lowest = 0;
  addEventListener("scroll", () => {
    if (scrollX > 40 && (visualViewport?.scale || 1) <= 1.1) once("sideways");
    if (scrollY > lowest) lowest = scrollY;
    else if (lowest - scrollY > innerHeight) { note("went_back"); lowest = scrollY; }
  }, { passive: true });

  if (document.querySelector(".error-summary")) note("refused_form");
  if (new URLSearchParams(location.search).get("form") === "easy") note("chose_easy");

  // The reading voice: stopped, slowed, heard again; also told by the reader of pages and by the voice commands.
  document.addEventListener("play", (event) => {
    if (!(event.target instanceof HTMLMediaElement)) return;
    once("chose_sound");
    if (event.target.dataset.heard) note("replayed");
  }, true);
  document.addEventListener("ended", (event) => { event.target.dataset.heard = "yes"; }, true);
  document.addEventListener("seeked", (event) => {
    const before = Number(event.target.dataset.at || 0);
    if (before - event.target.currentTime > 2) note("replayed");
  }, true);
  document.addEventListener("timeupdate", (event) => { event.target.dataset.at = String(event.target.currentTime); }, true);
  document.addEventListener("pause", (event) => { if (!event.target.ended) note("slowed"); }, true);
  document.addEventListener("evergreen:noticed", (event) => { if (typeof event.detail?.kind === "string") note(event.detail.kind); });

  // How long the page was in sight, for a hundred characters of it.
  let since = document.visibilityState === "visible" ? performance.now() : null;
  let seconds = 0;
  const length = (document.getElementById("main")?.innerText || "").replace(/\s+/g, "").length;

  function tell() {
    if (since !== null) { seconds += (performance.now() - since) / 1000; since = null; }
    const sent = new FormData();
    for (const [kind, times] of Object.entries(counts)) { sent.append(kind, String(times)); delete counts[kind]; }
    if (length >= 100 && seconds >= 5) {
      sent.append("lingered", "1");
      sent.append("lingered.amount", Math.min(seconds * 100 / length, 1800).toFixed(2));
      seconds = 0;
    }
    if ([...sent.keys()].length === 0) return;
    sent.append("page", body.dataset.noticePage);
    sent.append("csrf_token", body.dataset.noticeToken);
    navigator.sendBeacon(to, sent);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
    else tell();
  });
})();
