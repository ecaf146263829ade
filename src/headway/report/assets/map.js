// The way of head and neck base over each stance foot. The left foot is drawn on the left, as seen from behind and from above.

class FootMap {
  constructor(host, spec) {
    this.host = host;
    this.spec = spec;
    this.axis = "up";
    onWidth(host, (width) => this.draw(width));
    cursor.listen((state) => this.move(state));
  }

  look(axis) {
    this.axis = axis;
    if (this.width) this.draw(this.width);
    this.move(cursor.state);
  }

  /** Vertical range of a body point in mm, the same for both feet. */
  range(point) {
    const all = SIDES.flatMap((side) => this.spec.feet[side]?.[point]?.[this.axis] || []).filter((v) => v !== null);
    return all.length ? [Math.min(...all) - 6, Math.max(...all) + 6] : [-10, 10];
  }

  draw(width) {
    this.width = width;
    this.host.replaceChildren();
    this.lanes = [];
    const sides = SIDES.filter((side) => this.spec.feet[side]);
    const [low, high] = this.spec.extent, gap = 16, room = sides.length > 1 ? (width - gap) / 2 : width;
    const tallest = Math.max(...Object.keys(this.spec.words).map((point) => this.range(point)).map(([a, b]) => b - a));
    this.scale = Math.min((room - 16) / (high - low), 2.8, 230 / tallest);
    const each = Math.min(room, (high - low) * this.scale + 16);
    for (const side of sides) this.foot(side, each);
  }

  foot(side, width) {
    const { spec, scale } = this, sign = side === "left" ? -1 : 1, [low, high] = spec.extent;
    const middle = width / 2 - (sign * scale * (low + high)) / 2;
    const x = (lateral) => middle + sign * scale * lateral;
    const points = Object.keys(spec.words).filter((point) => spec.feet[side][point]);
    const heights = points.map((point) => {
      const [bottom, top] = this.range(point);
      return (top - bottom) * scale;
    });
    const height = 22 + heights.reduce((sum, h) => sum + h + 64, 0) + 52;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" }, this.host);
    svg("line", { class: "plumb", x1: middle, x2: middle, y1: 20, y2: height - 46 }, root);
    const outer = side === "left" ? ["start", 2, "end", width - 2] : ["end", width - 2, "start", 2];
    label(say("outer"), { class: "tick", x: outer[1], y: 12, "text-anchor": outer[0] }, root);
    label(say("inner"), { class: "tick", x: outer[3], y: 12, "text-anchor": outer[2] }, root);
    let y0 = 22;
    points.forEach((point, i) => {
      this.lane(root, side, point, x, y0, heights[i], width);
      y0 += heights[i] + 64;
    });
    this.ground(root, side, x, height, width);
  }

  lane(root, side, point, x, y0, height, width) {
    const lane = this.spec.feet[side][point], curve = lane[this.axis] || lane.up || lane.forward;
    const [, top] = this.range(point), y = (value) => y0 + 14 + (top - value) * this.scale;
    const outside = side === "left";
    label(this.spec.words[point], { class: "lane", x: outside ? 2 : width - 2, y: y0 + 14, "text-anchor": outside ? "start" : "end" }, root);
    const ys = curve.map((v, i) => (v === null || lane.lateral[i] === null ? null : y(v)));
    const xs = lane.lateral.map((v) => (v === null ? 0 : x(v)));
    if (lane.sd) this.band(root, side, lane, x, ys);
    svg("path", { class: `line ${side} ${point}`, d: through(xs, ys) }, root);
    this.tip(root, side, xs, ys);
    const strip = y0 + 14 + height + 12;
    lane.dots.forEach((v, i) => svg("circle", { class: `step ${side}`, cx: x(v), cy: strip + ((i * 7) % 11) - 5, r: 2.4 }, root));
    if (ys[50] !== null) svg("circle", { class: `mid ${side}`, cx: xs[50], cy: ys[50], r: 5.5 }, root);
    const peak = this.spec.peak[side];
    if (peak !== null && ys[peak] !== null) {
      const [a, b] = [xs[peak], ys[peak]];
      svg("path", { class: `peak ${side}`, d: `M${a} ${b - 6}L${a + 6} ${b}L${a} ${b + 6}L${a - 6} ${b}Z` }, root);
    }
    const mean = lane.lateral[50];
    if (mean !== null) {
      const words = say(mean < 0 ? "inside" : "outside", { size: written(Math.abs(mean), 0) });
      const middle = Math.min(Math.max((x(0) + x(mean)) / 2, 44), width - 44);
      svg("line", { class: `reach ${side}`, x1: x(0), x2: x(mean), y1: strip + 14, y2: strip + 14 }, root);
      label(words, { class: "tick reading", x: middle, y: strip + 30, "text-anchor": "middle" }, root);
    }
    const dot = svg("circle", { class: `dot ${side}`, r: 5 }, root);
    this.lanes.push({ side, lane, xs, ys, dot });
  }

