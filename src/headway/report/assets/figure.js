// The moving stick figure, from the side and from behind, with the forces drawn on it. Lengths in mm, forces in N.

const FORWARD = 0, UP = 1, RIGHT = 2;
const HEAD_RADIUS = 95, MM_PER_WEIGHT = 350, LONGEST_LEVEL = 300;

/** Largest size of any of the forces, N. */
function greatest(frames) {
  let most = 0;
  for (const f of frames || []) if (f) most = Math.max(most, Math.hypot(f[0] || 0, f[1] || 0, f[2] || 0));
  return most;
}

/** Flat frame between two frames; a gap in either stays a gap. */
function blend(frames, cursorFrame) {
  if (!frames) return null;
  const i = Math.floor(cursorFrame), part = cursorFrame - i;
  const a = frames[i], b = frames[cursor.next(i)];
  if (!a || !b || part === 0) return a;
  return a.map((v, k) => (v === null || b[k] === null ? null : v + (b[k] - v) * part));
}

/** Path of an arrow; too short for a head it stays a line. */
function arrow(x, y, dx, dy, head) {
  const length = Math.hypot(dx, dy);
  if (length < 1) return "";
  const [ux, uy] = [dx / length, dy / length], tip = Math.min(head, length * 0.6);
  const [bx, by] = [x + dx - ux * tip, y + dy - uy * tip], half = tip * 0.45;
  return `M${x} ${y}L${bx} ${by}M${bx - uy * half} ${by + ux * half}L${x + dx} ${y + dy}L${bx + uy * half} ${by - ux * half}Z`;
}

/** One direction of view: `across` is the axis that runs over the page. */
class View {
  constructor(root, scene, across, place) {
    Object.assign(this, { root, scene, across }, place);
    this.x = (value) => this.left + (value - this.from) * this.scale;
    this.y = (value) => this.base - (value - this.floor) * this.scale;
    const group = svg("g", { class: "body" }, root);
    this.ground = svg("path", { class: "ground" }, group);
    this.plumb = svg("path", { class: "plumb" }, group);
    if (!place.still) this.trails(group);
    const order = across === FORWARD ? ["gap", "left", "trunk", "right"] : ["gap", "trunk", "left", "right"];
    this.fill = svg("path", { class: "torso" }, group);
    this.parts = Object.fromEntries(order.map((part) => [part, svg("path", { class: `limb ${part}` }, group)]));
    this.head = svg("circle", { class: "skull", r: HEAD_RADIUS * this.scale }, group);
    this.ray = svg("path", { class: "ray" }, group);
    this.levels = svg("path", { class: "force level" }, group);
    this.push = svg("path", { class: "force" }, group);
    this.joints = svg("path", { class: "joint" }, group);
  }

  trails(group) {
    for (const point of [this.scene.head, this.scene.neck]) {
      if (point === null) continue;
      const at = (frame, axis) => (frame ? frame[point * 3 + axis] : null);
      const xs = this.scene.points.map((f) => this.x(at(f, this.across) || 0));
      const ys = this.scene.points.map((f) => (at(f, UP) === null ? null : this.y(at(f, UP))));
      svg("path", { class: "trail", d: through(xs, ys) }, group);
    }
  }

  /** Place of a point on the page, or null where it was not seen. */
  place(frame, point) {
    if (point === null || !frame) return null;
    const a = frame[point * 3 + this.across], b = frame[point * 3 + UP];
    return a === null || b === null ? null : [this.x(a), this.y(b)];
  }

