// A simulation: the conditions side by side, one instant for all of them and for the curves.

/** One condition from one direction. */
class Pane {
  constructor(host, scene, across) {
    Object.assign(this, { host, scene, across });
    const time = scene.time, travel = (scene.speed || 0) * 1000 * scene.stride;
    scene.most = {};
    scene.mmPerNewton = scene.weight ? MM_PER_WEIGHT / scene.weight : 0.5;
    scene.spacing = travel ? travel / Math.max(1, Math.round(travel / 400)) : 0;
    this.gap = time[1] - time[0];
    onWidth(host, (width) => this.layout(width));
    cursor.listen((state) => this.move(state));
  }

  layout(width) {
    this.host.replaceChildren();
    [this.view] = Figure.build(this.host, this.scene, width, 400, [this.across], null, false);
    this.move(cursor.state);
  }

  /** The foot that carries this runner, not the first one's. */
  standing(frame) {
    const up = (side) => {
      const f = this.scene.force[side] ? blend(this.scene.force[side], frame) : null;
      return f && f[UP] > 0 ? f[UP] : 0;
    };
    const most = SIDES.map(up), side = most[0] > most[1] ? 0 : 1;
    return most[side] > 0 ? SIDES[side] : null;
  }

  move({ frame }) {
    if (this.view) this.view.draw(frame, this.standing(frame), frame * this.gap, "none");
  }
}

/** Curves drawn beforehand, with the cursor in them. */
class Overlaid {
  constructor(root) {
    this.root = root;
    this.line = root.querySelector(".cursor");
    this.from = Number(this.line.getAttribute("x1"));
    this.to = root.viewBox.baseVal.width - 10;
    cursor.listen(({ frame }) => {
      const x = this.from + ((this.to - this.from) * frame) / cursor.count;
      for (const end of ["x1", "x2"]) this.line.setAttribute(end, x.toFixed(1));
    });
    const go = (event) => {
      const box = root.getBoundingClientRect(), scale = root.viewBox.baseVal.width / box.width;
      const share = ((event.clientX - box.left) * scale - this.from) / (this.to - this.from);
      if (share >= 0 && share < 1) cursor.set(share * cursor.count);
    };
    root.addEventListener("pointerdown", (event) => {
      cursor.pause();
      go(event);
    });
    root.addEventListener("pointermove", (event) => {
      if (!cursor.playing && (event.pointerType === "mouse" || event.pressure > 0)) go(event);
    });
  }
}

for (const host of all("[data-scene]")) {
  new Pane(host, data.scenes[Number(host.dataset.scene)], host.dataset.across === "right" ? RIGHT : FORWARD);
}
for (const root of all("[data-overlay]")) new Overlaid(root);
