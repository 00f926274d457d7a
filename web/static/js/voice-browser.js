/*
 * The browser's own recogniser, only where the person chose it (voice-choice.js): what is said then leaves the device.
 * It begins at once; its text is waited for so many milliseconds and no longer. Used by voice.js.
 */
const EvergreenBrowserVoice = (() => {
  "use strict";
  const NAME = "evergreen-voice-browser";
  function hears(place, wait) {
    const Kind = window.SpeechRecognition || window.webkitSpeechRecognition;
    let chosen = false;
    try { chosen = place.getItem(NAME) === "yes"; } catch { /* not chosen */ }
    if (!Kind || !chosen) return null;
    const recogniser = new Kind();
    recogniser.lang = document.documentElement.lang;
    let heard = "", ended = false;
    const text = new Promise((give) => {
      recogniser.onresult = ({ results }) => { heard = results[0][0].transcript; };
      recogniser.onerror = recogniser.onend = () => { ended = true; give(heard); };
    });
    try { recogniser.start(); } catch { return null; }
    return { text() {
      if (!ended) recogniser.stop();
      return Promise.race([text, new Promise((give) => { setTimeout(() => give(""), wait); })]);
    } };
  }
  return { hears };
})();
