// Adds a copy button to what can be copied. Without this file everything still works by hand.
// Words come from the page: data-copy (the button), data-copied and data-failed (what is told).

const status = document.createElement("p");
status.className = "unseen";
status.setAttribute("role", "status");
document.body.append(status);

function tell(button, words) {
  button.textContent = words;
  status.textContent = words;
  setTimeout(() => {
    button.textContent = button.dataset.label;
    status.textContent = "";
  }, 2000);
}

async function copy(button, place, source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    tell(button, place.dataset.copied);
  } catch {
    getSelection().selectAllChildren(source);
    tell(button, place.dataset.failed);
  }
}

for (const place of document.querySelectorAll("[data-copy]")) {
  const source = place.querySelector("code, bdi, .mono");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.dataset.label = place.dataset.copy;
  button.textContent = place.dataset.copy;
  button.addEventListener("click", () => copy(button, place, source));
  place.append(button);
}