  /** Head of the path's arrow, at toe-off. */
  tip(root, side, xs, ys) {
    const end = 100, before = 94;
    if (ys[end] === null || ys[before] === null) return;
    const [dx, dy] = [xs[end] - xs[before], ys[end] - ys[before]], length = Math.hypot(dx, dy);
    if (length < 2) return;
    const [ux, uy] = [dx / length, dy / length], [x, y] = [xs[end] + ux * 5, ys[end] + uy * 5];
    const [bx, by] = [x - ux * 10, y - uy * 10];
    svg("path", { class: `tip ${side}`, d: `M${x} ${y}L${bx - uy * 4.5} ${by + ux * 4.5}L${bx + uy * 4.5} ${by - ux * 4.5}Z` }, root);
  }

  band(root, side, lane, x, ys) {
    const edge = (sign) => lane.lateral.map((m, i) => (m === null || lane.sd[i] === null ? null : x(m + sign * lane.sd[i])));
    const [a, b] = [edge(-1), edge(1)];
    let text = "";
    for (let i = 0; i < 100; i++) {
      if ([a[i], b[i], a[i + 1], b[i + 1], ys[i], ys[i + 1]].some((v) => v === null)) continue;
      // Every piece runs round the same way, so that the way up does not cut a hole into the way down.
      const [p, q] = (ys[i + 1] - ys[i]) * (b[i] - a[i]) > 0 ? [i, i + 1] : [i + 1, i];
      text += `M${a[p].toFixed(1)} ${ys[p].toFixed(1)}L${b[p].toFixed(1)} ${ys[p].toFixed(1)}`;
      text += `L${b[q].toFixed(1)} ${ys[q].toFixed(1)}L${a[q].toFixed(1)} ${ys[q].toFixed(1)}Z`;
    }
    svg("path", { class: `band ${side}`, d: text }, root);
  }

  ground(root, side, x, height, width) {
    const y = height - 34, half = 42 * this.scale;
    svg("path", { class: `sole ${side}`, d: `M${x(0) - half} ${y}q0 -12 ${half * 0.45} -12h${half * 1.1}q${half * 0.45} 0 ${half * 0.45} 12Z` }, root);
    svg("line", { class: "zero", x1: 0, x2: width, y1: y, y2: y }, root);
    const [low, high] = this.spec.extent;
    for (const value of ticks(low, high, width < 220 ? 3 : 6).values) {
      if (x(value) < 14 || x(value) > width - 14) continue;
      svg("line", { class: "grid", x1: x(value), x2: x(value), y1: y, y2: y + 4 }, root);
      label(written(value, 0), { class: "tick", x: x(value), y: y + 15, "text-anchor": "middle" }, root);
    }
    const words = say(`foot_${side}`);
    label(words, { class: `name ${side}`, x: x(0), y: height - 4, "text-anchor": "middle" }, root);
  }

  move({ side, percent }) {
    for (const { side: own, xs, ys, dot } of this.lanes || []) {
      const i = percent === null ? null : Math.round(percent), shown = i !== null && ys[i] !== null;
      dot.style.display = shown ? "" : "none";
      if (!shown) continue;
      dot.setAttribute("cx", xs[i]);
      dot.setAttribute("cy", ys[i]);
      dot.classList.toggle("faint", own !== side);
    }
  }
}
