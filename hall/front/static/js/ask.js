// Dialogs that ask for the rest of a request: opened by [data-opens], sent as one press.
// [data-sheet] names an address whose HTML fills the page's one #sheet first.
export function startAsking(page, presses) {
  page.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) open(page, opener, presses);
    else if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
  });
  page.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-ask]");
    if (!form) return;
    event.preventDefault();
    form.closest("dialog").close();
    presses.press(form, body(form));
  });
  // A region waits for its dialog to close before it is drawn anew.
  page.addEventListener("close", () => presses.regions.refresh(), true);
}

async function open(page, opener, presses) {
  const dialog = page.querySelector(`#${CSS.escape(opener.dataset.opens)}`);
  if (opener.dataset.sheet) {
    const answer = await fetch(opener.dataset.sheet).catch(() => null);
    if (!answer?.ok) return presses.say(presses.words.out, { wrong: true });
    dialog.innerHTML = await answer.text();
  }
  dialog.querySelector("form")?.reset();
  return dialog.showModal();
}

// The checked and filled-in fields; data-list gathers several of one name into a list.
function body(form) {
  const found = {};
  for (const list of form.querySelectorAll("[data-list]")) found[list.dataset.list] = [];
  for (const field of form.querySelectorAll("input, select, textarea")) {
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) continue;
    const name = field.dataset.field || field.name;
    const list = field.closest("[data-list]")?.dataset.list;
    if (list) found[list].push(field.value);
    else if (field.value) found[name] = field.value;
  }
  return found;
}
