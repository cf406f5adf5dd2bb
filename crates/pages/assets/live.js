// What makes the pages for people a little quicker. Without this file every form works by hand.
// data-submit: the form is sent at once. data-countdown: the number in the text counts down, and
// data-over is said at the end. data-until: the form goes away after so many seconds.
// data-show, data-hide: a button that shows what was typed into a password field.

for (const form of document.querySelectorAll("form[data-submit]")) form.submit();

for (const place of document.querySelectorAll("[data-countdown]")) {
  const end = performance.now() + place.dataset.countdown * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left > 0) {
      place.textContent = place.textContent.replace(/\d+/, left);
      return;
    }
    clearInterval(timer);
    if (place.dataset.over) place.textContent = place.dataset.over;
  }, 250);
}

for (const form of document.querySelectorAll("form[data-until]")) {
  setTimeout(() => form.remove(), form.dataset.until * 1000);
}

for (const field of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = field.dataset.show;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? field.dataset.hide : field.dataset.show;
  });
  field.form.addEventListener("submit", () => { field.type = "password"; });
  const row = document.createElement("span");
  row.className = "shown";
  field.before(row);
  const focused = document.activeElement === field;
  row.append(field, button);
  if (focused) field.focus();
}
