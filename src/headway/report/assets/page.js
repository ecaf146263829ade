// Wires the page: theme, the shared instant, keys, switches and rows that open.

const byId = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];

/** A group of buttons of which one is pressed; the choice is named by a data attribute. */
function choice(attribute, chosen) {
  const buttons = all(`[data-${attribute}]`);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      chosen(button.dataset[attribute]);
    });
  }
}

function pictures() {
  const charts = all("[data-chart]").map((host) => new Chart(host, data.charts[host.dataset.chart]));
  choice("scale", (value) => charts.forEach((chart) => chart.spec.shared && chart.rescale(value === "own")));
  if (byId("map")) {
    const map = new FootMap(byId("map"), data.map);
    choice("map", (axis) => map.look(axis));
  }
  if (byId("figure")) {
    const figure = new Figure(byId("figure"), data.figure);
    choice("arrows", (mode) => figure.show(mode));
    window.addEventListener("beforeprint", () => Figure.still(byId("figure-print"), data.figure), { once: true });
  }
}

/** Where the feet are on the ground, as coloured stretches above the slider. */
function stances(host) {
  const last = cursor.count - 1;
  for (const side of SIDES) {
    cursor.percent[side].forEach((percent, i) => {
      if (percent === null || (i > 0 && cursor.percent[side][i - 1] !== null)) return;
      let end = i;
      while (end < last && cursor.percent[side][end + 1] !== null) end++;
      const piece = document.createElement("i");
      piece.className = side;
      piece.style.left = `${(100 * i) / last}%`;
      piece.style.width = `${(100 * (end - i)) / last}%`;
      host.append(piece);
    });
  }
}

function transport() {
  const play = byId("play"), scrub = byId("scrub"), now = byId("now");
  if (!play) return;
  scrub.max = String(cursor.count - 1);
  stances(document.querySelector(".stances"));
  play.addEventListener("click", () => (cursor.playing ? cursor.pause() : cursor.play()));
  scrub.addEventListener("input", () => {
    cursor.playing = false;
    cursor.set(Number(scrub.value));
  });
  byId("speed").addEventListener("change", (event) => (cursor.rate = Number(event.target.value)));
  cursor.listen(({ frame, side, percent, words: instead }) => {
    scrub.value = String(Math.min(frame, cursor.count - 1));
    const words = place(side, percent, instead);
    now.textContent = words;
    now.className = side || "";
    scrub.setAttribute("aria-valuetext", words);
    play.setAttribute("aria-label", say(cursor.playing ? "pause" : "play"));
    play.classList.toggle("playing", cursor.playing);
  });
}

function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target, slider = target.id === "scrub";
    if (!slider && target.closest && target.closest("button, a, select, input, summary")) {
      if (event.key === " " || target.tagName === "SELECT") return;
    }
    const act = { " ": () => (cursor.playing ? cursor.pause() : cursor.play()), ArrowLeft: () => cursor.step(-1), ArrowRight: () => cursor.step(1) }[event.key];
    if (!act || !(cursor.count || cursor.film)) return;
    event.preventDefault();
    act();
  });
}

function theme() {
  const root = document.documentElement, dark = window.matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem("headway-theme");
    } catch {
      return null;
    }
  };
  if (stored()) root.dataset.theme = stored();
  byId("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("headway-theme", root.dataset.theme);
    } catch {
      // A browser may forbid storage for local files; the choice then lasts until the page is closed.
    }
  });
}

function openers() {
  for (const button of all(".metric [aria-controls]")) {
    button.addEventListener("click", () => {
      const row = byId(button.getAttribute("aria-controls"));
      row.hidden = !row.hidden;
      button.setAttribute("aria-expanded", String(!row.hidden));
    });
  }
  for (const button of all("[data-more]")) {
    button.addEventListener("click", () => {
      const body = button.closest("tbody").nextElementSibling;
      body.hidden = !body.hidden;
      button.setAttribute("aria-expanded", String(!body.hidden));
    });
  }
  for (const link of all("[data-opens]")) link.addEventListener("click", () => (byId(link.dataset.opens).open = true));
  for (const link of all("[data-row]")) {
    link.addEventListener("click", () => {
      const row = byId(`detail-${link.dataset.row}`), button = document.querySelector(`[aria-controls="${row.id}"]`);
      if (row.hidden) button.click();
    });
  }
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = all("details:not([open])");
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", () => opened.forEach((details) => (details.open = false)));
}

theme();
openers();
pictures();
transport();
keys();
Film.build();
cursor.setPercent(null, 70); // in push-off, the subject of the page

/** The picture of the first screen moves by itself, unless the reader asked for rest or did something before. */
function begin() {
  if (!document.querySelector(".first") || window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  let done = false;
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, () => (done = true), { once: true, capture: true });
  const start = () => {
    if (!done && !cursor.playing) cursor.play();
    done ||= cursor.playing;
  };
  if (!Film.all.length) start();
  else for (const kind of ["canplay", "seeked"]) Film.leader.video.addEventListener(kind, () => setTimeout(start));
}

begin();
