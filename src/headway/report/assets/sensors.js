// A run over time or distance, and the mean path of head and sacrum over the stride.

/** Value of the row nearest to a place on the axis. */
function nearest(xs, x) {
  let best = 0;
  xs.forEach((v, i) => v !== null && Math.abs(v - x) < Math.abs((xs[best] ?? Infinity) - x) && (best = i));
  return best;
}

class RunTimeline {
  constructor(host, spec) {
    Object.assign(this, { host, spec, axis: spec.axes[0] });
    onWidth(host, (width) => this.draw(width));
    host.addEventListener("pointermove", (event) => this.point(event));
    host.addEventListener("pointerdown", (event) => this.point(event));
    host.addEventListener("pointerleave", () => this.read(null));
  }

  along(key) {
    this.axis = this.spec.axes.find((axis) => axis.key === key);
    this.draw(this.width);
  }

  draw(width) {
    this.width = width;
    const { spec, axis } = this, tall = 74, gap = 26, top = 26;
    const height = top + spec.lanes.length * (tall + gap) + 16;
    this.left = 46;
    this.right = width - 62;
    this.x = (v) => this.left + ((this.right - this.left) * v) / axis.end;
    this.host.replaceChildren();
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, this.host);
    this.lanes = spec.lanes.map((lane, i) => this.lane(root, lane, top + i * (tall + gap), tall));
    const bottom = height - 16 - gap;
    const { values, decimals } = ticks(0, axis.end, width < 480 ? 4 : 8);
    for (const value of values) {
      label(written(value, decimals), { class: "tick", x: this.x(value), y: bottom + 15, "text-anchor": "middle" }, root);
    }
    label(axis.unit, { class: "tick", x: this.right + 6, y: bottom + 15 }, root);
    this.line = svg("line", { class: "cursor", y1: top, y2: bottom }, root);
    this.now = label("", { class: "tick reading", x: this.left, y: bottom + 30, "text-anchor": "middle" }, root);
    this.read(null);
  }

  lane(root, lane, top, tall) {
    const { axis } = this, [low, high] = lane.domain, bottom = top + tall;
    const y = (v) => bottom - (tall * (v - low)) / (high - low);
    svg("rect", { class: "aside", x: this.left, y: top, width: this.right - this.left, height: tall }, root);
    for (const [from, to] of axis.steady) {
      const width = Math.max(this.x(to) - this.x(from), 1);
      svg("rect", { class: "steady", x: this.x(from), y: top, width, height: tall }, root);
    }
    const { values, decimals } = ticks(low, high, 4);
    for (const value of values) {
      svg("line", { class: "grid", x1: this.left, x2: this.right, y1: y(value), y2: y(value) }, root);
      label(written(value, decimals), { class: "tick", x: this.left - 6, y: y(value) + 3.5, "text-anchor": "end" }, root);
    }
    const unit = lane.unit ? `${lane.title}, ${lane.unit}` : lane.title;
    label(unit, { class: "tick marked", x: this.left, y: top - 7 }, root);
    const xs = axis.x.map((v) => (v === null ? 0 : this.x(v)));
    const ends = lane.series.map((one) => {
      const ys = one.values.map((v, i) => (v === null || axis.x[i] === null ? null : y(v)));
      svg("path", { class: `line worn ${one.style}`, d: through(xs, ys) }, root);
      if (xs.length <= 90) ys.forEach((v, i) => v !== null && svg("circle", { class: `worn-dot ${one.style}`, cx: xs[i], cy: v, r: 2 }, root));
      return ys.filter((v) => v !== null).pop() + 3.5;
    });
    const placed = apart(ends, 25, top + 10, bottom - 8);
    return lane.series.map((one, i) => {
      label(one.name, { class: `name worn ${one.style}`, x: this.right + 6, y: placed[i] }, root);
      const value = label("", { class: "name reading", x: this.right + 6, y: placed[i] + (one.name ? 12.5 : 0) }, root);
      return { value, one, decimals: lane.decimals };
    });
  }

  point(event) {
    const at = event.clientX - this.host.getBoundingClientRect().left;
    const v = ((at - this.left) / (this.right - this.left)) * this.axis.end;
    this.read(v >= 0 && v <= this.axis.end ? nearest(this.axis.x, v) : null);
  }

  /** Show the values of a window, or none. */
  read(i) {
    const here = i !== null, { axis } = this;
    this.line.style.display = here ? "" : "none";
    for (const { value, one, decimals } of this.lanes.flat()) value.textContent = here ? written(one.values[i], decimals) : "";
    this.now.textContent = here ? `${written(axis.x[i], axis.key === "time" ? 1 : 2)} ${axis.unit}` : "";
    if (!here) return;
    const x = this.x(axis.x[i]);
    this.line.setAttribute("x1", x);
    this.line.setAttribute("x2", x);
    this.now.setAttribute("x", x);
  }
}

