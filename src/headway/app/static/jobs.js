// How far work is: fills every element with data-job from the server's events, and tells when a job ended.

import { t } from "./texts.js";

const ENDED = ["done", "failed", "cancelled"];

/** Follow the jobs on the page; calls ended(job) once for each that ended. */
export function follow(ended) {
  const shown = [...document.querySelectorAll("[data-job]")];
  if (!shown.length) return null;
  const source = new EventSource(`/events?jobs=${shown.map((one) => one.dataset.job).join(",")}`);
  const over = new Set();
  source.addEventListener("message", (event) => {
    for (const job of JSON.parse(event.data)) {
      for (const host of document.querySelectorAll(`[data-job="${job.id}"]`)) draw(host, job);
      if (ENDED.includes(job.state) && !over.has(job.id)) {
        over.add(job.id);
        ended(job);
      }
    }
  });
  addEventListener("pagehide", () => source.close());
  for (const button of document.querySelectorAll("[data-cancel]")) {
    button.addEventListener("click", () => {
      button.disabled = true;
      fetch(`/jobs/${button.dataset.cancel}/cancel`, { method: "POST" });
    });
  }
  return source;
}

function draw(host, job) {
  const bar = host.querySelector("progress"), state = host.querySelector(".state");
  if (bar && job.expected) {
    bar.max = job.expected;
    bar.value = job.done;
  }
  const percent = job.expected ? Math.floor((100 * job.done) / job.expected) : null;
  const text = job.state === "running" && percent !== null ? `${percent} %` : t(`jobs.${job.state}`);
  if (state && state.textContent !== text) state.textContent = text;
}
