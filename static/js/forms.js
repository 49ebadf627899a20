/* Forms: one submit only, no submit while composing, autosave state, counters, unsaved changes, long selects. */
(function () {
  "use strict";
  var nd = window.nd;

  /* ---- Enter while an input method is composing never submits ---- */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" && event.keyCode !== 229) return;
    if (!nd.composing(event) || event.target.tagName !== "INPUT") return;
    event.stopPropagation();
    if (event.key === "Enter") event.preventDefault();
  }, true);

  /* ---- the same form goes once ---- */
  function buttons(form) {
    return nd.all("button,input[type=submit]", document).filter(function (b) { return b.form === form && b.type === "submit"; });
  }
  function release(form) {
    delete form.dataset.sent;
    buttons(form).forEach(function (b) { if (b.dataset.held) { b.disabled = false; delete b.dataset.held; } });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
    if (form.method === "get" || form.hasAttribute("data-quiet")) return;
    if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.dataset.sent = "1";
    delete form.dataset.dirty;
    /* after this event, so that the pressed button's own name and value still go with the form */
    setTimeout(function () {
      buttons(form).forEach(function (b) { if (!b.disabled) { b.disabled = true; b.dataset.held = "1"; } });
    }, 0);
  }, true);
  window.addEventListener("pageshow", function () { nd.all("form[data-sent]").forEach(release); });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest && event.target.closest("form");
    if (form && form.dataset.sent) release(form);
  });

  /* ---- unsaved changes ---- */
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && (form.hasAttribute("data-unsaved") || form.hasAttribute("data-autosave"))) form.dataset.dirty = "1";
  });
  window.addEventListener("beforeunload", function (event) {
    if (!nd.one("form[data-dirty]")) return;
    event.preventDefault();
    event.returnValue = nd.words("leave");
  });

  /* ---- autosave ---- */
  function state(form, css, text, again) {
    var place = nd.one("[data-save-state]", form) || document.getElementById("save-state");
    if (!place) return;
    place.className = "nd-save " + css;
    place.textContent = text;
    if (!again) return;
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = nd.words("retry");
    button.addEventListener("click", function () { nd.save(form); });
    place.appendChild(document.createTextNode(" "));
    place.appendChild(button);
  }
  nd.unsaved = function (form) {
    if (!form.hasAttribute("data-autosave")) return;
    form.dataset.dirty = "1";
    state(form, "bad", nd.words("saveFailed"), true);
  };
  nd.save = function (form) { if (window.htmx) window.htmx.trigger(form, "change"); };
  function autosaving(event) {
    var form = event.target.closest && event.target.closest("form[data-autosave]");
    return form && event.detail.requestConfig && event.detail.requestConfig.elt === form ? form : null;
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    var form = autosaving(event);
    if (!form) return;
    /* the whole form is on its way: saving beside it would only collide with it */
    if (form.dataset.sent) { event.preventDefault(); return; }
    delete form.dataset.dirty;
    state(form, "wait", nd.words("saving"));
  });
  document.addEventListener("htmx:responseError", function (event) {
    var form = autosaving(event);
    if (form) nd.unsaved(form);
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      var form = autosaving(event);
      if (form) { form.dataset.dirty = "1"; state(form, "bad", nd.words("offline"), true); }
    });
  });
  window.addEventListener("online", function () {
    nd.all("form[data-autosave][data-dirty]").forEach(nd.save);
  });

  /* ---- characters written, counted as the server counts them ---- */
  function count(area) {
    var place = document.getElementById(area.id + "_count");
    if (!place) return;
    var n = Array.from(area.value.replace(/\r\n/g, "\n")).length, max = Number(area.dataset.counter);
    place.textContent = nd.words("count", { n: n, max: max });
    place.classList.toggle("nd-red", n > max);
  }
  document.addEventListener("input", function (event) { if (event.target.dataset.counter) count(event.target); });
  nd.ready(function (root) { nd.all("[data-counter]", root).forEach(count); });

  /* ---- a select of more than twelve: a box above it narrows the list; the select itself stays the field ---- */
  function narrow(select) {
    if (select.dataset.narrowed || select.multiple) return;
    select.dataset.narrowed = "1";
    var all = nd.all("option", select).map(function (o) { return { option: o, parent: o.parentNode, text: o.textContent.toLowerCase() }; });
    var box = document.createElement("input");
    box.type = "search";
    box.className = "form-control nd-filter-in";
    box.placeholder = nd.words("filter");
    box.setAttribute("aria-label", nd.words("filter"));
    box.autocomplete = "off";
    box.addEventListener("input", function (event) {
      event.stopPropagation();
      var wanted = box.value.trim().toLowerCase(), chosen = select.value, shown = 0;
      all.forEach(function (item) { if (item.option.parentNode) item.option.parentNode.removeChild(item.option); });
      all.forEach(function (item) {
        var keep = !wanted || item.option.value === chosen || item.option.value === "" || item.text.indexOf(wanted) >= 0;
        if (keep) { item.parent.appendChild(item.option); shown += 1; }
      });
      select.value = chosen;
      select.size = wanted && shown > 1 ? Math.min(8, shown) : 0;
    });
    box.addEventListener("change", function (event) { event.stopPropagation(); });
    box.addEventListener("keydown", function (event) {
      if (nd.composing(event)) return;
      if (event.key === "ArrowDown") { event.preventDefault(); select.focus(); }
      if (event.key === "Enter") event.preventDefault();
    });
    select.addEventListener("change", function () { select.size = 0; });
    select.parentNode.insertBefore(box, select);
  }
  nd.ready(function (root) { nd.all("select[data-search]", root).forEach(narrow); });
})();
