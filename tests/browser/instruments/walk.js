/*
 * Listens to the keyboard's focus: `walked.order` are the numbers of the stops in the order of the page, `walked.wrong` what
 * is out of sight or covered by what stands still (WCAG 2.2, 2.4.11, 2.4.12). Returns how many stops there are.
 */
() => {
  const { told, stops } = window.instruments;
  const expected = stops();
  const walked = { order: [], wrong: [], expected };
  window.walked = walked;

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
  document.addEventListener("focusin", ({ target }) => {
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
  // The keyboard goes on from where the focus was last: from in front of the page.
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  walked.order = [];
  walked.wrong = [];
  return expected.length;
}
