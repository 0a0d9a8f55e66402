// Texts of a screen: the page brings them translated, the board brings ids and figures.
export const words = JSON.parse(document.querySelector("[data-words]").textContent);

export const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);

export const service = (id) => words.services[id]?.[words.lang] ?? id;

export const mode = (services) => services.map(service).join(words.lang === "zh" ? "、" : ", ");

// A wait in seconds as people say it: 约 12–18 分钟.
export function wait(low_s, high_s) {
  const low = Math.floor(low_s / 60), high = Math.ceil(high_s / 60);
  if (high <= 1) return words.no_wait;
  return low >= high || low === 0 ? fill(words.wait_one, { high }) : fill(words.wait, { low, high });
}

// One element with its class, text and children.
export function part(tag, className, ...inside) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...inside.filter((one) => one !== null && one !== undefined));
  return made;
}
