/*
 * Show or hide what is typed in a PIN or password field: a [data-reveal] button names the field by id and carries the two
 * labels. Without this script the button stays away and the field hides what is typed, as every browser does.
 */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const field = document.getElementById(button.dataset.reveal);
    const showing = field.type === "password";
    field.type = showing ? "text" : "password";
    button.textContent = showing ? button.dataset.hide : button.dataset.show;
  });
  // What was shown is hidden again before it is sent, so that the browser treats it as a password.
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-reveal]").forEach((button) => {
      document.getElementById(button.dataset.reveal).type = "password";
      button.textContent = button.dataset.show;
    });
  });
})();
