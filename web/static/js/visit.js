/*
 * How long a lesson was in sight, and how often the reader went back up: told once, when the page is left, and only
 * where the reader agreed to it (the article then carries data-visit).
 */
(() => {
  "use strict";
  const lesson = document.querySelector("[data-visit]");
  if (!lesson) return;
  let since = document.visibilityState === "visible" ? performance.now() : null;
  let seconds = 0, back = 0, lowest = 0, told = -1;

  addEventListener("scroll", () => {
    if (scrollY > lowest) lowest = scrollY;
    else if (lowest - scrollY > innerHeight) { back += 1; lowest = scrollY; }
  }, { passive: true });

  function tell() {
    if (since !== null) { seconds += (performance.now() - since) / 1000; since = null; }
    if (Math.round(seconds) === told) return;
    told = Math.round(seconds);
    const sent = new FormData();
    sent.append("csrf_token", lesson.dataset.token);
    sent.append("seconds", seconds.toFixed(1));
    sent.append("back", String(back));
    navigator.sendBeacon(lesson.dataset.visit, sent);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") since = performance.now();
    else tell();
  });
})();
