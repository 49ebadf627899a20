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

  /* ---- refusals of a part of the page: said in place, never as a toast ---- */
  function element(name, css, text) {
    var made = document.createElement(name);
    if (css) made.className = css;
    if (text) made.textContent = text;
    return made;
  }
  function note(box, text) {
    var body = nd.one(".bd", box) || box, old = nd.one("[data-refusal]", body);
    if (old) old.remove();
    var made = element("div", "nd-note red mb12", text);
    made.setAttribute("role", "alert");
    made.dataset.refusal = "";
    body.insertBefore(made, body.firstChild);
  }
  nd.refuse = function (text, fragment, source) {
    if (!dialog || !dialog.showModal) return;
    var open = nd.one("dialog[open]");
    if (open && source && open.contains(source)) {
      /* what was typed in the dialog stays */
      if (fragment) text = nd.all("h2,.bd > p,.nd-help", fragment).map(function (e) { return e.textContent.trim(); }).join(" ");
      note(open, text);
      return;
    }
    if (open) return;
    var body = document.getElementById("nd-dialog-body");
    body.textContent = "";
    if (fragment) {
      body.appendChild(fragment);
    } else {
      var box = element("div", "nd-dlg"), inner = element("div", "bd"), foot = element("footer");
      var words = element("p", "", text), close = element("button", "btn btn-primary", nd.words("close"));
      words.id = "nd-dialog-title";
      close.type = "button";
      close.dataset.close = "";
      inner.appendChild(words); foot.appendChild(close); box.appendChild(inner); box.appendChild(foot);
      body.appendChild(box);
    }
    opener = source || null;
    dialog.showModal();
    nd.one("[data-close]", dialog).focus();
  };
  function parsed(html) {
    var found = new DOMParser().parseFromString(html, "text/html").querySelector(".nd-dlg");
    return found ? document.importNode(found, true) : null;
  }
  document.addEventListener("htmx:responseError", function (event) {
    var xhr = event.detail.xhr, source = event.detail.requestConfig && event.detail.requestConfig.elt;
    var autosaves = source && source.hasAttribute && source.hasAttribute("data-autosave");
    if (xhr.getResponseHeader("X-Shell-Error") === "1") { nd.refuse("", parsed(xhr.responseText), source); return; }
    if (autosaves) return;
    var number = xhr.getResponseHeader("X-Error-Reference");
    nd.refuse(nd.words("failed") + (number ? " " + nd.words("number") + " " + number : ""), null, source);
  });
  document.addEventListener("htmx:sendError", function (event) {
    var source = event.detail.requestConfig && event.detail.requestConfig.elt;
    if (!source || !source.hasAttribute("data-autosave")) nd.refuse(nd.words("offline"), null, source);
  });

  if (dialog) dialog.addEventListener("close", function () {
    document.getElementById("nd-dialog-body").textContent = "";
    if (opener && document.contains(opener)) opener.focus();
    opener = null;
  });
})();
