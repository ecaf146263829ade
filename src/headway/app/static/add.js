// The page on which files are dropped: sends them, and lets the form go when all are there.

import { Refused, send } from "./upload.js";
import { t } from "./texts.js";

const zone = document.getElementById("drop"), chooser = document.getElementById("files");
const list = document.getElementById("uploads"), form = document.getElementById("recording");
const go = document.getElementById("go"), numbers = document.getElementById("numbers");
let sending = 0;

function refresh() {
  const chosen = [...list.querySelectorAll("input[type=checkbox]:checked")].map((one) => one.value);
  numbers.value = chosen.join(",");
  go.disabled = sending > 0 || !chosen.length;
}

function row(name) {
  const item = document.createElement("li"), label = document.createElement("span");
  const bar = document.createElement("progress"), state = document.createElement("span");
  label.className = "name";
  label.textContent = name;
  state.className = "state soft";
  bar.max = 1;
  bar.setAttribute("aria-label", t("add.sending", { name }));
  item.append(label, bar, state);
  list.append(item);
  return { item, bar, state };
}

/** Replace the bar by a box with which the file can be left out again. */
function ready(item, id, name) {
  const label = document.createElement("label"), box = document.createElement("input");
  const remove = document.createElement("button");
  box.type = "checkbox";
  box.value = String(id);
  box.checked = true;
  label.append(box, ` ${name}`);
  remove.type = "button";
  remove.className = "quiet";
  remove.dataset.drop = String(id);
  remove.textContent = t("add.drop_file");
  remove.setAttribute("aria-label", t("add.drop_named", { name }));
  item.replaceChildren(label, remove);
}

async function take(file) {
  const { item, bar, state } = row(file.name);
  sending += 1;
  refresh();
  try {
    const id = await send(file, (received, size) => {
      bar.max = size;
      bar.value = received;
      state.textContent = `${Math.floor((100 * received) / size)} %`;
    });
    for (const old of list.querySelectorAll(`li[data-upload="${id}"]`)) old.remove();
    item.dataset.upload = String(id);
    ready(item, id, file.name);
  } catch (fault) {
    const key = fault instanceof Refused ? { 413: "too_large", 507: "disk_full", 400: "empty" }[fault.status] : null;
    bar.remove();
    state.textContent = t(`add.${key ?? "broken"}`);
    state.setAttribute("role", "alert");
  } finally {
    sending -= 1;
    refresh();
  }
}

/** One after the other: a film wants the whole line. */
async function takeAll(files) {
  for (const file of files) await take(file);
}

chooser.addEventListener("change", () => {
  takeAll([...chooser.files]);
  chooser.value = "";
});
for (const kind of ["dragenter", "dragover"]) {
  zone.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
zone.addEventListener("drop", (event) => {
  event.preventDefault();
  takeAll([...event.dataTransfer.files]);
});
list.addEventListener("change", refresh);
list.addEventListener("click", async (event) => {
  const id = event.target.dataset?.drop;
  if (!id) return;
  await fetch(`/uploads/${id}`, { method: "DELETE" });
  event.target.closest("li").remove();
  refresh();
});
addEventListener("beforeunload", (event) => {
  if (sending) event.preventDefault();
});

const who = document.getElementById("f-runner"), more = document.getElementById("new-runner");
function choose() {
  more.hidden = who.value !== "new";
  for (const input of more.querySelectorAll("input, select")) input.disabled = more.hidden;
}
who.addEventListener("change", choose);
choose();
refresh();
