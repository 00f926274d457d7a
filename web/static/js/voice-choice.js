/* Whether the browser's own recogniser may be used: off until it is chosen here, remembered on this device alone. */
(() => {
  "use strict";
  const box = document.getElementById("browser-voice"), on = document.getElementById("browser-voice-on");
  if (!box || !(window.SpeechRecognition || window.webkitSpeechRecognition)) return;
  const NAME = "evergreen-voice-browser";
  const place = document.getElementById("voice")?.dataset.shared ? sessionStorage : localStorage;
  try { on.checked = place.getItem(NAME) === "yes"; } catch { return; }
  box.hidden = false;
  on.addEventListener("change", () => { if (on.checked) place.setItem(NAME, "yes"); else place.removeItem(NAME); });
})();
