/* Links with data-dialog open their page in the <dialog>; showModal keeps the focus inside and Esc closes. */
(function () {
  "use strict";
  var nd = window.nd;
  var dialog = document.getElementById("nd-dialog");
  var opener = null;

  function close(box) { if (box && box.open) box.close(); }

  document.addEventListener("click", function (event) {
    var closer = event.target.closest("[data-close]");
    if (closer) {
      var box = closer.closest("dialog");
      if (box) { event.preventDefault(); close(box); } else { event.preventDefault(); history.back(); }
      return;
    }
    if (event.target.tagName === "DIALOG" && event.target.id !== "nd-again" && !dirty(event.target)) close(event.target);
    var link = event.target.closest("a[data-dialog]");
    if (!link || !dialog || !dialog.showModal || !window.htmx) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    opener = link;
    window.htmx.ajax("GET", link.href, { target: "#nd-dialog-body", swap: "innerHTML", source: link });
  });

  /* A click beside the dialog must not throw away what was typed in it. */
  function dirty(box) {
    return nd.all("input,textarea,select", box).some(function (f) {
      return f.type === "checkbox" || f.type === "radio" ? f.checked !== f.defaultChecked
        : f.tagName === "SELECT" ? nd.all("option", f).some(function (o) { return o.selected !== o.defaultSelected; })
        : f.type !== "hidden" && f.value !== f.defaultValue;
    });
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id !== "nd-dialog-body" || !dialog) return;
    if (!dialog.open) dialog.showModal();
    var first = nd.one("[data-focus],[autofocus]", dialog) ||
      nd.one(".bd input:not([type=hidden]),.bd textarea,.bd select", dialog) || nd.one("footer button", dialog);
    if (first) first.focus();
  });

  if (dialog) dialog.addEventListener("close", function () {
    document.getElementById("nd-dialog-body").textContent = "";
    if (opener && document.contains(opener)) opener.focus();
    opener = null;
  });
})();
