/* What every page shares. Every page works without any of these files; they only make it smoother.
   Plain scripts in order, no modules: hashed file names would break their imports, and older cores read them. */
(function () {
  "use strict";

  var nd = (window.nd = {
    one: function (selector, root) { return (root || document).querySelector(selector); },
    all: function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); },
    /* A sentence in the reader's language, with {named} places filled. */
    words: function (key, values) {
      var store = document.getElementById("nd-words");
      var text = (store && store.dataset[key]) || "";
      return text.replace(/\{(\w+)\}/g, function (whole, name) { return values && name in values ? values[name] : whole; });
    },
    /* The Enter that ends a Chinese input method's composition is no Enter of ours. */
    composing: function (event) { return event.isComposing || event.keyCode === 229; },
    typing: function (target) {
      return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) &&
        !/^(checkbox|radio|button|submit|reset)$/.test(target.type || "");
    },
    /* Run now and again for everything that htmx puts into the page. */
    ready: function (setUp) {
      setUp(document);
      document.addEventListener("htmx:load", function (event) { if (event.target !== document.body) setUp(event.target); });
    },
    cookie: function (name, value) {
      document.cookie = name + "=" + value + ";path=/;max-age=31536000;samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    }
  });

  document.documentElement.classList.add("js");

  /* Menus are <details>: a click elsewhere and Esc close them. */
  document.addEventListener("click", function (event) {
    nd.all("details[data-menu][open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    nd.all("details[data-menu][open]").forEach(function (menu) { menu.open = false; nd.one("summary", menu).focus(); });
  });

  /* Width of the navigation: kept in the same cookie that the server reads. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-nav-width]");
    if (!button) return;
    event.preventDefault();
    nd.cookie("nd_nav", button.value);
    document.getElementById("nd-shell").classList.toggle("rail", button.value === "rail");
    nd.one("[data-nav-width][value=" + (button.value === "rail" ? "wide" : "rail") + "]").focus();
  });

  nd.ready(function (root) {
    var summary = root.matches && root.matches("[data-focus]") ? root : nd.one("[data-focus]", root);
    if (summary) summary.focus();
  });
})();