  draw(at, side, seconds, mode) {
    const { scene } = this, frame = blend(scene.points, at);
    const paths = { gap: "", left: "", trunk: "", right: "" };
    for (const [a, b, part] of scene.bones) {
      const [p, q] = [this.place(frame, a), this.place(frame, b)];
      if (p && q) paths[part] += `M${p[0].toFixed(1)} ${p[1].toFixed(1)}L${q[0].toFixed(1)} ${q[1].toFixed(1)}`;
    }
    for (const part of Object.keys(paths)) this.parts[part].setAttribute("d", paths[part]);
    const corners = scene.trunk.map((corner) => this.place(frame, corner));
    this.fill.setAttribute("d", corners.length && corners.every(Boolean) ? `M${corners.map((c) => c.join(" ")).join("L")}Z` : "");
    const head = this.place(frame, scene.head);
    this.head.style.display = head ? "" : "none";
    if (head) ["cx", "cy"].forEach((key, i) => this.head.setAttribute(key, head[i]));
    this.floorLine(seconds);
    this.forces(at, side, mode);
    this.over(frame, at, side);
    this.level(frame, at, side, mode);
  }

  floorLine(seconds) {
    const y = this.base, { speed } = this.scene, spacing = this.scene.spacing;
    let text = `M${this.left - 4} ${y}H${this.left + this.width + 4}`;
    if (this.across === FORWARD && speed && spacing && !this.still) {
      const start = this.from - ((((speed * 1000 * seconds + this.from) % spacing) + spacing) % spacing);
      for (let v = start; v < this.from + this.width / this.scale; v += spacing) {
        if (v >= this.from) text += `M${this.x(v).toFixed(1)} ${y}l-5 6`;
      }
    }
    this.ground.setAttribute("d", text);
  }

  forces(at, side, mode) {
    const f = side && this.scene.force[side] ? blend(this.scene.force[side], at) : null;
    this.footPlace = f ? f[3 + this.across] : null;
    if (!f || f[UP] <= 0 || f[3 + UP] === null || this.footPlace === null) {
      for (const part of [this.push, this.ray]) part.setAttribute("d", "");
      return;
    }
    const [x, y] = [this.x(f[3 + this.across]), this.y(f[3 + UP])];
    const size = this.scene.mmPerNewton * this.scale, slope = f[this.across] / f[UP];
    this.push.setAttribute("d", arrow(x, y, f[this.across] * size, -f[UP] * size, 56 * this.scale));
    const rise = y - this.ceiling, ends = [this.left, this.left + this.width];
    let reach = rise;
    if (slope !== 0) reach = Math.min(rise, Math.max((ends[slope > 0 ? 1 : 0] - x) / slope, 0));
    this.ray.setAttribute("d", `M${x} ${y}L${x + slope * reach} ${y - reach}`);
  }

  /** From behind: the upright line over the stance foot. */
  over(frame, at, side) {
    const points = side && this.across === RIGHT ? [this.scene.feet[side], this.scene.toes[side]] : [];
    const places = points.map((point) => this.place(frame, point)).filter(Boolean);
    if (!places.length) return void this.plumb.setAttribute("d", "");
    const x = places.reduce((sum, p) => sum + p[0], 0) / places.length;
    this.plumb.setAttribute("d", `M${x.toFixed(1)} ${this.base}V${this.ceiling}`);
  }

  level(frame, at, side, mode) {
    let text = "", joints = "";
    const { ladder, levels } = this.scene;
    for (const name of ladder && side && mode !== "none" ? Object.keys(ladder) : []) {
      const f = blend(ladder[name], at), p = this.place(frame, levels[side][name]);
      if (!f || !p || f[this.across] === null || f[UP] === null) continue;
      const mm = mode === "own" ? LONGEST_LEVEL / (this.scene.most[name] || 1) : this.scene.mmPerNewton;
      text += arrow(p[0], p[1], f[this.across] * mm * this.scale, -f[UP] * mm * this.scale, 40 * this.scale);
      if (!this.still) joints += `M${p[0] - 3} ${p[1]}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0`;
    }
    this.levels.setAttribute("d", text);
    this.joints.setAttribute("d", joints);
  }
}

