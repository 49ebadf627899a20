/* The report's form: before it is sent, what is still on the way to the server arrives there.
   So a button pressed while a saving runs is not taken for somebody else's change, and a lapsed session is
   noticed by the saving, which asks to sign in in place and then goes on. */
(function () {
  "use strict";
  var nd = window.nd;
  var form = document.getElementById("report-form");
  if (!form || !window.htmx) return;
  var waiting = null;

  function saving() { return form.classList.contains("htmx-request"); }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button || button.form !== form || button.type !== "submit" || button.hasAttribute("hx-get") || button.hasAttribute("hx-post")) return;
    if (button.value === "compare" || !form.dataset.dirty && !saving()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = button;
    if (!saving()) window.htmx.trigger(form, "nd:now");
  }, true);

  /* Changed by somebody else, or filed meanwhile: the save bar says so and leads to the comparison. */
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status !== 409 || event.detail.xhr.getResponseHeader("X-Shell-Error") === "1") return;
    var source = event.detail.requestConfig.elt;
    if (source !== form && source.form !== form) return;
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    form.dataset.dirty = "1";
    waiting = null;
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    var config = event.detail.requestConfig;
    if (config && config.elt === form) go(); /* not when the sign-in comes into its dialog */
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target !== form || event.detail.successful) return;
    var xhr = event.detail.xhr;
    /* signed in again in place, the saving goes on, and then what the button was pressed for */
    if (xhr && (xhr.status === 401 || xhr.getResponseHeader("X-Session-Expired") === "1")) return;
    waiting = null; /* the save bar says why, and offers to try again */
  });
  var again = document.getElementById("nd-again");
  if (again) again.addEventListener("close", function () {
    if (nd.one("#save-state.bad", form)) waiting = null; /* closed without signing in: nothing goes on by itself */
  });

  function go() {
    if (!waiting || saving()) return;
    var button = waiting;
    waiting = null;
    if (nd.one("#save-state.bad", form)) return;
    delete form.dataset.dirty;
    button.click();
  }

  /* A fresh problem block: its first field is where one goes on. */
  document.addEventListener("htmx:load", function (event) {
    var block = event.target;
    if (!block.matches || !block.matches("article[data-fresh]")) return;
    block.removeAttribute("data-fresh");
    var first = nd.one("select,input:not([type=hidden])", block);
    if (first) first.focus();
  });
})();
