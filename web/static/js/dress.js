/* A page that looks as another page of ours does, without being loaded again: its switches, palettes and type. Used by voice.js. */
const EvergreenDress = (() => {
  "use strict";
  function as(other) {
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

  return { as };
})();
