// The page on the phone: sends what was chosen, one file after the other.

import { Refused, send } from "./upload.js";
import { t } from "./texts.js";

const chooser = document.getElementById("files"), list = document.getElementById("uploads");

async function take(file) {
  const item = document.createElement("li"), name = document.createElement("span");
  const bar = document.createElement("progress"), state = document.createElement("span");
  name.textContent = file.name;
  bar.max = 1;
  bar.setAttribute("aria-label", t("add.sending", { name: file.name }));
  state.setAttribute("role", "status");
  item.append(name, bar, state);
  list.append(item);
  try {
    await send(file, (received, size) => {
      bar.max = size;
      bar.value = received;
    });
    bar.remove();
    state.textContent = t("phone.there");
  } catch (fault) {
    const key = fault instanceof Refused ? { 413: "add.too_large", 507: "add.disk_full", 400: "add.empty", 401: "phone.shut", 403: "phone.shut" }[fault.status] : null;
    state.textContent = t(key ?? "add.broken");
  }
}

chooser.addEventListener("change", async () => {
  const files = [...chooser.files];
  chooser.value = "";
  for (const file of files) await take(file);
});
