/*
 * Reads the page aloud. The page as it stands (what was typed, too, but no secret) is handed to this site's own server,
 * which answers with its sentences in the order of their meaning and the address of each one's sound. What is heard is
 * marked with the CSS Custom Highlight API, so that nothing in the page changes. Without this script, or where any of
 * it fails, the link leads to a page with the recording. Nothing is stored but the pace, for as long as the tab is open.
 */
(() => {
  "use strict";
  const bar = document.getElementById("read-aloud");
  const main = document.getElementById("main");
  const PACES = [95, 120, 150, 200];
  const MARKS = ["reading-paragraph", "reading-sentence", "reading-word"];
  const panel = bar.querySelector(".read-aloud-on");
  const more = document.getElementById("read-aloud-more");
  if (!bar || !more || !main || !window.fetch || !window.Audio) return;
  const link = bar.querySelector(".read-aloud-begin a");
  const state = bar.querySelector(".read-aloud-state");
  const toggle = bar.querySelector('[data-act="pause"]');
  const others = bar.querySelector('[data-act="others"]');
  const rest = bar.querySelector(".read-aloud-rest");
  const narrow = matchMedia("(max-width: 44em)");
  const device = document.getElementById("read-aloud-device");
  const audio = new Audio();
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let elements = [], sentences = [], token = "", pace = 150;
  let at = -1, timing = null, playing = false, turn = 0, frame = 0;
  const known = new Map();

  const unit = () => more.querySelector('input[name="read-aloud-unit"]:checked')?.value || "word";
  const later = (name, more) => name + (more ? ` · ${more}` : "");

  /* What the server is given: a copy of the main part, its elements numbered, with what the controls hold. */
  function snapshot() {
    main.normalize();
    const copy = main.cloneNode(true);
    elements = [main, ...main.querySelectorAll("*")];
    [copy, ...copy.querySelectorAll("*")].forEach((twin, n) => {
      const real = elements[n];
      twin.setAttribute("data-n", n);
      const style = getComputedStyle(real);
      if (style.display === "none" || style.visibility === "hidden") twin.setAttribute("hidden", "");
      if (real.matches("input, select, textarea")) hold(real, twin);
    });
    return copy.outerHTML;
  }
  function hold(real, twin) {
    if (real.type === "hidden" || real.type === "password") {
      twin.removeAttribute("value");
      twin.toggleAttribute("data-filled", Boolean(real.value));
    } else if (real.type === "radio" || real.type === "checkbox") {
      twin.toggleAttribute("checked", real.checked);
    } else if (real.matches("select")) {
      [...twin.querySelectorAll("option")].forEach((o, n) => o.toggleAttribute("selected", real.options[n].selected));
    } else if (real.type !== "file") {
      twin.setAttribute("data-value", real.value);
    }
  }

  async function plan() {
    const html = snapshot();
    const begun = await EvergreenBegin(bar.dataset.begin);
    token = begun.token;
    pace = PACES.includes(Number(sessionStorage.getItem("evergreen-pace")))
      ? Number(sessionStorage.getItem("evergreen-pace")) : begun.pace;
    const body = new URLSearchParams({ csrf_token: token, html, lang: document.documentElement.lang });
    const answer = await fetch(bar.dataset.plan, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`plan ${answer.status}`);
    sentences = (await answer.json()).sentences;
    known.clear();
  }

  /* Places on the page. */
  function textOf(element, which) {
    let n = 0;
    for (const child of elements[element]?.childNodes || []) {
      if (child.nodeType === Node.TEXT_NODE && n++ === which) return child;
    }
    return null;
  }
  function rangesOf(sentence, from = 0, to = Infinity) {
    const found = [];
    for (const [start, end, element, which, first, last] of sentence.ranges) {
      if (end <= from || start >= to) continue;
      const range = new Range();
      if (which < 0) {
        if (!elements[element]?.isConnected) continue;
        range.selectNodeContents(elements[element]);
      } else {
        const text = textOf(element, which);
        if (!text || text.length < last) continue;
        const pair = end - start === 1;
        range.setStart(text, pair ? first : first + Math.max(0, from - start));
        range.setEnd(text, pair || to >= end ? last : first + (to - start));
      }
      found.push(range);
    }
    return found;
  }
  function mark(name, ranges) {
    if (!CSS.highlights) return;
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges)); else CSS.highlights.delete(name);
  }
  function unmark() { MARKS.forEach((name) => mark(name, [])); }
  function markSentence() {
    const sentence = sentences[at];
    if (!sentence) return;
    const whole = unit() === "paragraph";
    const block = sentences.filter((s) => s.block === sentence.block).flatMap((s) => rangesOf(s));
    const ranges = rangesOf(sentence);
    mark("reading-paragraph", whole ? block : []);
    mark("reading-sentence", whole ? [] : ranges);
    mark("reading-word", []);
    bar.dataset.at = at;
    bar.dataset.word = "";
    const seen = ranges[0]?.getBoundingClientRect();
    if (seen && (seen.top < bar.offsetHeight || seen.bottom > innerHeight)) {
      const near = ranges[0].startContainer;
      (near.nodeType === Node.TEXT_NODE ? near.parentElement : near)
        .scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    }
  }
  /* Every picture of the screen: the word that is heard at audio.currentTime. */
  function follow() {
    cancelAnimationFrame(frame);
    if (!playing || !timing) return;
    const now = audio.currentTime;
    const words = timing.words;
    if (unit() === "word" && words.length) {
      const word = words.find(([, , start, end]) => now >= start && now < end);
      const name = word ? `${word[0]}-${word[1]}` : "";
      if (name !== bar.dataset.word) {
        bar.dataset.word = name;
        mark("reading-word", word ? rangesOf(sentences[at], word[0], word[1]) : []);
      }
    }
    const next = sentences[at + 1];
    const rest = next && next.block === sentences[at].block ? 0.25 : 0.55;
    if (now >= timing.end + rest) { go(at + 1); return; }
    frame = requestAnimationFrame(follow);
  }

  function say(name) {
    const shown = bar.querySelector(".read-aloud-state").dataset;
    state.textContent = later(shown[name], rest.hidden ? "" : shown.pace.replace("{pace}", pace));
    bar.dataset.state = name;
    if (!bar.classList.contains("tall")) fit(); // a long sentence makes it taller
    toggle.textContent = playing ? toggle.dataset.playing : toggle.dataset.paused;
    if (name === "blocked" || name === "failed") {
      const region = document.getElementById("announcer");
      if (region) region.textContent = shown[name];
    }
  }

  const address = (n, ending) => `${bar.dataset.sentence.replace("_.mp3", sentences[n].sound + ending)}?pace=${pace}`;
  function timings(n) {
    const key = `${n} ${pace}`;
    if (!known.has(key)) {
      known.set(key, fetch(address(n, ".json"), { credentials: "same-origin" }).then((answer) => {
        if (!answer.ok) throw new Error(`timings ${answer.status}`);
        return answer.json();
      }));
      known.get(key).catch(() => known.delete(key));
    }
    return known.get(key);
  }

  async function go(n, from = 0) {
    cancelAnimationFrame(frame);
    speechSynthesis?.cancel?.();
    const mine = ++turn;
    audio.pause();
    if (n >= sentences.length) { ended(); return; }
    at = Math.max(0, n);
    timing = null;
    playing = true;
    markSentence();
    if (device?.checked) { byDevice(mine); return; }
    say("waiting");
    try {
      const found = await timings(at);
      if (mine !== turn) return;
      const heard = found.sentences;
      timing = { end: heard.length ? heard[heard.length - 1].end : 0, words: heard.flatMap((s) => s.words) };
      audio.src = address(at, ".mp3");
      if (from) audio.currentTime = from;
      await audio.play();
    } catch (error) {
      if (mine !== turn) return;
      playing = false;
      say(error.name === "NotAllowedError" ? "blocked" : "failed");
      return;
    }
    if (mine !== turn) return;
    say("reading");
    follow();
    if (at + 1 < sentences.length) timings(at + 1).catch(() => {});
  }
  function byDevice(mine) {
    const spoken = new SpeechSynthesisUtterance(sentences[at].text);
    spoken.lang = /[\u3400-\u9fff]/.test(spoken.text) ? "zh-CN" : document.documentElement.lang;
    spoken.rate = Math.min(1.5, Math.max(0.5, pace / 200));
    spoken.onend = () => { if (mine === turn && playing) go(at + 1); };
    spoken.onerror = () => { if (mine === turn) { playing = false; say("failed"); } };
    say("reading");
    speechSynthesis.speak(spoken);
  }
  function pause() {
    if (playing) {
      playing = false;
      turn += 1;  // a sound that is still on its way was put off; it did not fail
      if (device?.checked) speechSynthesis.cancel(); else audio.pause();
      cancelAnimationFrame(frame);
      say("paused");
    } else if (timing && audio.src && !device?.checked && bar.dataset.state === "paused") {
      playing = true;
      audio.play().then(() => { say("reading"); follow(); }, () => { playing = false; say("blocked"); });
    } else {
      go(at < 0 || at >= sentences.length ? 0 : at);
    }
  }
  function ended() {
    playing = false;
    at = sentences.length;
    unmark();
    say("ended");
  }
  function stop() {
    turn += 1;
    playing = false;
    audio.pause();
    speechSynthesis?.cancel?.();
    cancelAnimationFrame(frame);
    unmark();
    const inside = panel.contains(document.activeElement) || more.contains(document.activeElement);
    panel.hidden = more.hidden = true;
    others.setAttribute("aria-expanded", "false");
    bar.classList.remove("on", "tall");
    document.documentElement.classList.remove("being-read");
    link.parentElement.hidden = false;
    if (inside) link.focus();
    bar.dataset.state = "";
  }
  /* One sentence, paragraph or word on or back, by the unit that is marked. */
  function step(by) {
    const here = sentences[Math.min(at, sentences.length - 1)];
    if (!here) return;
    if (unit() === "word" && timing?.words.length > 1) {
      const now = timing.words.findIndex(([, , start, end]) => audio.currentTime >= start && audio.currentTime < end);
      const word = timing.words[now + by];
      if (now >= 0 && word) { audio.currentTime = word[2]; if (!playing) pause(); else follow(); return; }
    }
    let next = at + by;
    if (unit() === "paragraph") {
      const block = by > 0 ? here.block + 1 : Math.max(0, here.block - 1);
      next = sentences.findIndex((s) => s.block >= block);
      if (next < 0) next = sentences.length;
    }
    go(next);
  }
  function setPace(by) {
    const n = PACES.indexOf(pace);
    pace = PACES[Math.min(PACES.length - 1, Math.max(0, (n < 0 ? 2 : n) + by))];
    try { sessionStorage.setItem("evergreen-pace", pace); } catch { /* it holds for this page only */ }
    if (at >= 0 && at < sentences.length) go(at); else say(bar.dataset.state || "paused");
  }
  function toMain() {
    const body = main.querySelector("article, [data-read='main']");
    const first = sentences.findIndex((s) => s.ranges.some(([, , element]) => body?.contains(elements[element])));
    const content = sentences.findIndex((s) => s.block > 0 && s.kind !== "navigation");
    go(first >= 0 ? first : Math.max(0, content));
  }

  // In very large type the bar, with what else stands still, would hide what is read: then only the button that stops stays in sight.
  function fit() {
    bar.classList.remove("tall");
    const speak = document.getElementById("voice");
    const still = bar.offsetHeight + (speak && getComputedStyle(speak).position === "fixed" ? speak.offsetHeight : 0);
    bar.classList.toggle("tall", bar.classList.contains("on") && still > innerHeight * 0.34);
  }
  addEventListener("resize", fit, { passive: true });

  // On a phone the page comes first: what is pressed less often waits behind one button.
  function fold() {
    others.hidden = !narrow.matches;
    rest.hidden = narrow.matches && others.getAttribute("aria-expanded") !== "true";
    more.hidden = panel.hidden || rest.hidden;
    say(bar.dataset.state || "waiting");
    fit();
  }
  function unfold() {
    others.setAttribute("aria-expanded", String(others.getAttribute("aria-expanded") !== "true"));
    fold();
  }
  narrow.addEventListener("change", () => { if (!panel.hidden) fold(); });

  /* The buttons get the focus, unless it was begun by a word: whoever speaks by the space key goes on speaking. */
  async function begin(spoken = false) {
    link.parentElement.hidden = true;
    panel.hidden = false;
    document.querySelectorAll("audio, video").forEach((player) => player.pause());
    bar.classList.add("on");
    document.documentElement.classList.add("being-read");
    fold();
    if (!spoken) toggle.focus({ preventScroll: true });
    try { await plan(); } catch { location.assign(link.href); return; }
    go(0);
  }

  const ACTS = {
    play: () => begin(), pause, repeat: () => go(Math.min(at, sentences.length - 1)), previous: () => step(-1),
    next: () => step(1), slower: () => setPace(-1), faster: () => setPace(1), main: toMain, stop,
    others: unfold,
  };
  bar.addEventListener("click", (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (!ACTS[act] || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ACTS[act]();
  });
  /* What was said (voice.js): begun where nothing is read yet, else as the buttons. */
  document.addEventListener("evergreen:read", ({ detail }) => {
    const act = detail?.do;
    if (panel.hidden) { if (act === "play" || act === "repeat") begin(true); return; }
    if ((act === "play" && !playing) || (act === "pause" && playing)) pause();
    else if (["repeat", "slower", "faster", "next", "previous"].includes(act)) ACTS[act]();
  });
  more.addEventListener("change", () => { if (at >= 0 && !panel.hidden) { markSentence(); if (playing) follow(); } });
  device?.addEventListener("change", () => { if (playing) go(at); });
  const KEYS = { ArrowLeft: "previous", ArrowRight: "next", ArrowUp: "faster", ArrowDown: "slower", Escape: "stop" };
  [bar, more].forEach((part) => part.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    const modified = event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;
    if (!act || panel.hidden || modified || (event.target.matches("input") && act !== "stop")) return;
    event.preventDefault();
    ACTS[act]();
  }));
  // One voice at a time: a player of the page's own stops while the page is read, and the other way round.
  document.addEventListener("play", () => { if (playing) pause(); }, true);
  audio.addEventListener("ended", () => { if (playing && timing) go(at + 1); });
  addEventListener("pagehide", stop);
  if (navigator.mediaSession) {
    const keys = { play: pause, pause, previoustrack: () => step(-1), nexttrack: () => step(1), stop };
    for (const [key, act] of Object.entries(keys)) {
      try { navigator.mediaSession.setActionHandler(key, () => { if (!panel.hidden) act(); }); } catch { /* unknown here */ }
    }
  }
  if (window.speechSynthesis && device) more.querySelector(".read-aloud-device").hidden = false;
  // What is being read, for other scripts (and for whoever wants to hold it against what is marked).
  window.readingAloud = () => ({ audio, timing, at, text: sentences[at]?.text || "", sentences, rangesOf });
  if (bar.dataset.start) begin();
})();
