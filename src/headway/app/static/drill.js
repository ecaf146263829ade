// Leads an experiment: the quiz first, then block after block by voice, beat and chirps, ratings that are hidden once tapped, and the recording.

import { Sound, canSpeak, speak } from "./beat.js";
import { NoCamera, Recording, closeCamera, openCamera } from "./camera.js";
import { t } from "./texts.js";
import { send } from "./upload.js";

const session = JSON.parse(document.getElementById("session").textContent);
const LEAD = 10, SPOKEN = 7, COUNT = 3; // s before the first block, s before a block at which its cue is said, s of the count-in
const $ = (id) => document.getElementById(id);
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

let sound = null, stream = null, recording = null, halted = false, watch = 0, begun = 0;

function part(name) {
  for (const one of document.querySelectorAll(".part")) one.hidden = one.id !== `part-${name}`;
  $("heading").focus({ preventScroll: true });
  scrollTo(0, 0);
}

function fault(text = "") {
  $("fault").textContent = text;
  $("fault").hidden = !text;
}

/** Keep an answer; what the network loses is sent again. */
async function keep(said) {
  for (let k = 0; k < 20; k++) {
    try {
      const answer = await fetch(`/drill/${session.experiment}/answers`, { method: "POST", body: JSON.stringify(said) });
      if (answer.ok) return;
    } catch { /* the app may start again */ }
    await wait(500 * (k + 1));
  }
  fault(t("drill.not_kept"));
}

function quiz() {
  part("quiz");
  for (const button of document.querySelectorAll("[data-quiz]")) {
    button.addEventListener("click", async () => {
      await keep({ quiz: button.dataset.quiz });
      ready();
    });
  }
}

async function ready() {
  part("ready");
  const chosen = document.querySelector(`input[name=recorded][value=${session.recorded ?? "film"}]`);
  chosen.checked = true;
  $("beat").value = session.beat || "";
  $("voice").textContent = t((await canSpeak()) ? "drill.voice" : "drill.no_voice");
}

function recorded() {
  return document.querySelector("input[name=recorded]:checked").value;
}

async function listen() {
  sound ??= new Sound();
  await sound.wake();
  await sound.load([1]);
  sound.mark("start", 1, sound.now + 0.1);
  speak(t(`drill.cue_${session.slots[0].condition}`));
}

async function begin() {
  fault();
  $("begin").disabled = true;
  try {
    await prepare();
  } catch (error) {
    fault(error instanceof NoCamera ? t(`camera.${error.reason}`) : t("drill.not_kept"));
    $("begin").disabled = false;
    return;
  }
  part("run");
  await lead();
}

async function prepare() {
  const how = recorded(), again = how === "camera" && session.done.length > 0;
  session.recorded = how;
  session.beat = Math.round(Number($("beat").value)) || 0;
  if (how === "camera") {
    $("video").hidden = false;
    stream = await openCamera($("video"), { sound: true });
    recording = new Recording(stream, `drill-${session.experiment}`);
    begun = await recording.begun;
  }
  sound ??= new Sound();
  await sound.wake();
  await sound.load(session.slots.map((one) => one.number));
  await keep({ recorded: how, beat: session.beat, again });
  if (again) session.done = [];
  try {
    await navigator.wakeLock?.request("screen");
  } catch { /* the screen may go dark */ }
}

/** Go through the blocks that were not run yet; times on the clock of the sounds. */
async function lead() {
  const left = session.slots.filter((one) => !session.done.includes(one.number));
  let at = sound.now + LEAD, before = null;
  for (const slot of left) {
    if (before) at += slot.start - before.stop;
    await approach(slot, at, left.length);
    if (halted) return;
    const started = clock(at);
    sound.mark("start", slot.number, at - session.mark);
    at += slot.stop - slot.start;
    sound.mark("stop", slot.number, at);
    sound.beat(session.beat, at - (slot.stop - slot.start), at);
    await through(slot, at);
    if (halted) return;
    const stopped = clock(at);
    rate(slot, {
      started: started.epoch, stopped: stopped.epoch,
      ...(recording ? { start: started.recorded, stop: stopped.recorded } : {}),
    });
    before = slot;
  }
  await rest(at + 2 * session.mark);
  await end();
}

