/* A long list of ticks: a box above narrows it, what is ticked stays in sight, the number ticked is counted on. */
(function () {
  "use strict";
  var nd = window.nd, LONG = 12;

  function follow(list) {
    var place = nd.one("[data-picked]", list.closest("section") || document);
    if (place) place.textContent = nd.all("input[type=checkbox]:checked", list).length;
  }
  function narrow(list) {
    var rows = nd.all("[data-pick-row]", list);
    list.addEventListener("change", function (event) {
      if (event.target.type !== "checkbox") return;
      follow(list);
      var note = event.target.checked && nd.one("input:not([type=checkbox])", event.target.closest("[data-pick-row]"));
      if (note && !note.value) note.focus();
    });
    if (list.dataset.narrowed || rows.length <= LONG) return;
    list.dataset.narrowed = "1";
    var box = document.createElement("input"), none = document.createElement("p");
    box.type = "search";
    box.className = "form-control nd-filter-in";
    box.placeholder = nd.words("filter");
    box.setAttribute("aria-label", nd.words("filter"));
    box.setAttribute("data-pick-filter", "");
    box.autocomplete = "off";
    none.className = "nd-s nd-mut";
    none.setAttribute("role", "status");
    box.addEventListener("input", function (event) {
      event.stopPropagation();
      var wanted = box.value.trim().toLowerCase(), shown = 0;
      rows.forEach(function (row) {
        var keep = !wanted || row.textContent.toLowerCase().indexOf(wanted) >= 0;
        if (keep) shown += 1;
        row.hidden = !keep && !nd.one("input[type=checkbox]", row).checked;
      });
      none.textContent = shown ? "" : nd.words("noneFits");
    });
    box.addEventListener("change", function (event) { event.stopPropagation(); });
    box.addEventListener("keydown", function (event) { if (event.key === "Enter") event.preventDefault(); });
    list.parentNode.insertBefore(box, list);
    list.parentNode.insertBefore(none, list);
  }
  nd.ready(function (root) { nd.all("[data-pick]", root).forEach(narrow); });
})();
