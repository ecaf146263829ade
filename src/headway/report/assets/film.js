// The film, and what is drawn over it. Its own steps tie it to the instant of the page, in both directions.

const FILM_RATES = [0.125, 0.25, 0.5, 1];

/** Point of the timeline or of the film between two columns of anchors; null outside. */
function alongAnchors(piece, from, to, value) {
  if (value < piece[0][from] || value > piece[piece.length - 1][from]) return null;
  let i = 1;
  while (i < piece.length - 1 && piece[i][from] < value) i++;
  const a = piece[i - 1], b = piece[i], span = b[from] - a[from];
  return a[to] + (span > 0 ? ((value - a[from]) / span) * (b[to] - a[to]) : 0);
}

class Film {
  constructor(panel, spec, file) {
    Object.assign(this, { panel, spec, frame: 0, wanted: 0 });
    this.part = (name) => panel.querySelector(`.film-${name}`);
    this.video = panel.querySelector("video");
    this.count = spec.time.length;
    this.start = spec.time[0];
    this.overlay();
    this.controls();
    this.load(file);
    cursor.listen((state) => this.follow(state));
  }

  load(file) {
    const { video } = this, text = atob(file), bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    video.addEventListener("error", () => {
      this.part("broken").hidden = false;
      this.draw(this.wanted);
    });
    video.addEventListener("loadeddata", () => this.seek(this.wanted));
    video.addEventListener("seeked", () => this.arrived());
    video.addEventListener("click", () => (cursor.playing ? this.pause() : this.play()));
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  }

  /** Frame on screen at a time of the small film, which starts at zero. */
  frameAt(seconds) {
    let low = 0, high = this.count - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.spec.time[middle] - this.start <= seconds + 5e-4) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Instant well inside the time a frame is shown, so that rounding never lands on its neighbour. */
  inside(i) {
    const { time } = this.spec, next = i + 1 < this.count ? time[i + 1] : 2 * time[i] - time[i - 1];
    return (time[i] + next) / 2 - this.start;
  }

  seek(i) {
    this.wanted = Math.min(Math.max(i, 0), this.count - 1);
    const { video } = this;
    if (video.readyState < 1 || video.error) return this.draw(this.wanted);
    if (!video.seeking) video.currentTime = this.inside(this.wanted);
  }

  arrived() {
    if (cursor.playing) return;
    const shown = this.frameAt(this.video.currentTime);
    if (shown !== this.wanted) this.video.currentTime = this.inside(this.wanted);
    else this.draw(shown);
  }

  /** Lead the page to a frame. */
  go(i) {
    Film.leader = this;
    this.seek(i);
    this.tell(this.wanted);
  }

  step(frames) {
    this.halt();
    this.go(this.wanted + frames);
  }

  play() {
    Film.leader = this;
    if (this.video.error || this.video.readyState < 2) return;
    cursor.playing = true;
    this.video.playbackRate = cursor.rate;
    if (this.wanted >= this.count - 1) this.video.currentTime = 0;
    this.video.play().then(() => this.watch(), () => this.pause());
    cursor.emit(cursor.state);
  }

  /** While it plays, draw with each picture that appears. */
  watch() {
    const { video } = this, next = (then) => (video.requestVideoFrameCallback ? video.requestVideoFrameCallback((_, meta) => then(meta.mediaTime)) : requestAnimationFrame(() => then(video.currentTime)));
    const tick = (seconds) => {
      if (!cursor.playing || Film.leader !== this) return;
      this.wanted = this.frameAt(seconds);
      this.draw(this.wanted);
      this.tell(this.wanted);
      next(tick);
    };
    next(tick);
  }

  halt() {
    const was = cursor.playing;
    cursor.playing = false;
    for (const film of Film.all) film.video.pause();
    return was;
  }

  pause() {
    if (this.halt()) this.seek(this.wanted);
    cursor.emit(cursor.state);
  }

