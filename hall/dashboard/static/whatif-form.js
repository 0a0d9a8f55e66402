// The form of a question: the fields that it has, whom and what each can name, and how it is said again.
const ONE_SERVICE = ["authorised", "equipped"]; // the others may be about all services
const NOTHING = { clerk: {}, window: {}, service: {}, breaks: {} };
const MINUTES = { breaks: { min: 5, max: 120 }, promise: { min: 1, max: 240 } };

export function prepared(form, part, words) {
  const field = form.elements, askable = words.askable ?? NOTHING;
  const first = { from: field.from.value, minutes: field.minutes.value };
  let before; // the question chosen before
  const kind = () => field.ask.value;

  function list(select, ids, names, kept = select.value) {
    select.replaceChildren(...ids.map((id) => new Option(names[id] ?? id, id)));
    if (ids.includes(kept)) select.value = kept;
  }

  // A question about one service must not leave the next one, about all, with that service.
  function services() {
    const of = askable.service[kind()];
    if (of) list(field.service, of[(kind() === "authorised" ? field.clerk : field.window).value] ?? [], words.names.service);
    else list(field.service, ["", ...Object.keys(words.names.service)], { ...words.names.service, "": words.all }, ONE_SERVICE.includes(before) ? "" : field.service.value);
  }

  function rest() {
    const start = askable.breaks[field.clerk.value]; // and as long as it is, unless minutes are written
    const planned = kind() !== "breaks" ? before === "breaks" && first : start && { from: start, minutes: "" };
    if (planned) [field.from.value, field.minutes.value] = [planned.from, planned.minutes];
  }

  function named() {
    services();
    rest();
    const who = [field.clerk, field.window].find((select) => !select.disabled);
    const is_empty = Boolean(words.askable && who && !who.length);
    part("none").textContent = is_empty ? words.none[kind()] : "";
    part("ask").disabled = is_empty;
  }

  function fit() {
    for (const each of form.querySelectorAll("[data-for]")) {
      const is_asked = each.dataset.for.split(" ").includes(kind());
      each.hidden = !is_asked;
      each.querySelector("select, input").disabled = !is_asked;
    }
    part("hint").hidden = part("hint").dataset.hint !== kind();
    Object.assign(field.minutes, MINUTES[kind()] ?? {}, { placeholder: kind() === "breaks" ? words.as_long : "" });
    for (const who of ["clerk", "window"]) list(field[who], askable[who][kind()] ?? [], words.names[who]);
    named();
    before = kind();
  }

  // As it was when it was asked: whoever reads the answer may have changed the form since.
  function asked() {
    const [ask, of] = kind().split(" ");
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "ask" && value !== "")
      .map(([name, value]) => [name, field[name].type === "number" ? Number(value) : value]);
    const said = [...form.querySelectorAll("[data-for]:not([hidden])")].map((each) => {
      const label = each.querySelector("label"), input = each.querySelector("select, input");
      const values = { label: label.dataset.said ?? label.textContent, value: input.selectedOptions?.[0].textContent ?? (input.value || input.placeholder) };
      return words.pair.replace(/{(\w+)}/g, (_, name) => values[name]);
    });
    return {
      ask, of, said: [field.ask.selectedOptions[0].textContent, ...said].join(" · "),
      question: { ask, ...(of ? { of } : {}), ...Object.fromEntries(fields) },
    };
  }

  field.ask.addEventListener("change", fit);
  for (const who of [field.clerk, field.window]) who.addEventListener("change", named);
  fit();
  return { asked };
}
