// Two films in step: one clock counts landings, and each film shows its own time of that clock.

import { t } from "./texts.js";

const films = JSON.parse(document.getElementById("films").textContent);
const videos = [...document.querySelectorAll(".beside video")];
const boxes = [...document.querySelectorAll(".film-box")];
const byId = (id) => document.getElementById(id);
const play = byId("start"), where = byId("where"), rate = byId("rate");

/** Landings of both films that go together: from the first landing of one foot in both, side by side. */
function together() {
  const [a, b] = films.map((one) => one.film.contacts);
  for (let i = 0; i < Math.min(a.length, 2); i++) {
    for (let j = 0; j < Math.min(b.length, 2); j++) {
      if (a[i][0] !== b[j][0]) continue;
      const count = Math.min(a.length - i, b.length - j);
      const pairs = [];
      for (let k = 0; k < count; k++) {
        if (a[i + k][0] !== b[j + k][0]) break;
        pairs.push({ side: a[i + k][0], times: [a[i + k][1], b[j + k][1]] });
      }
      if (pairs.length > 1) return pairs;
    }
  }
  return null;
}

const pairs = films.every((one) => one.film.track.length > 1) ? together() : null;
let at = 0, playing = false, last = 0;

/** Where the runner of a film is at a time: middle across, lowest point, stature, px of the film. */
function place(film, time) {
  const track = film.track;
  let k = track.findIndex((row) => row[0] >= time);
  if (k < 0) k = track.length - 1;
  if (k === 0) return track[0].slice(1);
  const [a, b] = [track[k - 1], track[k]], part = Math.min(Math.max((time - a[0]) / (b[0] - a[0]), 0), 1);
  return [1, 2, 3].map((i) => a[i] + part * (b[i] - a[i]));
}

/** Both bodies as tall as each other, standing on one line in the middle. */
function lay(i, time) {
  const box = boxes[i], [w, h] = films[i].film.size, [across, low, stature] = place(films[i].film, time);
  const wide = box.clientWidth, high = box.clientHeight, scale = (0.72 * high) / stature;
  Object.assign(videos[i].style, {
    width: `${w * scale}px`, height: `${h * scale}px`,
    left: `${wide / 2 - across * scale}px`, top: `${0.9 * high - low * scale}px`,
  });
}

function timeOf(film) {
  const k = Math.min(Math.floor(at), pairs.length - 2), part = at - k;
  const from = pairs[k].times[film], to = pairs[k + 1].times[film];
  return from + part * (to - from);
}

function show() {
  videos.forEach((video, i) => {
    const wanted = Math.max(timeOf(i), 0);
    if (Math.abs(video.currentTime - wanted) > 0.004 && !video.seeking) video.currentTime = wanted;
    lay(i, wanted);
  });
  const near = Math.round(at);
  if (Math.abs(at - near) < 0.02 && !playing) where.textContent = t("beside.landing", { n: near + 1, side: t(`beside.${pairs[near].side}`) });
}

function go(to) {
  at = Math.min(Math.max(to, 0), pairs.length - 1);
  show();
}

function step(now) {
  if (!playing) return;
  const k = Math.min(Math.floor(at), pairs.length - 2);
  const seconds = pairs[k + 1].times[0] - pairs[k].times[0];
  at += ((now - last) / 1000) * Number(rate.value) / seconds;
  last = now;
  if (at >= pairs.length - 1) at = 0;
  show();
  requestAnimationFrame(step);
}

function toggle() {
  playing = !playing;
  play.textContent = t(playing ? "beside.pause" : "beside.play");
  last = performance.now();
  if (playing) requestAnimationFrame(step);
  else show();
}

function halt(to) {
  if (playing) toggle();
  go(to);
}

/** One thirtieth of a second of the first film. */
function picture(way) {
  const k = Math.min(Math.floor(at), pairs.length - 2);
  halt(at + way / 30 / (pairs[k + 1].times[0] - pairs[k].times[0]));
}

if (pairs) {
  addEventListener("resize", show);
  play.addEventListener("click", toggle);
  byId("previous").addEventListener("click", () => halt(Math.ceil(at - 0.02) - 1));
  byId("next").addEventListener("click", () => halt(Math.floor(at + 0.02) + 1));
  byId("back").addEventListener("click", () => picture(-1));
  byId("on").addEventListener("click", () => picture(1));
  addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea, button, a")) return;
    const done = { " ": toggle, ArrowLeft: () => picture(-1), ArrowRight: () => picture(1), PageUp: () => halt(Math.ceil(at - 0.02) - 1), PageDown: () => halt(Math.floor(at + 0.02) + 1) }[event.key];
    if (!done) return;
    event.preventDefault();
    done();
  });
  for (const video of videos) video.addEventListener("seeked", () => playing || show());
  for (const video of videos) video.addEventListener("loadeddata", show);
  show();
} else {
  byId("few").hidden = false;
  for (const button of document.querySelectorAll(".player button")) button.disabled = true;
}