  /** The page's instant that belongs to a frame. */
  stateAt(i) {
    const t = this.spec.time[i], stance = this.spec.stances.find(([, a, b]) => t >= a && t <= b);
    const [side, percent] = stance ? [stance[0], (100 * (t - stance[1])) / (stance[2] - stance[1])] : [null, null];
    let place = null;
    for (const piece of this.spec.anchors) place ??= alongAnchors(piece, 0, 1, t);
    const frame = place === null ? cursor.state.frame : place % cursor.count;
    return { frame, side, percent, film: this, words: side || place !== null ? null : say("no_step") };
  }

  tell(i) {
    const state = this.stateAt(i);
    cursor.emit(state);
  }

  /** Go where the page went: the same part of the nearest stride. */
  follow(state) {
    if (state.film === this) return;
    if (!state.film && !cursor.playing && !this.video.paused) this.video.pause();
    if (state.words || !cursor.count) return;
    let best = null;
    const now = this.spec.time[this.wanted];
    for (const piece of this.spec.anchors) {
      const [low, high] = [piece[0][1], piece[piece.length - 1][1]];
      for (let lap = Math.floor((low - state.frame) / cursor.count); state.frame + lap * cursor.count <= high; lap++) {
        const t = alongAnchors(piece, 1, 0, state.frame + lap * cursor.count);
        if (t !== null && (best === null || Math.abs(t - now) < Math.abs(best - now))) best = t;
      }
    }
    if (best !== null) this.seek(this.nearest(best));
  }

  nearest(t) {
    const i = this.frameAt(t - this.start), { time } = this.spec;
    return i + 1 < this.count && time[i + 1] - t < t - time[i] ? i + 1 : i;
  }

  overlay() {
    const [width, height] = this.spec.size;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    this.part("stage").append(root);
    const layer = (name) => svg("g", { class: `over-${name}` }, root);
    const pair = (group, kind) => [svg("path", { class: `halo ${kind}` }, group), svg("path", { class: kind }, group)];
    this.groups = { path: layer("path"), plumb: layer("plumb"), skeleton: layer("skeleton") };
    this.trail = pair(this.groups.path, "way");
    this.plumb = pair(this.groups.plumb, "upright");
    this.bones = Object.fromEntries(["trunk", ...SIDES].map((part) => [part, pair(this.groups.skeleton, `bone ${part}`)]));
    this.joints = svg("path", { class: "knots" }, this.groups.skeleton);
    this.skull = svg("path", { class: "skullmark" }, this.groups.path);
  }

  /** Place of a point in a frame, px of the small film, or null. */
  place(i, point) {
    if (point === null || point === undefined) return null;
    const row = this.spec.points[i], x = row[2 * point], y = row[2 * point + 1];
    return x === null || y === null ? null : [x, y];
  }

  draw(i) {
    this.frame = i;
    const { spec } = this, paths = { trunk: "", left: "", right: "" }, both = (pair, d) => pair.forEach((p) => p.setAttribute("d", d));
    for (const [a, b, part] of spec.bones) {
      const p = this.place(i, a), q = this.place(i, b);
      if (p && q) paths[part] += `M${p[0]} ${p[1]}L${q[0]} ${q[1]}`;
    }
    for (const part of Object.keys(paths)) both(this.bones[part], paths[part]);
    const used = [...new Set(spec.bones.flatMap(([a, b]) => [a, b]))].filter((p) => p !== spec.head);
    this.joints.setAttribute("d", used.map((p) => this.place(i, p)).filter(Boolean).map(([x, y]) => `M${x} ${y}h0`).join(""));
    both(this.trail, this.way(i));
    const head = this.place(i, spec.head), foot = spec.foot[i];
    this.skull.setAttribute("d", head ? `M${head[0]} ${head[1]}h0` : "");
    let upright = "";
    if (foot) {
      const top = Math.max(head ? head[1] - 0.1 * Math.abs(foot[1] - head[1]) : 0, 0);
      const across = (y) => foot[0] + spec.lean * (foot[1] - y);
      upright = `M${foot[0]} ${foot[1]}L${across(top).toFixed(1)} ${top.toFixed(1)}`;
      if (head) upright += `M${across(head[1]).toFixed(1)} ${head[1]}H${head[0]}`;
    }
    both(this.plumb, upright);
    this.readout(i);
  }

