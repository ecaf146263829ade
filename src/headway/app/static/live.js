// The camera's pictures go to this computer's own server, newest first; what it sees is drawn over the very picture it saw.

import { NoCamera, Recording, cameras, closeCamera, openCamera } from "./camera.js";
import { t } from "./texts.js";
import { send } from "./upload.js";

const LONGEST = 640; // px of what is sent: the pose model looks at 384
const QUALITY = 0.8;
const SURE = 0.3;
const TRAIL = 1.5; // s
const AHEAD = 0.25; // statures over half of the picture of the feet
const $ = (id) => document.getElementById(id);
const video = $("video"), canvas = $("canvas"), pen = canvas.getContext("2d");
const told = document.querySelector(".live-told");

let stream = null, socket = null, ready = null, recording = null, waiting = new Map(), trail = [], drawn = [], last = -1;
const scratch = document.createElement("canvas"), brush = scratch.getContext("2d", { alpha: false, willReadFrequently: true });

function say(key, filled) {
  $("told").textContent = key ? t(key, filled) : "";
}

function fault(text) {
  $("fault").textContent = text;
  $("fault").hidden = !text;
}

async function start(device = "") {
  fault("");
  $("start").disabled = true;
  say("live.opening");
  try {
    stream = await openCamera(video, { device });
  } catch (error) {
    stream = null;
    say("");
    fault(t(`camera.${error instanceof NoCamera ? error.reason : "none"}`));
    $("start").disabled = false;
    return;
  }
  stream.getVideoTracks()[0].addEventListener("ended", () => stop("camera.ended"));
  await list();
  for (const id of ["stop", "record"]) $(id).hidden = false;
  $("start").hidden = true;
  $("stop").focus();
  connect();
}

async function list() {
  const found = await cameras();
  const now = stream.getVideoTracks()[0].getSettings().deviceId;
  $("cameras").replaceChildren(...found.map((one, k) => new Option(one.label || `${k + 1}`, one.deviceId, false, one.deviceId === now)));
  $("cameras-label").hidden = found.length < 2;
}

function connect() {
  say("live.loading");
  socket = new WebSocket(`ws://${location.host}/live/stream`);
  socket.addEventListener("message", (event) => take(JSON.parse(event.data)));
  const own = socket;
  socket.addEventListener("close", () => {
    if (socket === own && stream) stop("live.lost");
  });
}

function stop(key = "live.before") {
  const open = socket;
  socket = ready = null;
  open?.close();
  closeCamera(stream);
  stream = null;
  waiting = new Map();
  if (recording) finish();
  for (const id of ["stop", "record"]) $(id).hidden = true;
  $("start").hidden = $("start").disabled = false;
  say(key);
}

function take(data) {
  if ("fault" in data) {
    stop("");
    fault(data.fault === "taken" ? t("live.taken") : data.fault);
  } else if ("together" in data) {
    ready = data;
    say("");
    look();
  } else if ("busy" in data) {
    waiting.get(data.busy)?.close();
    waiting.delete(data.busy);
  } else {
    draw(data);
  }
}

/** Send the newest picture whenever the server has room for one. */
async function look() {
  if (!ready || !stream) return;
  if (waiting.size < ready.together && video.readyState >= 2) {
    const time = performance.now() / 1000;
    const scale = Math.min(1, LONGEST / Math.max(video.videoWidth, video.videoHeight));
    scratch.width = Math.round(video.videoWidth * scale);
    scratch.height = Math.round(video.videoHeight * scale);
    waiting.set(time, null);
    brush.drawImage(video, 0, 0, scratch.width, scratch.height);
    const [picture, blob] = await Promise.all([
      createImageBitmap(scratch),
      new Promise((done) => scratch.toBlob(done, "image/jpeg", QUALITY)),
    ]);
    const message = await new Blob([new Float64Array([time]), blob]).arrayBuffer();
    if (socket?.readyState === WebSocket.OPEN && waiting.has(time)) {
      waiting.set(time, picture);
      socket.send(message);
    } else {
      picture.close();
      waiting.delete(time);
    }
  }
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(look);
  else requestAnimationFrame(look);
}

function draw(found) {
  const picture = waiting.get(found.time);
  waiting.delete(found.time);
  if (!picture) return;
  if (found.time < last) return picture.close(); // an older one that took longer
  last = found.time;
  if (canvas.width !== picture.width || canvas.height !== picture.height) {
    canvas.width = picture.width;
    canvas.height = picture.height;
  }
  pen.drawImage(picture, 0, 0);
  picture.close();
  body(found);
  feet(found);
  numbers(found.stride);
  pace(found);
}

function body({ points, head, foot, stance }) {
  const unit = canvas.height / 100;
  const style = getComputedStyle(document.documentElement);
  const sides = { left: style.getPropertyValue("--left"), right: style.getPropertyValue("--right") };
  pen.lineWidth = Math.max(2, unit / 2);
  pen.lineCap = "round";
  pen.strokeStyle = "rgba(255, 255, 255, 0.9)";
  for (const [a, b] of ready.lines) {
    if (!points[a] || !points[b] || points[a][2] < SURE || points[b][2] < SURE) continue;
    pen.beginPath();
    pen.moveTo(points[a][0], points[a][1]);
    pen.lineTo(points[b][0], points[b][1]);
    pen.stroke();
  }
  if (head && foot) {
    pen.strokeStyle = sides[stance];
    pen.setLineDash([2 * unit, unit]);
    pen.beginPath();
    pen.moveTo(head[0], head[1]);
    pen.lineTo(head[0], foot[1]);
    pen.stroke();
    pen.setLineDash([]);
    spot(foot, unit * 1.6, sides[stance]);
  }
  if (head) spot(head, unit * 2, "#ffffff");
}

