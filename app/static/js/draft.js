// The editor of a draft of boundaries: one tool at a time, each edit kept by the service before the next.
import { DraftMap } from "./draft_map.js";

const page = document.getElementById("draft");
const words = document.getElementById("draft-words").dataset;
const byId = (id) => document.getElementById(`draft-${id}`);
const form = byId("form");
const fieldOf = (name) => form.querySelector(`[data-field="${name}"]`);
const isOpen = page.dataset.open === "1";

// The tools: what of the form each shows, how it begins, and what it sends.
const TOOLS = {
  split: {
    fields: ["lane", "name", "larger"],
    begin: () => {
      fillLanes();
      form.elements.name.value = newName(communityOf(chosen).code);
      map.draw("Line", (geometry) => {
        drawn = geometry;
        form.elements.lane.value = "";
        form.elements.name.focus();
      });
    },
    said: () => ({
      grid: chosen,
      line: (form.elements.lane.value ? lanes[Number(form.elements.lane.value)].geometry : drawn) ?? {},
      code: communityOf(chosen).free,
      name: form.elements.name.value,
      larger: form.elements.larger.checked,
    }),
  },
  shift: { fields: [], kind: "redraw", begin: () => map.shift(chosen), said: () => ({ outlines: map.shifted() }) },
  merge: {
    fields: ["said"],
    begin: () => {
      joined = [];
      showJoined();
    },
    said: () => ({ grids: [chosen, ...joined] }),
  },
  add: {
    fields: ["community", "name"],
    begin: () => {
      fill("community", state.communities.map(({ code, name }) => [code, name]));
      form.elements.name.value = newName(form.elements.community.value);
      map.draw("Polygon", (geometry) => {
        drawn = geometry;
        form.elements.name.focus();
      });
    },
    said: () => ({
      code: state.communities.find(({ code }) => code === form.elements.community.value).free,
      name: form.elements.name.value,
      outline: drawn ?? {},
    }),
  },
  move: {
    fields: ["community"],
    begin: () =>
      fill("community", state.communities.filter(({ code }) => !chosen.startsWith(code)).map(({ code, name }) => [code, name])),
    said: () => ({ grid: chosen, code: state.communities.find(({ code }) => code === form.elements.community.value)?.free ?? "" }),
  },
  describe: {
    fields: ["name", "counts"],
    begin: () => {
      const { name, households, residents } = propertiesOf(chosen);
      Object.assign(form.elements.name, { value: name });
      Object.assign(form.elements.households, { value: households ?? "" });
      Object.assign(form.elements.residents, { value: residents ?? "" });
    },
    said: () => ({
      grid: chosen,
      name: form.elements.name.value,
      households: countOf("households"),
      residents: countOf("residents"),
    }),
  },
  close: {
    fields: ["heir"],
    begin: () => {
      const others = state.land.features.map(({ properties }) => [properties.code, properties.name]);
      fill("heir", [["", words.nobody], ...others.filter(([code]) => code !== chosen)]);
    },
    said: () => ({ grid: chosen, heir: form.elements.heir.value || null }),
  },
};

let state = null;
let chosen = null;
let tool = null;
let drawn = null;
let joined = [];
let lanes = [];
const map = new DraftMap(byId("map"), document.body.dataset.tiles, choose);

const propertiesOf = (code) => state.land.features.find(({ properties }) => properties.code === code)?.properties;
const communityOf = (code) => state.communities.find((community) => code.startsWith(community.code));
const newName = (community) => state.communities.find(({ code }) => code === community).next;

const countOf = (name) => (form.elements[name].value === "" ? null : Number(form.elements[name].value));

const ask = async (path, body) => {
  const sent = body && {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": page.dataset.token },
    body: JSON.stringify(body),
  };
  try {
    const answer = await fetch(`${page.dataset.url}/${path}`, sent);
    const said = await answer.json().catch(() => ({}));
    return answer.ok ? said : { fault: said.message ?? words.offline };
  } catch {
    return { fault: words.offline };
  }
};

const complain = (message) => {
  byId("alert").hidden = !message;
  byId("alert").textContent = message ?? "";
  if (message) byId("alert").scrollIntoView({ block: "nearest" });
};

const fill = (name, options) =>
  form.elements[name].replaceChildren(...options.map(([value, label]) => new Option(label, value)));

