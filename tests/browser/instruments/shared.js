/* What the instruments share; put into the page through the debugger, in front of each page's own measuring. */
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls]";

  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const told = (e) => e.outerHTML.replace(/\s+/g, " ").slice(0, 160);

  /* For screen readers only: clipped to nothing. */
  function unseen(element) {
    for (let e = element; e; e = e.parentElement) if (getComputedStyle(e).clipPath.startsWith("inset(50%")) return true;
    return false;
  }

  const SWATCH = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    SWATCH.clearRect(0, 0, 1, 1);
    SWATCH.fillStyle = colour;
    SWATCH.fillRect(0, 0, 1, 1);
    return [...SWATCH.getImageData(0, 0, 1, 1).data];
  }
  function luminance([r, g, b]) {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  }
  /* WCAG 2.2's contrast of two opaque colours. */
  function contrast(one, other) {
    const [a, b] = [luminance(rgba(one)), luminance(rgba(other))];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }
  /* The colour on which an element's surroundings stand: of the nearest ancestor that has an opaque one. */
  function ground(element) {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (rgba(colour)[3] > 250) return colour;
    }
    return "rgb(255, 255, 255)";
  }

  /* Every line of text that is seen: its element and its rectangle. */
  function lines(root = document.body) {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      if (!node.data.trim() || !shown(element) || unseen(element)) continue;
      if (element.closest("svg, option, script, style, textarea, rt, .skip")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push({ element, node, box });
    }
    return found;
  }

  /*
   * What is wrong with how an element that has the focus shows it (WCAG 2.2, 2.4.7, 2.4.13): by an outline of two pixels or
   * more, its own or that of what frames it; in a drawing, by an edge of four.
   */
  function unringed(element) {
    const drawn = element instanceof SVGElement
      ? [...element.querySelectorAll("rect, path, circle")].find((e) => parseFloat(getComputedStyle(e).strokeWidth) >= 4) : null;
    let framed = drawn ?? element;
    if (!drawn) {
      const outlined = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      while (framed && !outlined(getComputedStyle(framed))) framed = framed.parentElement;
    }
    if (!framed) return [`no outline for the focus on ${told(element)}`];
    const colour = getComputedStyle(framed)[drawn ? "stroke" : "outlineColor"];
    const ratio = contrast(colour, ground(framed.parentElement));
    return ratio < 3 ? [`an outline of ${ratio.toFixed(2)}:1 for the focus on ${told(element)}`] : [];
  }

  /* What the keyboard stops at, in order; of a group of radio buttons the first. */
  function stops() {
    const groups = new Set();
    return [...document.querySelectorAll(`${CONTROLS}, [tabindex]`)].filter((e) => {
      if (e.tabIndex < 0 || e.disabled || !shown(e) || e.closest("[inert]")) return false;
      if (e.type !== "radio") return true;
      const name = `${e.form?.action} ${e.name}`;
      return !groups.has(name) && groups.add(name);
    });
  }

  window.instruments = { CONTROLS, shown, told, unseen, rgba, contrast, ground, lines, unringed, stops };
})()
