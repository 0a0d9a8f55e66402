// Keys for presses: [data-keys] of a button that is on the screen. Held keys and keys meant for a field do nothing.
export function startKeys(presses) {
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]") || isForField(event)) return;
    const key = event.key === " " ? "Space" : event.key;
    const button = buttonFor(key);
    if (!button) return;
    event.preventDefault();
    if (button.disabled || presses.isBusy) return;
    if (button.dataset.press) presses.press(button);
    else button.click();
  });
}

function isForField({ target, key }) {
  if (target.closest("input, select, textarea, [contenteditable]")) return true;
  // Space and Enter belong to whatever control has the focus.
  return (key === " " || key === "Enter") && target.closest("button, a, summary");
}

function buttonFor(key) {
  const wanted = key.length === 1 ? key.toUpperCase() : key;
  return [...document.querySelectorAll("[data-keys]")].find((button) =>
    button.dataset.keys.split(" ").some((name) => (name.length === 1 ? name.toUpperCase() : name) === wanted),
  );
}
