/* How many players the browser draws, with controls that no page can see. */
() => document.querySelectorAll("audio[controls], video[controls]").length