const fillLanes = () => {
  lanes = map.lanesAcross(chosen);
  fill("lane", [["", words.drawn], ...lanes.map(({ properties }, at) => [String(at), properties.name])]);
};

const showJoined = () => {
  map.mark([chosen, ...joined]);
  byId("said").textContent = [chosen, ...joined].map((code) => propertiesOf(code).name).join(" + ");
};

function choose(code) {
  if (!isOpen || (tool && tool !== "merge")) return;
  if (tool === "merge") {
    if (code !== chosen) joined = joined.includes(code) ? joined.filter((one) => one !== code) : [...joined, code];
    return showJoined();
  }
  chosen = code;
  map.mark([code]);
  const { name, households, residents } = propertiesOf(code);
  byId("none").hidden = true;
  byId("unit").hidden = false;
  byId("unit-name").textContent = name;
  const facts = [code, households && `${households} ${words.households}`, residents && `${residents} ${words.residents}`];
  byId("unit-facts").textContent = facts.filter(Boolean).join(" · ");
}

const begin = (name) => {
  stop();
  tool = name;
  complain(null);
  byId("hint").textContent = words[name] ?? "";
  byId("form-title").textContent = page.querySelector(`[data-tool="${name}"]`).textContent.trim();
  form.querySelectorAll("[data-field]").forEach((field) => (field.hidden = !TOOLS[name].fields.includes(field.dataset.field)));
  form.hidden = false;
  page.classList.add("is-busy");
  if (name !== "add") map.focus(chosen);
  TOOLS[name].begin();
};

const stop = () => {
  map.rest();
  [tool, drawn, joined] = [null, null, []];
  byId("hint").textContent = "";
  if (form) form.hidden = true;
  page.classList.remove("is-busy");
};

const show = (next) => {
  state = next;
  stop();
  map.show(state);
  if (chosen && !propertiesOf(chosen)) {
    chosen = null;
    byId("none").hidden = false;
    byId("unit").hidden = true;
  }
  if (chosen) choose(chosen);
  const items = state.edits.map(({ words: said, by, at }) => {
    const item = document.createElement("li");
    const about = document.createElement("span");
    about.className = "meta";
    about.textContent = `${by} · ${at}`;
    item.append(said, about);
    return item;
  });
  byId("edits").replaceChildren(...(items.length ? items : [Object.assign(document.createElement("li"), { textContent: words.none, className: "meta" })]));
  if (isOpen) {
    byId("undo").disabled = !state.edits.length;
    byId("seen").value = state.seen;
  }
  complain(state.conflict);
  check();
};

const check = async () => {
  const { fault, ok, findings } = await ask("findings.json");
  if (fault) return complain(fault);
  byId("verdict").textContent = ok ? words.ok : words.blocked;
  byId("verdict").className = `chip ${ok ? "chip-green" : "chip-red"}`;
  if (isOpen) byId("publish").disabled = !ok || !state.edits.length;
  const items = findings.map((finding) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: finding.message });
    button.className = finding.blocking ? "is-blocking" : "";
    button.addEventListener("click", () => map.point(finding));
    item.append(button);
    return item;
  });
  byId("findings").replaceChildren(...(items.length ? items : [Object.assign(document.createElement("li"), { textContent: words.clean, className: "meta" })]));
};

const send = async (path, body) => {
  page.classList.add("is-sending");
  const next = await ask(path, body);
  page.classList.remove("is-sending");
  if (!next.fault) return show(next);
  if (tool === "shift") show(state);
  complain(next.fault);
};

if (isOpen) {
  page.querySelectorAll("[data-tool]").forEach((button) => button.addEventListener("click", () => begin(button.dataset.tool)));
  byId("cancel").addEventListener("click", () => show(state));
  byId("undo").addEventListener("click", () => send("undo", { seen: state.seen }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("edits", { kind: TOOLS[tool].kind ?? tool, said: TOOLS[tool].said(), seen: state.seen });
  });
  form.elements.lane.addEventListener("change", ({ target }) => {
    if (target.value) drawn = null;
  });
  form.elements.community.addEventListener("change", ({ target }) => {
    if (tool === "add") form.elements.name.value = newName(target.value);
  });
}

const [first, streets] = await Promise.all([ask("state.json"), ask("lanes.geojson")]);
if (first.fault) complain(first.fault);
else {
  map.place(first.border);
  if (!streets.fault) map.showLanes(streets);
  show(first);
}