class StridePath {
  constructor(host, spec, path) {
    Object.assign(this, { host, spec, path });
    onWidth(host, (width) => this.draw(width));
  }

  draw(width) {
    const [wide, tall] = this.spec.extent, scale = Math.min((width - 92) / (2 * wide), 130 / tall, 5);
    const box = { left: 46, top: 10, w: 2 * wide * scale, h: 2 * tall * scale };
    const height = box.top + box.h + 36;
    const x = (v) => box.left + box.w / 2 + v * scale, y = (v) => box.top + box.h / 2 - v * scale;
    this.host.replaceChildren();
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, this.host);
    const across = ticks(-wide, wide, 2), up = ticks(-tall, tall, 4);
    for (const v of up.values) {
      svg("line", { class: v === 0 ? "zero" : "grid", x1: box.left, x2: box.left + box.w, y1: y(v), y2: y(v) }, root);
      label(written(v, up.decimals), { class: "tick", x: box.left - 6, y: y(v) + 3.5, "text-anchor": "end" }, root);
    }
    for (const v of across.values) {
      svg("line", { class: v === 0 ? "zero" : "grid", x1: x(v), x2: x(v), y1: box.top, y2: box.top + box.h }, root);
      if (v === 0 && across.values.length > 1 && x(across.values[1]) - x(across.values[0]) < 26) continue; // no room: the line says it
      label(written(v, across.decimals), { class: "tick", x: x(v), y: box.top + box.h + 14, "text-anchor": "middle" }, root);
    }
    label("mm", { class: "tick", x: box.left + box.w + 6, y: box.top + box.h + 14 }, root);
    label(say("left"), { class: "tick", x: box.left - 30, y: box.top + box.h + 30 }, root);
    label(say("right"), { class: "tick", x: box.left + box.w + 30, y: box.top + box.h + 30, "text-anchor": "end" }, root);
    this.way(root, x, y);
    this.place = (share) => [x(valueAt(this.path.right, share)), y(valueAt(this.path.up, share))];
    this.dot = svg("circle", { class: "dot now", r: 6 }, root);
    this.move(StridePath.share);
  }

  /** Put the point at a share of the stride, %. */
  move(share) {
    const [cx, cy] = this.place(share);
    this.dot.setAttribute("cx", cx);
    this.dot.setAttribute("cy", cy);
  }

  /** The stride in two halves, each around the midstance of its foot, with the spread there. */
  way(root, x, y) {
    const { right, up, sd } = this.path, at = (i) => ((i % 100) + 100) % 100;
    const halves = [["right", -25], ["left", 25]];
    for (const [side, from] of halves) {
      const steps = Array.from({ length: 51 }, (_, k) => at(from + k));
      const xs = steps.map((i) => x(right[i])), ys = steps.map((i) => y(up[i]));
      svg("path", { class: `line ${side}`, d: through(xs, ys) }, root);
      const [ax, ay] = [xs[46], ys[46]], turn = (Math.atan2(ys[49] - ys[44], xs[49] - xs[44]) * 180) / Math.PI;
      svg("path", { class: `tip ${side}`, d: "M6 0L-5 4.2L-5 -4.2Z", transform: `translate(${ax} ${ay}) rotate(${turn})` }, root);
    }
    for (const [side, from] of halves) {
      const i = at(from + 25), cx = x(right[i]), cy = y(up[i]);
      const dx = Math.abs(x(sd.right[i] ?? 0) - x(0)), dy = Math.abs(y(sd.up[i] ?? 0) - y(0));
      const spread = `M${cx - dx} ${cy}H${cx + dx}M${cx} ${cy - dy}V${cy + dy}`;
      svg("path", { class: `line ${side} spread`, d: spread }, root);
      svg("circle", { class: `mid ${side}`, cx, cy, r: 5 }, root);
    }
  }
}

if (document.getElementById("run-timeline")) {
  const run = new RunTimeline(document.getElementById("run-timeline"), data.sensors.run);
  choice("along", (key) => run.along(key));
}
StridePath.share = 0;
const paths = all("[data-path]").map((host) => new StridePath(host, data.sensors.paths, data.sensors.paths.paths[Number(host.dataset.path)]));

/** The points go along the paths, a stride in so many seconds, until they are stopped. */
function walk(seconds) {
  const button = byId("walk");
  if (!button) return;
  let playing = false, before = null;
  const tick = (now) => {
    if (!playing) return;
    StridePath.share = (StridePath.share + (before === null ? 0 : (now - before) / (10 * seconds))) % 100;
    before = now;
    paths.forEach((path) => path.move(StridePath.share));
    requestAnimationFrame(tick);
  };
  const set = (on) => {
    [playing, before] = [on, null];
    button.setAttribute("aria-label", say(on ? "pause" : "play"));
    button.classList.toggle("playing", on);
    if (on) requestAnimationFrame(tick);
  };
  button.addEventListener("click", () => set(!playing));
  set(!window.matchMedia("(prefers-reduced-motion: reduce)").matches);
}

walk(2.8);