/** A moment of the sound clock, as the computer's clock and the recording's know it, s. */
function clock(at) {
  const heard = performance.now() / 1000 + (at - sound.now) + sound.late;
  return { epoch: (performance.timeOrigin / 1000) + heard, recorded: heard - begun / 1000 };
}

async function approach(slot, at, count) {
  const words = t(`drill.cue_${slot.condition}`);
  const spoken = Math.min(SPOKEN, 0.7 * (at - sound.now)), counted = at - session.mark - COUNT;
  let told = false;
  for (let k = 0; k < COUNT; k++) if (counted + k > sound.now) sound.tone(counted + k);
  while (sound.now < at - session.mark && !halted) {
    const left = at - sound.now;
    if (left <= spoken && !told) {
      told = true;
      speak(words);
    }
    if (sound.now >= counted) hideRating();
    show(told ? words : t(session.slots[0] === slot ? "drill.soon" : "drill.between"), left, 0, slot);
    await wait(100);
  }
}

async function through(slot, stop) {
  const long = slot.stop - slot.start;
  while (sound.now < stop && !halted) {
    show(t(`drill.cue_${slot.condition}`), stop - sound.now, 1 - (stop - sound.now) / long, slot);
    await wait(100);
  }
  if (!halted) speak(t("drill.between_said"));
}

async function rest(until) {
  while ((sound.now < until || !$("rating").hidden) && !halted) {
    $("cue").textContent = t("drill.last");
    $("clock").textContent = "";
    await wait(100);
  }
}

function show(words, left, share, slot) {
  if ($("cue").textContent !== words) $("cue").textContent = words;
  const seconds = Math.max(0, Math.ceil(left));
  $("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  $("bar").value = Math.min(1, Math.max(0, share));
  $("place").textContent = t("drill.place", { n: session.slots.indexOf(slot) + 1, of: session.slots.length });
}

/** Ask for both ratings; each disappears once it is tapped. */
function rate(slot, about) {
  keep({ block: slot.number, about });
  session.done.push(slot.number);
  watch = slot.number;
  $("rating").hidden = false;
  for (const scale of document.querySelectorAll("[data-scale]")) scale.hidden = false;
}

function hideRating() {
  $("rating").hidden = true;
  watch = 0;
}

for (const button of document.querySelectorAll(".ten")) {
  button.addEventListener("click", () => {
    const scale = button.closest("[data-scale]");
    if (watch) keep({ block: watch, about: { [scale.dataset.scale]: Number(button.dataset.value) } });
    scale.hidden = true;
    if (![...document.querySelectorAll("[data-scale]")].some((one) => !one.hidden)) hideRating();
  });
}

async function end() {
  sound.silence();
  part("end");
  const how = session.recorded;
  $("bring").textContent = t(`drill.bring_${how}`);
  $("file-label").hidden = how === "camera";
  if (how === "camera") {
    const film = await recording.stop();
    closeCamera(stream);
    await bring(film);
  }
}

async function bring(file) {
  fault();
  try {
    const number = await send(file, (got, all) => {
      $("sent").textContent = t("drill.sending", { percent: Math.floor((100 * got) / all) });
    });
    const answer = await fetch(`/drill/${session.experiment}/finish`, { method: "POST", body: new URLSearchParams({ uploads: number }) });
    if (answer.status === 422) throw new Error(await answer.text());
    if (!answer.ok) throw new Error(t("drill.not_kept"));
    location.href = `/experiments/${session.experiment}`;
  } catch (error) {
    $("sent").textContent = "";
    fault(error.message.length > 3 ? error.message : t("drill.not_kept"));
  }
}

$("begin").addEventListener("click", begin);
$("listen").addEventListener("click", listen);
$("halt").addEventListener("click", () => {
  halted = true;
  sound.silence();
  if (recording) recording.stop();
  closeCamera(stream);
  location.reload();
});
$("file").addEventListener("change", () => {
  if ($("file").files.length) bring($("file").files[0]);
});
addEventListener("beforeunload", (event) => {
  if (!$("part-run").hidden && !halted) event.preventDefault();
});

if (!session.quiz) quiz();
else if (session.done.length === session.slots.length && session.recorded !== "camera") {
  part("end");
  $("bring").textContent = t(`drill.bring_${session.recorded}`);
} else ready();
