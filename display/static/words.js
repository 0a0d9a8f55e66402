// Texts of a screen: the page brings them translated, the board brings ids and figures.
export const words = JSON.parse(document.querySelector("[data-words]").textContent);

export const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);

const named = (row, id, lang) => row?.[lang] ?? id;

// What a window offers, in a few words: a family whose services are all there is named once for them.
export function mode(services, lang = words.lang) {
  const offered = new Set(services);
  const names = words.families.flatMap(({ names, services: its }) => {
    const here = its.filter((id) => offered.has(id));
    if (here.length > 1 && here.length === its.length) return [names[lang]];
    return here.map((id) => named(words.services[id], id, lang));
  });
  const strange = services.filter((id) => !(id in words.services)); // newer than this page
  return [...names, ...strange].join(lang === "zh" ? "、" : ", ");
}

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
