// The page brings texts translated; here they are filled with figures.
export const words = JSON.parse(document.querySelector("[data-words]").textContent);

export const fill = (text, parts) => text.replace(/{(\w+)}/g, (_, name) => parts[name]);

export const service = (id) => words.services.find((one) => one.id === id);

export const nameOf = (id) => service(id)?.[`name_${words.lang}`] ?? id;

export const waiting = (count) => (count ? fill(words.waiting, { count }) : words.nobody);

// A wait in seconds as people say it: 约 12–18 分钟.
export function wait({ low_s, high_s }) {
  const low = Math.floor(low_s / 60), high = Math.ceil(high_s / 60);
  if (high <= 1) return words.no_wait;
  return low >= high || low === 0 ? fill(words.wait_one, { high }) : fill(words.wait, { low, high });
}

// Why no ticket is given, and what to do instead.
export function why({ refused, bookable }) {
  const reason = fill(words.refused[refused?.code] ?? words.closed, { hours: refused?.hours ?? "" });
  return `${reason}${words.lang === "zh" ? "" : " "}${bookable ? words.can_book : words.ask_staff}`;
}