function spot([x, y], size, colour) {
  pen.beginPath();
  pen.arc(x, y, size, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}

/** The footprints from above, and the head as a dot that moves over them. */
function feet({ time, dot, prints, over, stance, stride }) {
  const side = stride.view === "side";
  const at = side ? over : dot;
  const places = side ? [["both", 0]] : [["left", prints[0]], ["right", prints[1]]];
  const shown = places.filter(([, place]) => place !== null);
  const scale = 150 / (side ? 2 * AHEAD : AHEAD);
  const host = $("prints");
  while (host.children.length < shown.length) {
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", "#sole");
    host.append(use);
  }
  while (host.children.length > shown.length) host.lastChild.remove();
  shown.forEach(([name, place], k) => {
    const own = name === "both" ? stance ?? "left" : name;
    host.children[k].setAttribute("class", `${own}${own === stance ? " stands" : ""}`);
    host.children[k].setAttribute("transform", `translate(${(place * scale).toFixed(1)} 0) scale(0.7)${side ? ` rotate(${stride.direction < 0 ? -90 : 90})` : ""}`);
  });
  if (at === null) {
    $("dot").setAttribute("visibility", "hidden");
    $("trail").setAttribute("points", "");
    trail = [];
    return;
  }
  trail.push([time, at * scale]);
  while (trail.length && trail[0][0] < time - TRAIL) trail.shift();
  const clip = (x) => Math.max(-155, Math.min(155, x)).toFixed(1);
  $("trail").setAttribute("points", trail.map(([when, x]) => `${clip(x)},${(60 * (time - when)) / TRAIL}`).join(" "));
  $("dot").setAttribute("visibility", "visible");
  $("dot").setAttribute("cx", clip(at * scale));
}

function number(value, decimals) {
  const text = value.toFixed(decimals);
  return told.dataset.comma ? text.replace(".", ",") : text;
}

function length(statures) {
  const height = parseFloat($("runner").value);
  if (!height) return [statures * 100, 1, t("live.of_height")];
  return told.dataset.units === "imperial" ? [(statures * height) / 0.0254, 1, "in"] : [statures * height * 100, 1, "cm"];
}

function numbers({ cadence, bounce, view, why }) {
  const cannot = t("live.cannot");
  $("cadence").textContent = cadence ? `${number(cadence.value, 0)} ± ${number(Math.max(cadence.half, 0.5), 0)} ${t("live.per_minute")}` : cannot;
  $("bounce-name").textContent = t(view === "side" ? "live.bounce_up" : view ? "live.bounce_side" : "live.bounce");
  if (bounce) {
    const [value, decimals, unit] = length(bounce.value), [half] = length(bounce.half);
    $("bounce").textContent = `${number(value, decimals)} ± ${number(half, decimals)} ${unit}`;
  } else {
    $("bounce").textContent = cannot;
  }
  $("why").textContent = why ? t(`live.why_${why}`) : t(`live.view_${view}`);
  $("feet-told").textContent = t(view === "side" ? "live.feet_side" : "live.feet_caption");
}

/** Pictures per second and how old they are when they are drawn. */
function pace({ time }) {
  const now = performance.now() / 1000;
  drawn.push([now, now - time]);
  while (drawn[0][0] < now - 5) drawn.shift();
  if (drawn.length < 3) return;
  const rate = (drawn.length - 1) / (now - drawn[0][0]);
  const late = drawn.map(([, one]) => one).sort((a, b) => a - b)[drawn.length >> 1] * 1000;
  $("speed").textContent = t("live.speed", { rate: number(rate, 0), late: number(late, 0) });
  canvas.dataset.rate = rate.toFixed(1);
  canvas.dataset.late = late.toFixed(0);
}

async function finish() {
  const own = recording;
  recording = null;
  $("record").setAttribute("aria-pressed", "false");
  $("record").textContent = t("live.record");
  const film = await own.stop();
  say("live.keeping", { percent: 0 });
  try {
    await send(film, (got, all) => say("live.keeping", { percent: Math.floor((100 * got) / all) }));
    location.href = "/add";
  } catch {
    fault(t("live.not_kept"));
  }
}

$("start").addEventListener("click", () => start());
$("stop").addEventListener("click", () => stop());
$("record").addEventListener("click", () => {
  if (recording) {
    stop();
    return;
  }
  recording = new Recording(stream, `live-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-")}`);
  $("record").setAttribute("aria-pressed", "true");
  $("record").textContent = t("live.record_stop");
});
$("cameras").addEventListener("change", async () => {
  const device = $("cameras").value;
  stop("");
  await start(device);
});
addEventListener("pagehide", () => closeCamera(stream));
