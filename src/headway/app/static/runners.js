// Reads a runner from a file: sends it, then lets the form go.

import { send } from "./upload.js";
import { t } from "./texts.js";

const chooser = document.getElementById("zip"), form = document.getElementById("read");
const bar = form.querySelector("progress"), state = form.querySelector(".state");

chooser.addEventListener("change", async () => {
  const file = chooser.files[0];
  if (!file) return;
  bar.hidden = false;
  try {
    form.elements.upload.value = await send(file, (received, size) => {
      bar.max = size;
      bar.value = received;
    });
    form.submit();
  } catch {
    bar.hidden = true;
    state.textContent = t("add.broken");
  }
});
