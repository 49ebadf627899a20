/* Lists: J/K/A/R/X and ?, the reading pane, ticks and the bulk bar. Single keys can be switched off. */
(function () {
  "use strict";
  var nd = window.nd;

  function on() { return document.body.dataset.keys !== "off"; }
  function rows() { return nd.all("[data-row]").filter(function (row) { return row.offsetParent !== null; }); }
  function current() { return nd.one("[data-row].cur"); }

  function select(row, open) {
    if (!row) return;
    nd.all("[data-row].cur").forEach(function (other) { other.classList.remove("cur"); });
    row.classList.add("cur");
    row.scrollIntoView({ block: "nearest" });
    if (open && window.htmx) window.htmx.trigger(row, "nd:open");
  }
  function move(step) {
    var list = rows();
    if (!list.length) return;
    var at = list.indexOf(current());
    var row = list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + step))];
    select(row, true);
    var link = nd.one("a", row);
    if (link) link.focus({ preventScroll: true });
  }

  document.addEventListener("keydown", function (event) {
    if (nd.composing(event) || event.ctrlKey || event.metaKey || event.altKey || nd.typing(event.target)) return;
    if (!on() || nd.one("dialog[open]")) return;
    var key = event.key.toLowerCase();
    if (key === "/") {
      var search = nd.one("[data-search-box]");
      if (search) { search.focus(); search.select(); event.preventDefault(); }
    } else if (key === "?") {
      var list = document.getElementById("nd-keys");
      if (list && list.showModal) { list.showModal(); event.preventDefault(); }
    } else if (key === "j" || key === "k") {
      move(key === "j" ? 1 : -1);
    } else if (key === "x") {
      var row = current(), box = row && nd.one("input[type=checkbox]", row);
      if (box && !box.disabled) box.click();
    } else if (/^[a-z]$/.test(key)) {
      var target = nd.all('[data-key="' + key + '"]').filter(function (b) { return b.offsetParent !== null && !b.disabled; })[0];
      if (target) { target.click(); event.preventDefault(); }
    }
  });

  /* the whole row opens the pane; the name stays the real link */
  document.addEventListener("click", function (event) {
    var row = event.target.closest("[data-row]");
    if (!row || event.target.closest("input,label,button,select,summary")) return;
    var pane = row.hasAttribute("hx-get");
    var link = event.target.closest("a");
    if (link && (!pane || !link.hasAttribute("data-pane") || event.ctrlKey || event.metaKey || event.shiftKey)) return;
    if (pane && window.matchMedia("(min-width:768px)").matches) { event.preventDefault(); select(row, true); }
  });
  document.addEventListener("nd:next", function () { move(1); });
  nd.next = function () { move(1); };

  /* ---- ticks ---- */
  function ticks(form) { return nd.all("[data-row] input[type=checkbox],input[type=checkbox][data-tick]", form); }
  function follow(form) {
    var boxes = ticks(form), some = boxes.filter(function (b) { return b.checked; });
    if (some.length) form.dataset.some = some.length; else delete form.dataset.some;
    boxes.forEach(function (b) { var row = b.closest("[data-row]"); if (row) row.classList.toggle("sel", b.checked); });
    var count = nd.one("[data-bulk-count]", form);
    if (count) count.textContent = nd.words("selected", { n: some.length });
    var all = nd.one("[data-check-all]", form);
    if (all) { all.checked = some.length > 0 && some.length === boxes.length; all.indeterminate = some.length > 0 && !all.checked; }
  }
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.hasAttribute("data-check-all")) ticks(form).forEach(function (b) { if (!b.disabled) b.checked = event.target.checked; });
    follow(form);
  });
  document.addEventListener("reset", function (event) {
    if (event.target.hasAttribute("data-bulk")) setTimeout(function () { follow(event.target); }, 0);
  });
  nd.ready(function (root) { nd.all("form[data-bulk]", root).forEach(follow); });
})();