  /** The head's way over the last stride, where it lay against the background as it is now. */
  way(i) {
    const { spec } = this, back = spec.stride || 0.7;
    let text = "", drawing = false, k = i;
    while (k > 0 && spec.time[i] - spec.time[k - 1] <= back + 1e-6) k--;
    for (; k <= i; k++) {
      const p = this.place(k, spec.head);
      if (!p) drawing = false;
      else {
        const [x, y] = [0, 1].map((axis) => this.moved(p[axis], axis, k, i));
        text += `${drawing ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
        drawing = true;
      }
    }
    return text;
  }

  /** Where a place in one frame lies in another, when the camera or the view has moved in between. */
  moved(value, axis, from, to) {
    const { shift } = this.spec;
    if (!shift) return value;
    return ((value - shift[from][axis]) / shift[from][2 + axis]) * shift[to][2 + axis] + shift[to][axis];
  }

  readout(i) {
    const { side, percent, words } = this.stateAt(i);
    const what = place(side, percent, words);
    this.part("now").textContent = `${written(this.spec.time[i], 2)} s · ${what}`;
    this.part("now").className = `film-now ${side || ""}`;
    const slider = this.part("slider");
    slider.value = String(i);
    slider.setAttribute("aria-valuetext", this.part("now").textContent);
  }

  controls() {
    const { panel } = this, slider = this.part("slider"), play = this.part("play");
    slider.max = String(this.count - 1);
    slider.addEventListener("input", () => {
      const i = Number(slider.value);
      this.halt();
      this.go(i);
    });
    for (const [side, a, b] of this.spec.stances) {
      const piece = document.createElement("i"), at = (t) => (100 * this.nearest(t)) / (this.count - 1);
      piece.className = side;
      piece.style.left = `${at(a)}%`;
      piece.style.width = `${at(b) - at(a)}%`;
      this.part("track").append(piece);
    }
    play.addEventListener("click", () => (cursor.playing ? this.pause() : this.play()));
    for (const button of panel.querySelectorAll("[data-step]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.step)));
    }
    for (const button of panel.querySelectorAll("[data-rate]")) {
      button.addEventListener("click", () => Film.speed(Number(button.dataset.rate)));
    }
    for (const button of panel.querySelectorAll("[data-over]")) {
      button.addEventListener("click", () => {
        const on = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(on));
        this.groups[button.dataset.over].style.display = on ? "" : "none";
      });
    }
    cursor.listen(() => {
      play.setAttribute("aria-label", say(cursor.playing ? "pause" : "play"));
      play.classList.toggle("playing", cursor.playing);
    });
  }

  /** One speed for the whole page, as a share of real time. */
  static speed(rate) {
    cursor.rate = rate;
    const select = byId("speed");
    if (select) select.value = String(rate);
    for (const film of Film.all) {
      film.video.playbackRate = rate;
      for (const button of film.panel.querySelectorAll("[data-rate]")) {
        button.setAttribute("aria-pressed", String(Number(button.dataset.rate) === rate));
      }
    }
  }

  /** All films of the page; the one used last leads the others and everything else. */
  static build() {
    Film.all = [];
    for (const panel of document.querySelectorAll("[data-film]")) {
      const key = panel.dataset.film;
      Film.all.push(new Film(panel, data.films[key], byId(`film-file-${key}`).textContent.trim()));
    }
    if (!Film.all.length) return;
    Film.leader = Film.all[0];
    cursor.film = true;
    cursor.play = () => Film.leader.play();
    cursor.pause = () => Film.leader.pause();
    cursor.step = (frames) => Film.leader.step(frames);
    const middle = (film) => film.seek(Math.floor(film.count / 2));
    Film.all.forEach(middle);
    const select = byId("speed");
    if (select) select.addEventListener("change", () => Film.speed(Number(select.value)));
  }
}
