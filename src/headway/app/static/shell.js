// Of every page: work that is shown is followed, and deleting asks first.

import { follow } from "./jobs.js";

follow(() => location.reload());

for (const form of document.querySelectorAll("form[data-ask]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.ask)) event.preventDefault();
  });
}
