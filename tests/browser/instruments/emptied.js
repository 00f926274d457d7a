/*
 * The forms of the main part that must be refused when nothing is filled in: they have a field that is asked for. Without a
 * number their actions; with one, that form is emptied and sent, past any script.
 */
(number) => {
  const ASKED = "input:not([type=hidden]):not([type=checkbox]), textarea";
  // Nobody can take the choice back that radio buttons begin with.
  const chosen = (e) => e.type === "radio" && [...e.form.elements].some((o) => o.type === "radio" && o.name === e.name && o.defaultChecked);
  const optional = (e) => [...(e.labels ?? []), e.closest("fieldset")?.querySelector("legend")].some((l) => l?.querySelector(".optional"));
  const forms = [...document.querySelectorAll("main form[method=post]")].filter((f) => [...f.querySelectorAll(ASKED)].some((e) => !optional(e) && !chosen(e)));
  if (number === null) return forms.map((f) => f.getAttribute("action") ?? "");
  const form = forms[number];
  for (const e of form.querySelectorAll("input, textarea, select")) {
    if (chosen(e)) continue;
    if (["checkbox", "radio"].includes(e.type)) e.checked = false;
    else if (e.localName === "select") e.selectedIndex = -1;
    else if (e.type !== "hidden") e.value = "";
  }
  HTMLFormElement.prototype.submit.call(form);
  return [];
}
