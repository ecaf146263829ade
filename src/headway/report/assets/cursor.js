// One instant for the whole page. Everything that moves listens to the cursor; everything that can be pointed at sets it.

const SIDES = ["left", "right"];
const data = JSON.parse(document.getElementById("data").textContent);

/** Words of this page's language, with {name} filled in. */
function say(key, filled = {}) {
  return data.words[key].replace(/\{(\w+)\}/g, (_, name) => filled[name]);
}

/** Where in a stance an instant lies, in words. */
function place(side, percent, instead) {
  return side ? say(`stance_${side}`, { percent: written(percent, 0) }) : instead || say("in_flight");
}

/** Make an SVG element inside a parent. */
function svg(name, attributes, parent) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  if (parent) parent.append(node);
  return node;
}

/** Write SVG text; the words never pass through markup. */
function label(words, attributes, parent) {
  const node = svg("text", attributes, parent);
  node.textContent = words;
  return node;
}

/** Write a number with a true minus sign. */
function written(value, decimals) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? (0).toFixed(decimals) : text).replace("-", "−").replace(".", say("point"));
}

/** Value of a curve over 0 to 100 % between its samples. */
function valueAt(curve, percent) {
  const i = Math.min(Math.floor(percent), curve.length - 2);
  const a = curve[i], b = curve[i + 1];
  return a === null || b === null ? null : a + (b - a) * (percent - i);
}

/** Call again whenever the width of a host changes, first at once. */
function onWidth(host, draw) {
  let known = 0;
  const check = () => {
    const width = Math.floor(host.clientWidth);
    if (width > 0 && width !== known) draw((known = width));
  };
  check();
  if (window.ResizeObserver) new ResizeObserver(check).observe(host);
  else window.addEventListener("resize", check);
}

class Cursor {
  constructor(timeline) {
    Object.assign(this, timeline);
    this.count = this.time.length;
    this.listeners = [];
    this.playing = false;
    this.rate = 0.25;
    this.recent = SIDES.find((side) => this.percent[side].some((p) => p !== null)) || null;
    this.state = { frame: 0, side: null, percent: null };
  }

  listen(listener) {
    this.listeners.push(listener);
    listener(this.state);
  }

  next(i) {
    return i + 1 < this.count ? i + 1 : this.loop ? 0 : i;
  }

  /** Which foot is on the ground at a frame, and how far through its stance. */
  at(frame) {
    const i = Math.floor(frame), part = frame - i;
    for (const side of SIDES) {
      const a = this.percent[side][i], b = this.percent[side][this.next(i)];
      if (a !== null) return { frame, side, percent: b !== null && b > a ? a + (b - a) * part : a };
    }
    return { frame, side: null, percent: null };
  }

  emit(state) {
    this.state = state;
    if (state.side) this.recent = state.side;
    for (const listener of this.listeners) listener(state);
  }

  set(frame) {
    if (!this.count) return;
    const last = this.count - 1;
    const inside = this.loop ? ((frame % this.count) + this.count) % this.count : Math.min(Math.max(frame, 0), last);
    this.emit(this.at(inside));
  }

  /** Go to a % of the stance of one foot; without a foot, of the one last on the ground. */
  setPercent(side, percent) {
    const asked = side || this.recent;
    const wanted = [asked, ...SIDES].find((s) => s && this.percent[s].some((p) => p !== null));
    if (!wanted) return;
    const curve = this.percent[wanted];
    for (let i = 0; i < this.count; i++) {
      const a = curve[i], b = curve[this.next(i)];
      if (a === null || percent < a) continue;
      if (b !== null && b > a && percent <= b) return this.emit({ frame: i + (percent - a) / (b - a), side: asked, percent });
      if (percent === a) return this.emit({ frame: i, side: asked, percent });
    }
  }

  play() {
    if (this.playing || this.count < 2) return;
    this.playing = true;
    let before = null;
    const tick = (now) => {
      if (!this.playing) return;
      if (before !== null) this.advance(((now - before) / 1000) * this.rate);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    this.emit(this.state);
  }

  pause() {
    this.playing = false;
    this.emit(this.state);
  }

  /** Move on by seconds of the runner's time. */
  advance(seconds) {
    const i = Math.floor(this.state.frame);
    const gap = this.time[i + 1] - this.time[i] || this.time[1] - this.time[0];
    const frame = this.state.frame + seconds / gap;
    this.set(!this.loop && frame > this.count - 1 ? 0 : frame);
  }

  /** One frame of the recording on or back. */
  step(frames) {
    this.playing = false;
    this.set(Math.round(this.state.frame) + frames);
  }
}

const cursor = new Cursor(data.timeline);
