/*
 * Listens to the keyboard's focus: `walked.order` are the numbers of the stops in the order of the page, `walked.wrong` what
 * is out of sight or covered by what stands still (WCAG 2.2, 2.4.11, 2.4.12), `walked.outside` how many were reached from
 * outside the page. The walk begins in front of the page, or `back` from behind it. Returns how many stops there are.
 */
(back) => {
  const { told, stops } = window.instruments;
  const expected = window.walked?.expected ?? stops();
  const walked = window.walked ?? { order: [], wrong: [], outside: 0, expected };

  function covering(element) {
    const box = element.getBoundingClientRect();
    for (const [x, y] of [[0.5, 0.5], [0.1, 0.1], [0.9, 0.9]]) {
      const top = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      for (let e = top; e && !e.contains(element); e = e.parentElement) {
        if (["fixed", "sticky"].includes(getComputedStyle(e).position)) return e;
      }
    }
    return null;
  }
  const listens = window.walked !== undefined;
  window.walked = walked;
  if (!listens) document.addEventListener("focusin", ({ target, relatedTarget }) => {
    if (!relatedTarget) walked.outside += 1;
    const group = (e) => target.type === "radio" && e.type === "radio" && e.name === target.name && e.form === target.form;
    const at = expected.findIndex((e) => e === target || group(e));
    // What htmx put in since stands where its like stood.
    walked.order.push(at < 0 ? expected.findIndex((e) => e.isEqualNode(target)) : at);
    const box = target.getBoundingClientRect();
    if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) {
      walked.wrong.push(`the focus is out of sight on ${told(target)}`);
    }
    const cover = covering(target);
    if (cover) walked.wrong.push(`${told(cover)} covers the focus on ${told(target)}`);
  });
  // The keyboard goes on from where the focus was last.
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body[back ? "append" : "prepend"](start);
  const wrong = [...walked.wrong];
  start.focus();
  start.remove();
  Object.assign(walked, { order: [], outside: 0, wrong });
  return expected.length;
}
