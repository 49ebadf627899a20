/* Photographs are made smaller before they are sent: a site photo of 8 MB is seen no better than one of 1 MB.
   Only JPEG and PNG, only when it helps; the name stays, so does the order. */
(function () {
  "use strict";
  var nd = window.nd;
  var WORTH = 600 * 1024;

  function size(bytes) { return bytes < 1048576 ? Math.round(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1) + " MB"; }

  function shrink(file, longest) {
    if (!/^image\/(jpeg|png)$/.test(file.type) || file.size < WORTH) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (picture) {
      var scale = Math.min(1, longest / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      var pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", 0.85); });
    }).then(function (blob) {
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.(png|jpe?g)$/i, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    }, function () { return file; });
  }

  function place(input) {
    var next = input.nextElementSibling;
    if (next && next.classList.contains("nd-up")) return next;
    var line = document.createElement("div");
    line.className = "nd-up";
    line.setAttribute("role", "status");
    input.parentNode.insertBefore(line, input.nextSibling);
    return line;
  }

  /* The browser's own words beside a file control come in the browser's language: the page lists the names itself. */
  document.addEventListener("change", function (event) {
    var input = event.target, list = input.type === "file" && nd.one("[data-file-list]", input.parentNode);
    if (!list) return;
    list.textContent = "";
    Array.prototype.forEach.call(input.files, function (file) {
      var line = document.createElement("li");
      line.textContent = file.name + "  " + size(file.size);
      list.appendChild(line);
    });
  });

  document.addEventListener("change", function (event) {
    var input = event.target;
    if (!input.matches || !input.matches("input[type=file][data-shrink]") || !window.createImageBitmap || !window.DataTransfer) return;
    var files = Array.prototype.slice.call(input.files);
    if (input.dataset.shrunk || !files.some(function (f) { return f.size >= WORTH && /^image\//.test(f.type); })) return;
    event.stopPropagation();
    var line = place(input), form = input.form;
    line.textContent = nd.words("shrinking");
    if (form) form.dataset.sent = "1"; /* not while we are at it */
    Promise.all(files.map(function (f) { return shrink(f, Number(input.dataset.shrink) || 1920); })).then(function (smaller) {
      var bag = new DataTransfer();
      smaller.forEach(function (f) { bag.items.add(f); });
      input.dataset.shrunk = "1";
      input.files = bag.files;
      line.textContent = "";
      files.forEach(function (f, i) {
        if (smaller[i] === f) return;
        var row = document.createElement("div");
        row.textContent = nd.words("shrunk", { name: f.name, from: size(f.size), to: size(smaller[i].size) });
        line.appendChild(row);
      });
      if (form) delete form.dataset.sent;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      delete input.dataset.shrunk;
    });
  }, true);
})();
