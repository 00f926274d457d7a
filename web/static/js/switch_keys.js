/*
 * What somebody with switches writes with: digits for a number, letters for text, the options of a list. Rows of
 * buttons, for switch.js to walk through and for any finger. What is written goes into the page's own field.
 */
window.evergreenKeys = (() => {
  "use strict";
  const DIGITS = ["123", "456", "789"];
  const LETTERS = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz-@.,"];
  const IN_A_ROW = 4;

  function put(field, value) {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function key(words, act, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button second";
    button.textContent = words;
    if (name) button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    return button;
  }
  function row(buttons, name) {
    const part = document.createElement("div");
    part.className = "switch-row";
    part.setAttribute("role", "group");
    part.setAttribute("aria-label", name);
    part.append(...buttons);
    return part;
  }
  const numeric = (field) => field.type === "number" || field.inputMode === "numeric" || field.inputMode === "decimal";

  function written(field, words, done) {
    const shown = document.createElement("p");
    shown.className = "switch-written";
    const secret = field.type === "password";
    const show = () => { shown.textContent = (secret ? "●".repeat(field.value.length) : field.value) || "\u00a0"; };
    const add = (text) => () => {
      const most = field.maxLength > 0 ? field.maxLength : Infinity;
      if (field.value.length < most) put(field, field.value + text);
      show();
    };
    const keys = (text) => row([...text].map((c) => key(c, add(c))), `${text[0]} ${text.at(-1)}`);
    const erase = key(words.erase, () => { put(field, field.value.slice(0, -1)); show(); });
    const end = key(words.done, done);
    const rows = DIGITS.map(keys);
    if (numeric(field)) {
      const more = field.type === "number" || field.inputMode === "decimal" ? [key(".", add(".")), key("-", add("-"))] : [];
      rows.push(row([key("0", add("0")), ...more], "0"));
    } else {
      rows.push(row([key("0", add("0"))], "0"), ...LETTERS.map(keys));
      rows.push(row([key(words.space, add(" ")), ...(field.matches("textarea") ? [key(words.line, add("\n"))] : [])], words.space));
    }
    rows.push(row([end, erase], words.done));
    show();
    return [shown, ...rows];
  }

  function listed(field, done) {
    const buttons = [...field.options].filter((option) => !option.disabled).map((option) => key(option.text || "—", () => {
      put(field, option.value);
      done();
    }));
    const rows = [];
    while (buttons.length) {
      const some = buttons.splice(0, IN_A_ROW);
      rows.push(row(some, some[0].textContent));
    }
    return rows;
  }

  /* The rows for a field; ``done`` is called when it is written. */
  return (field, words, done) => (field.matches("select") ? listed(field, done) : written(field, words, done));
})();
