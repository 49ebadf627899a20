/* The session or its token ends while someone types: sign in again in place, then go on. Nothing typed is lost. */
(function () {
  "use strict";
  var nd = window.nd;
  var dialog = document.getElementById("nd-again");
  var waiting = [];

  function token() { var meta = nd.one("meta[name=csrf-token]"); return meta ? meta.content : ""; }
  nd.renew = function (fresh) {
    if (!fresh) return;
    nd.one("meta[name=csrf-token]").content = fresh;
    nd.all("input[name=csrfmiddlewaretoken]").forEach(function (field) { field.value = fresh; });
  };

  document.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.verb === "get") return;
    event.detail.headers["X-CSRFToken"] = token();
    if (event.detail.parameters && event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token();
  });

  function again(config) {
    var source = config.elt;
    if (!source || !document.contains(source)) return;
    if (source.tagName === "FORM" && source.hasAttribute("data-autosave")) { nd.save(source); return; }
    window.htmx.ajax(config.verb.toUpperCase(), config.path, { source: source, target: config.target, values: config.unfilteredParameters });
  }

  document.addEventListener("htmx:beforeOnLoad", function (event) {
    var xhr = event.detail.xhr, config = event.detail.requestConfig;
    var fresh = xhr.getResponseHeader("X-CSRFToken-New");
    if (fresh) nd.renew(fresh);
    if (config && config.elt && dialog && dialog.contains(config.elt)) { answered(event, xhr, fresh); return; }
    if (fresh && xhr.status === 403 && !config.elt.dataset.retried) {
      /* only the token had lapsed: once more with the fresh one */
      config.elt.dataset.retried = "1";
      event.preventDefault();
      setTimeout(function () { again(config); delete config.elt.dataset.retried; }, 0);
      return;
    }
    if (xhr.status === 401 || xhr.getResponseHeader("X-Session-Expired") === "1") {
      event.preventDefault();
      waiting.push(config);
      ask();
    }
  });

  function ask() {
    var address = document.body.dataset.signInAgain;
    if (!address || !dialog || !dialog.showModal) { waiting.splice(0).forEach(function (config) { nd.unsaved(config.elt); }); nd.refuse(nd.words("expired")); return; }
    if (dialog.open) return;
    window.htmx.ajax("GET", address, { target: "#nd-again-body", swap: "innerHTML" }).then(function () {
      if (!dialog.open) dialog.showModal();
      var first = nd.one("input:not([type=hidden]):not([readonly])", dialog);
      if (first) first.focus();
    });
  }

  /* The sign-in fragment's own form: 422 is swapped by htmx, 204 means that we are in again. */
  function answered(event, xhr, fresh) {
    if (xhr.status !== 204) return;
    event.preventDefault();
    var ready = waiting.splice(0);
    dialog.close();
    nd.one("#nd-again-body").textContent = "";
    if (fresh) ready.forEach(again); else ready.forEach(function (config) { nd.unsaved(config.elt); });
  }

  /* closed without signing in: each form says that it is not saved, and can try again */
  if (dialog) dialog.addEventListener("close", function () {
    waiting.splice(0).forEach(function (config) { if (config.elt && document.contains(config.elt)) nd.unsaved(config.elt); });
  });
  nd.askAgain = ask;
})();
