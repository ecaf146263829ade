// A plot over stance: mean ± spread per line, the shared cursor, and the value at the cursor beside each line.

/** Round steps for an axis. */
function ticks(low, high, count) {
  const raw = (high - low) / count, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.7);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) found.push(i * step);
  return { values: found, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** Path through the samples that exist; a gap stays a gap. */
function through(xs, ys) {
  let text = "", drawing = false;
  ys.forEach((y, i) => {
    if (y === null) return void (drawing = false);
    text += `${drawing ? "L" : "M"}${xs[i].toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
  });
  return text;
}

/** Closed areas between two curves, one for each stretch without a gap. */
function between(xs, upper, lower) {
  let text = "", run = [];
  const close = () => {
    if (run.length > 1) {
      const there = run.map((i) => `${xs[i].toFixed(1)} ${upper[i].toFixed(1)}`);
      const back = run.reverse().map((i) => `${xs[i].toFixed(1)} ${lower[i].toFixed(1)}`);
      text += `M${[...there, ...back].join("L")}Z`;
    }
    run = [];
  };
  upper.forEach((u, i) => (u === null || lower[i] === null ? close() : run.push(i)));
  close();
  return text;
}

/** Push label heights apart so that none covers another. */
function apart(heights, gap, low, high) {
  const order = heights.map((y, i) => [y, i]).sort((a, b) => a[0] - b[0]);
  for (let k = 1; k < order.length; k++) order[k][0] = Math.max(order[k][0], order[k - 1][0] + gap);
  let limit = high;
  for (let k = order.length - 1; k >= 0; k--) {
    order[k][0] = Math.max(Math.min(order[k][0], limit), low);
    limit = order[k][0] - gap;
  }
  const placed = [];
  for (const [y, i] of order) placed[i] = y;
  return placed;
}

class Chart {
  constructor(host, spec) {
    this.host = host;
    this.spec = spec;
    this.own = true;
    this.low = host.classList.contains("low");
    onWidth(host, (width) => this.draw(width));
    this.listenToPointer();
    cursor.listen((state) => this.move(state));
  }

  rescale(own) {
    this.own = own;
    if (this.width) this.draw(this.width);
    this.move(cursor.state);
  }

  draw(width) {
    const { spec } = this, two = spec.side === null;
    this.width = width;
    this.height = this.low ? 100 : width < 380 ? 172 : 204;
    this.box = { left: 40, right: width - (two ? 52 : 112), top: 20, bottom: this.height - (this.low ? 15 : 20) };
    const [low, high] = this.own || !spec.shared ? spec.domain : spec.shared;
    const box = this.box;
    this.x = (percent) => box.left + ((box.right - box.left) * percent) / 100;
    this.y = (value) => box.bottom - ((box.bottom - box.top) * (value - low)) / (high - low);
    this.host.replaceChildren();
    const root = svg("svg", { viewBox: `0 0 ${width} ${this.height}`, width, height: this.height, "aria-hidden": "true" }, this.host);
    this.axes(root, low, high);
    this.lines(root);
    this.line = svg("line", { class: "cursor", y1: box.top, y2: box.bottom }, root);
    this.dots = spec.series.map((line) => svg("circle", { class: `dot ${line.side}`, r: 3.2 }, root));
    this.labels(root);
    this.move(cursor.state);
  }

  axes(root, low, high) {
    const { box, spec } = this, { values, decimals } = ticks(low, high, this.low ? 3 : 4);
    for (const value of values) {
      const y = this.y(value);
      svg("line", { class: value === 0 ? "zero" : "grid", x1: box.left, x2: box.right, y1: y, y2: y }, root);
      label(written(value, decimals), { class: "tick", x: box.left - 6, y: y + 3.5, "text-anchor": "end" }, root);
    }
    for (const percent of this.low ? [0, 50, 100] : [0, 25, 50, 75, 100]) {
      svg("line", { class: "grid", x1: this.x(percent), x2: this.x(percent), y1: box.bottom, y2: box.bottom + 3 }, root);
      const words = percent === 100 ? "100 %" : String(percent);
      label(words, { class: "tick", x: this.x(percent), y: box.bottom + 13.5, "text-anchor": "middle" }, root);
    }
    label(spec.unit, { class: "tick unit", x: box.left - 6, y: 10, "text-anchor": "end" }, root);
    const [above, below] = spec.ends, words = this.low ? `↑ ${above}` : `↑ ${above}  ↓ ${below}`;
    if (above) label(words, { class: "tick", x: box.left, y: 10 }, root);
  }

  lines(root) {
    const { box, spec } = this, id = `clip-${spec.key}`;
    const clip = svg("clipPath", { id }, root);
    svg("rect", { x: box.left, y: box.top - 1, width: box.right - box.left, height: box.bottom - box.top + 2 }, clip);
    const group = svg("g", { "clip-path": `url(#${id})` }, root);
    const xs = Array.from({ length: 101 }, (_, i) => this.x(i));
    for (const line of spec.series) {
      if (!line.sd || line.style === "com") continue;
      const edge = (sign) => line.mean.map((m, i) => (m === null || line.sd[i] === null ? null : this.y(m + sign * line.sd[i])));
      svg("path", { class: `band ${line.side}`, d: between(xs, edge(1), edge(-1)) }, group);
    }
    for (const line of spec.series) {
      const ys = line.mean.map((m) => (m === null ? null : this.y(m)));
      svg("path", { class: `line ${line.side} ${line.style}`, d: through(xs, ys) }, group);
    }
    spec.marks.forEach(([percent, value, words], i) => {
      svg("circle", { class: "mark", cx: this.x(percent), cy: this.y(value), r: 4.5 }, group);
      const x = this.x(percent) - 8, y = this.y(value) - 8 - 13 * i;
      label(words, { class: "tick marked", x, y, "text-anchor": "end" }, root);
    });
  }

  labels(root) {
    const { box, spec } = this, two = spec.side === null;
    const heights = spec.series.map((line) => {
      const known = line.mean.filter((m) => m !== null);
      return Math.min(Math.max(this.y(known[known.length - 1]), box.top), box.bottom) + 3.5;
    });
    const placed = apart(heights, 12.5, box.top + 6, box.bottom + 3);
    this.values = spec.series.map((line, i) => {
      const hidden = two && line.style === "segments" && spec.series.length > 2;
      const text = svg("text", { class: `name ${line.side} ${line.style}`, x: box.right + 6, y: placed[i] }, hidden ? null : root);
      const name = two ? line.side[0].toUpperCase() : line.name;
      text.append(`${name} `);
      return svg("tspan", { class: "value" }, text);
    });
  }

  /** Show the instant; the other foot's plot keeps the same % of stance, faint. */
  move({ side, percent }) {
    if (!this.line) return;
    const { spec } = this, here = percent !== null;
    this.line.style.display = here ? "" : "none";
    if (here) {
      this.line.setAttribute("x1", this.x(percent));
      this.line.setAttribute("x2", this.x(percent));
    }
    this.line.classList.toggle("faint", here && spec.side !== null && spec.side !== side);
    spec.series.forEach((line, i) => {
      const value = here ? valueAt(line.mean, percent) : null;
      const y = value === null ? null : this.y(value);
      const shown = y !== null && y >= this.box.top - 1 && y <= this.box.bottom + 1 && line.side === side;
      this.dots[i].style.display = shown ? "" : "none";
      if (shown) {
        this.dots[i].setAttribute("cx", this.x(percent));
        this.dots[i].setAttribute("cy", y);
      }
      this.values[i].textContent = here ? written(value, spec.decimals) : "";
    });
  }

  listenToPointer() {
    const go = (event) => {
      const { left } = this.host.getBoundingClientRect();
      const percent = ((event.clientX - left - this.box.left) / (this.box.right - this.box.left)) * 100;
      if (percent >= -4 && percent <= 104) cursor.setPercent(this.spec.side, Math.min(Math.max(percent, 0), 100));
    };
    this.host.addEventListener("pointerdown", (event) => {
      cursor.pause();
      go(event);
    });
    this.host.addEventListener("pointermove", (event) => {
      if (!cursor.playing && (event.pointerType === "mouse" || event.pressure > 0)) go(event);
    });
  }
}
