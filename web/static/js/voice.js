/*
 * Speaking to the page. A press of the button, or holding space where nothing is typed, records five seconds at most; the
 * server says what was meant, and the page then presses the same control or follows the same link as a finger would.
 * Everything that is said back stands in the panel, is told to the live region, and is heard where the person wants that.
 * Without this script, or without a microphone, the button is a link to a page where commands are typed.
 */
(() => {
  "use strict";
  const box = document.getElementById("voice");
  if (!box || typeof EvergreenRecording === "undefined" || !EvergreenRecording.able) return;
  const words = box.dataset;
  const speak = box.querySelector(".voice-speak"), panel = box.querySelector(".voice-panel");
  const saidLine = box.querySelector(".voice-said"), level = box.querySelector(".voice-level"), choices = box.querySelector(".voice-choices");
  const first = box.classList.contains("voice-first");
  const KEPT = "evergreen-voice", BROWSER = "evergreen-voice-browser", SECONDS = 5, WAIT = 3000, HELD = 500;
  const store = { take() { try { const kept = sessionStorage.getItem(KEPT); sessionStorage.removeItem(KEPT); return JSON.parse(kept); } catch { return null; } },
    keep(what) { try { sessionStorage.setItem(KEPT, JSON.stringify(what)); } catch { /* then the next page says nothing */ } } };
  let begun = null, recording = null, starting = false, asked = null, undo = null, misses = 0, controls = [], field = null, sound = null;

  const begin = () => (begun ??= fetch(words.begin, { credentials: "same-origin" }).then((answer) => {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).catch((error) => { begun = null; throw error; }));

  /* What is said back. */
  function tell(sentence, address) {
    panel.hidden = false;
    saidLine.textContent = sentence;
    const region = document.getElementById("announcer");
    if (region && !address) { region.textContent = ""; setTimeout(() => { region.textContent = sentence; }, 50); }
    sound?.pause();
    sound = null;
    if (!address) return;
    sound = new Audio(address);
    sound.play().catch(() => { if (region) region.textContent = sentence; });
  }
  const state = (name) => { box.dataset.state = name; speak.querySelector("span").textContent = words[name === "listening" ? "stop" : name === "working" ? "working" : "speak"]; };
  function button(text, press, kind = "") {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button voice-choice ${kind}`.trim();
    made.textContent = text;
    made.addEventListener("click", press);
    choices.append(made);
    return made;
  }
  function clear() { choices.replaceChildren(); asked = null; renumber(); }
  function renumber() { controls = EvergreenControls.number(asked ? choices : document, first || asked !== null || !panel.hidden); }
  function offerUndo(how) {
    undo = how;
    button(words.undo, carryBack, "second");
  }
  async function carryBack() {
    const how = undo;
    undo = null;
    clear();
    if (!how) {
      const control = EvergreenControls.find(["button[value=undo]"]);
      if (control) control.click(); else tell(words.nothing_to_undo);
    } else if (how.back) { history.back(); } else if (how.send) { await send(how.send, words.undone); } else { how.run(); tell(words.undone); }
  }

  /* The settings' own forms, sent as a press would send them; the page then looks as their answer does. */
  async function send(forms, sentence) {
    const { token } = await begin();
    let page = null;
    for (const { action, fields } of forms) {
      const answer = await fetch(action, { method: "POST", body: new URLSearchParams([...fields, ["csrf_token", token]]), credentials: "same-origin" });
      if (!answer.ok) { tell(words.failed); return false; }
      page = await answer.text();
    }
    dressAs(new DOMParser().parseFromString(page, "text/html"));
    if (sentence) tell(sentence);
    return true;
  }
  function dressAs(other) {
    const root = document.documentElement;
    for (const name of Object.keys(root.dataset)) delete root.dataset[name];
    Object.assign(root.dataset, other.documentElement.dataset);
    const OWN = 'head link[rel=stylesheet]:is([href*="/presentation/"], [href*="/css/palette/"])';
    const old = [...document.querySelectorAll(OWN)];
    const print = document.querySelector('head link[href*="/css/print.css"]'), tokens = document.querySelector('head link[href*="/css/tokens.css"]');
    for (const link of other.querySelectorAll(OWN)) {
      const made = document.importNode(link);
      (link.getAttribute("href").includes("/presentation/") ? print : tokens).before(made);
    }
    old.forEach((link) => link.remove());
    const scheme = 'meta[name="color-scheme"]';
    document.querySelector(scheme).content = other.querySelector(scheme).content;
  }

  /* Doing what was meant. */
  function leave(sentence, address, back) { store.keep({ say: sentence, sound: address, undo: back }); }
  function press(element, answer) {
    const link = element.closest("a[href]");
    if (link && !link.getAttribute("href").startsWith("#")) leave(answer.say, answer.sound, { back: true });
    if (element.matches("input:not([type=radio], [type=checkbox], [type=submit]), select, textarea")) { element.focus(); return; }
    if (element.matches("[type=radio], [type=checkbox]")) {
      const before = element.type === "radio" && element.name ? document.querySelector(`input[name="${CSS.escape(element.name)}"]:checked`) : null;
      const was = element.checked;
      element.click();
      offerUndo({ run: () => { element.checked = was; if (before) before.checked = true; element.dispatchEvent(new Event("change", { bubbles: true })); } });
      return;
    }
    element.click();
  }
  function fill({ value, append }) {
    const target = field && EvergreenControls.inSight(field) ? field : numberField();
    if (!target) return;
    const before = target.value;
    target.value = append ? before + value : value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    offerUndo({ run: () => { target.value = before; target.dispatchEvent(new Event("input", { bubbles: true })); } });
  }
  const DO = {
    go: ({ url, undo: back }, answer) => { leave(answer.say, answer.sound, back ? { send: back } : { back: true }); location.assign(url); },
    press: ({ selectors, otherwise }, answer) => {
      const found = EvergreenControls.find(selectors);
      if (found) press(found, answer); else if (otherwise === "back") history.back();
    },
    number: ({ number }, answer, numbered) => { if (numbered[number - 1]) press(numbered[number - 1], answer); },
    read: ({ what, noticed }) => {
      document.dispatchEvent(new CustomEvent("evergreen:read", { detail: { do: what } }));
      if (noticed) document.dispatchEvent(new CustomEvent("evergreen:noticed", { detail: { kind: noticed } }));
    },
    send: async ({ send: form, undo: back, read }) => {
      if (!(await send([form]))) return;
      if (read) document.dispatchEvent(new CustomEvent("evergreen:read", { detail: { do: read } }));
      offerUndo({ send: back });
    },
    fill,
    erase: () => { const target = field || numberField(); if (target) target.value = target.value.slice(0, -1); },
    undo: carryBack,
  };
  function perform(deed, answer) {
    const numbered = controls;
    clear();
    misses = 0;
    DO[deed.do.do](deed.do, answer, numbered);
  }
  function ask(deed, answer) {
    asked = { deed, answer };
    button(words.yes, () => perform(deed, answer)).focus();
    button(words.no, refuse, "second");
    renumber();
  }
  function refuse() { clear(); misses += 1; tell(words.refused); speak.focus(); }
  function offer(deeds, answer) {
    asked = { deeds };
    deeds.forEach((deed) => {
      const numbered = deed.do.do === "number" ? controls : null;
      button(deed.words, () => { if (numbered) { const kept = numbered; clear(); controls = kept; } perform(deed, { ...answer, say: deed.words, sound: null }); });
    });
    choices.firstElementChild?.focus();
    renumber();
  }
  function answered(answer) {
    const pending = asked;
    const [deed] = answer.deeds || [];
    misses = answer.misses ?? misses;
    if (answer.step === "act" && pending) {
      if (deed.do.do === "yes" && pending.deed) { perform(pending.deed, pending.answer); return; }
      if (deed.do.do === "no") { refuse(); return; }
      if (deed.do.do === "number") { controls[deed.do.number - 1]?.click(); return; }
    }
    const kept = controls;
    if (!pending || answer.step !== "again") { clear(); controls = kept; }
    tell(answer.say, answer.sound);
    if (answer.step === "act") { controls = kept; perform(deed, answer); } else if (answer.step === "confirm") ask(deed, answer);
    else if (deed) offer(answer.deeds, answer);
  }

  /* Listening. */
  const WRITTEN = "main :is(textarea, input:not([type]), input[type=text], input[type=search]):not([inputmode=numeric], [inputmode=decimal])";
  const numberField = () => [...document.querySelectorAll("main :is([inputmode=numeric], [inputmode=decimal], [type=number])")].find(
    (one) => one.type !== "password" && EvergreenControls.inSight(one)) || null;
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.("main :is([inputmode=numeric], [inputmode=decimal], [type=number], [type=password])")) field = target;
    else if (target.matches?.(WRITTEN)) field = target;
    else if (target.matches?.("main :is(input, select)")) field = null;
  });
  async function page() {
    const { presses } = await begin();
    renumber();
    const target = field && EvergreenControls.inSight(field) ? field : numberField();
    const able = asked ? [] : Object.entries(presses).filter(([name, selectors]) => name === "back" || EvergreenControls.find(selectors)).map(([name]) => name);
    return { controls: EvergreenControls.told(controls), able, asked: asked !== null, misses,
      field: asked || !target ? "" : target.type === "password" ? "secret" : target.matches(WRITTEN) ? "words" : "number" };
  }
  async function hear(what) {
    const { token } = await begin();
    const body = new FormData();
    body.append("csrf_token", token);
    body.append("from", location.pathname + location.search);
    body.append("page", JSON.stringify(await page()));
    if (typeof what === "string") body.append("text", what); else body.append("sound", what, "said.wav");
    const answer = await fetch(words.hear, { method: "POST", body, credentials: "same-origin" });
    if (answer.status === 429) return { step: "again", say: words.often };
    return answer.json();
  }
  /* The browser's own recogniser, only where the person chose it: what is said then leaves the device. */
  function browserHears() {
    const Kind = window.SpeechRecognition || window.webkitSpeechRecognition;
    const place = words.shared ? sessionStorage : localStorage;
    let chosen = false;
    try { chosen = place.getItem(BROWSER) === "yes"; } catch { /* not chosen */ }
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
      return Promise.race([text, new Promise((give) => { setTimeout(() => give(""), WAIT); })]);
    } };
  }
  async function listen() {
    if (recording) { recording.stop(); return; }
    if (starting) return;
    starting = true;
    sound?.pause();
    try {
      const { recognisers } = await begin();
      const theirs = browserHears();
      if (!recognisers.length && !theirs) { answered(await hear("")); return; }
      recording = await EvergreenRecording.record({ worklet: words.worklet, seconds: SECONDS, level: (loud) => { level.value = loud; } });
      panel.hidden = false;
      saidLine.textContent = words.listening;
      state("listening");
      const made = await recording.done;
      recording = null;
      if (!made) return;
      state("working");
      let answer = recognisers.length ? await hear(made.wav) : null;
      if (theirs && (!answer || !["act", "confirm", "offer"].includes(answer.step))) {
        const text = await theirs.text();
        if (text || !answer) answer = await hear(text);
      }
      answered(answer);
    } catch (error) {
      if (["NotAllowedError", "NotFoundError", "NotReadableError", "SecurityError"].includes(error.name)) location.assign(words.unheard);
      else tell(words.failed);
    } finally {
      recording = null;
      starting = false;
      level.value = 0;
      state("ready");
    }
  }
  speak.addEventListener("click", (event) => { event.preventDefault(); listen(); });
  speak.setAttribute("role", "button");
  speak.addEventListener("keydown", (event) => { if (event.key === " " && !event.repeat) { event.preventDefault(); listen(); } });

  /* Space, for whoever speaks first: held while speaking, or pressed once; only where it has nothing else to do. */
  let since = 0;
  const idle = () => {
    const here = document.activeElement;
    return !here || here === document.body || (here.tabIndex < 0 && !here.matches("input, textarea, select, [contenteditable]"));
  };
  if (first && (document.documentElement.dataset.scanning || "off") === "off") {
    addEventListener("keydown", (event) => {
      if (event.key !== " " || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !idle()) return;
      event.preventDefault();
      if (!event.repeat) { since = performance.now(); listen(); }
    });
    addEventListener("keyup", (event) => {
      if (event.key === " " && since && performance.now() - since > HELD) recording?.stop();
      since = 0;
    });
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape" && (recording || asked)) { if (recording) recording.stop(false); else refuse(); } });
  addEventListener("pagehide", () => recording?.stop(false));
  document.addEventListener("htmx:after:swap", () => { if (first) renumber(); });

  const kept = store.take();
  if (kept) { tell(kept.say, kept.sound); offerUndo(kept.undo); }
  if (first) { renumber(); begin().catch(() => { /* asked again at the first press */ }); }
})();