class Figure {
  constructor(host, scene) {
    this.host = host;
    this.scene = scene;
    this.mode = scene.ladder ? "own" : "none";
    scene.most = Object.fromEntries(Object.entries(scene.ladder || {}).map(([name, frames]) => [name, greatest(frames)]));
    const strongest = Math.max(...SIDES.map((side) => greatest(scene.force[side])), 1);
    scene.mmPerNewton = scene.weight ? MM_PER_WEIGHT / scene.weight : (2.5 * MM_PER_WEIGHT) / strongest;
    const time = data.timeline.time, travel = (scene.speed || 0) * 1000 * (time[time.length - 1] + time[1] - time[0]);
    scene.spacing = travel ? travel / Math.max(1, Math.round(travel / 400)) : 0;
    onWidth(host, (width) => this.layout(width));
    cursor.listen((state) => this.move(state));
  }

  /** Width in mm that each view takes, with room for head and arrows. */
  static spans(scene) {
    const room = { [FORWARD]: 140, [RIGHT]: 170 };
    return [FORWARD, RIGHT].map((axis) => scene.bounds[axis] && [scene.bounds[axis][0] - room[axis], scene.bounds[axis][1] + room[axis]]);
  }

  /** Directions across the page that were seen: a film shows one, markers both. */
  static seen(scene) {
    return [FORWARD, RIGHT].filter((axis) => scene.bounds[axis]);
  }

  static build(host, scene, width, tallest, axes, words, still) {
    const spans = Figure.spans(scene), chosen = axes.map((axis) => spans[axis === FORWARD ? 0 : 1]);
    const gap = axes.length > 1 ? 14 : 0, floor = scene.ground, top = Math.max(scene.bounds[UP][1] + 150, floor + 900);
    const across = chosen.reduce((sum, [a, b]) => sum + b - a, 0);
    const scale = Math.min((width - gap - 8) / across, tallest / (top - floor));
    const head = words ? 20 : 2, height = (top - floor) * scale + head + 16;
    const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
    host.append(root);
    let left = Math.max((width - across * scale - gap) / 2, 4);
    return axes.map((axis, i) => {
      const [from, to] = chosen[i], wide = (to - from) * scale;
      if (words) label(words[i], { class: "tick", x: left + wide / 2, y: 12, "text-anchor": "middle" }, root);
      const place = { left, from, scale, floor, width: wide, base: head + (top - floor) * scale, ceiling: head, still };
      left += wide + gap;
      return new View(root, scene, axis, place);
    });
  }

  layout(width) {
    this.host.replaceChildren();
    this.views = Figure.build(this.host, this.scene, width, width < 600 ? 330 : 460, Figure.seen(this.scene), Figure.seen(this.scene).map((axis) => say(axis === FORWARD ? "from_side" : "from_behind")), false);
    this.move(cursor.state);
  }

  show(mode) {
    this.mode = mode;
    this.move(cursor.state);
  }

  move({ frame, side }) {
    const i = Math.floor(frame), time = data.timeline.time;
    const seconds = time[i] + (frame - i) * (time[1] - time[0] || 0);
    for (const view of this.views || []) view.draw(frame, this.onGround(frame, side), seconds, this.mode);
  }

  /** The foot whose forces are drawn: what the figure shows, not what was pointed at. */
  onGround(frame) {
    return cursor.at(frame).side;
  }

  /** For paper: five instants of each stance, from the side and from behind. */
  static still(host, scene) {
    for (const side of SIDES) {
      const curve = data.timeline.percent[side];
      if (!curve.some((p) => p !== null)) continue;
      const [moment, title, row] = ["div", "p", "div"].map((name) => document.createElement(name));
      [moment.className, title.className, row.className] = ["moment", `key ${side}`, "stills"];
      title.textContent = say(`stills_${side}`);
      moment.append(title, row);
      host.append(moment);
      const distance = (i, wanted) => (curve[i] === null ? Infinity : Math.abs(curve[i] - wanted));
      const best = (wanted) => curve.reduce((found, _, i) => (distance(i, wanted) < distance(found, wanted) ? i : found), 0);
      for (const axis of Figure.seen(scene)) {
        for (const wanted of [0, 25, 50, 75, 100]) {
          const [view] = Figure.build(row, scene, 132, 165, [axis], null, true);
          view.draw(best(wanted), side, 0, scene.ladder ? "own" : "none");
        }
      }
    }
  }
}
