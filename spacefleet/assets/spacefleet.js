// What the pages need beyond htmx: clocks that run, charts, and panels that refresh without jumps.
"use strict";
(() => {
  // times: the same words as span() and ago() in templatetags/pages.py
  const { now: rendered, zone, pace } = document.documentElement.dataset;
  const skew = Date.parse(rendered) - Date.now();

  // the zone of this browser, for the server; what a person chose in the settings goes first
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own) document.cookie = `zone=${own};path=/;max-age=31536000;samesite=lax`;

  function span(seconds) {
    const whole = Math.floor(Math.abs(seconds));
    const minutes = Math.floor(whole / 60);
    const hours = Math.floor(whole / 3600);
    if (whole < 60) return `${whole} s`;
    if (minutes < 60) return `${minutes} min`;
    if (hours < 48) return hours < 10 && minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
    return `${Math.floor(hours / 24)} d`;
  }

  function words(moment) {
    const seconds = (Date.now() + skew - Date.parse(moment)) / 1000;
    if (Math.abs(seconds) < 1) return "now";
    const wall = seconds > 0 ? `${span(seconds)} ago` : `in ${span(seconds)}`;
    return Number(pace) === 1 ? wall : `${wall} (game ${span(seconds * pace)})`;
  }

  function tick() {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const text = words(time.dateTime);
      if (time.textContent !== text) time.textContent = text;
    }
  }
  setInterval(tick, 1000);

  // panels: keep what the reader did to them, and rest while nobody looks
  const kept = new Map();

  function selecting(panel) {
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && panel.contains(selection.anchorNode);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const panel = event.detail.target;
    if (selecting(panel)) {
      event.detail.shouldSwap = false;
      return;
    }
    kept.set(panel.id, {
      scrolled: [...panel.querySelectorAll(".scroll")].map((box) => box.scrollLeft),
      open: [...panel.querySelectorAll("details[open]")].map((box) => box.id),
      focused: panel.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null,
    });
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const panel = document.getElementById(event.detail.target.id);
    const before = panel && kept.get(panel.id);
    if (!before) {
      reachable(document);
      return;
    }
    panel.querySelectorAll(".scroll").forEach((box, n) => { box.scrollLeft = before.scrolled[n] || 0; });
    for (const id of before.open) document.getElementById(id)?.setAttribute("open", "");
    if (before.focused) panel.querySelector(`a[href="${CSS.escape(before.focused)}"]`)?.focus({ preventScroll: true });
    reachable(panel);
    tick();
  });

  // a table wider than the screen can be scrolled with the keyboard
  function reachable(root) {
    for (const box of root.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    }
  }

  window.addEventListener("resize", () => reachable(document));

  // the connection: old figures must not look like new ones
  const connection = document.getElementById("connection");
  let silentSince = null;

  function lost() {
    silentSince ??= new Date();
    const clock = silentSince.toLocaleTimeString("en-GB", { timeZone: zone, timeZoneName: "short" });
    connection.textContent = `No answer from the server since ${clock}. What you see is as old.`;
    connection.hidden = false;
  }

  function found() {
    silentSince = null;
    connection.hidden = true;
  }

  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, lost);
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) lost();
  });
  document.addEventListener("htmx:afterOnLoad", found);

  // charts: the server sends lines, the page lends them its colours
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const figures = new Map();

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function look() {
    const text = colour("--text");
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: text, family: getComputedStyle(document.body).fontFamily, size: 12 },
      hoverlabel: { bgcolor: colour("--sheet"), bordercolor: colour("--line"), font: { color: text } },
    };
  }

  function painted(figure) {
    const layout = { ...structuredClone(figure.layout), ...look() };
    const line = colour("--line");
    for (const [name, axis] of Object.entries(layout)) {
      if (/^[xy]axis/.test(name)) Object.assign(axis, { gridcolor: line, zerolinecolor: colour("--quiet"), linecolor: line });
    }
    const data = figure.data.map((trace) => {
      const own = trace.line.dash === "dash" ? colour("--quiet") : colour(`--series-${1 + (trace.meta.colour % 6)}`);
      return { ...trace, line: { ...trace.line, color: own }, marker: { color: own, size: 7 } };
    });
    return [data, layout];
  }

  // who draws a box: the painter it names (see map.js), or lines over time
  const lines = {
    paint: painted,
    isEmpty: (figure) => !figure.data.length,
    empty: "Nothing to draw yet. Readings are taken every minute while workers run.",
  };

  function painter(box) {
    return window.painters?.[box.dataset.painter] ?? lines;
  }

  function kit(box) {
    return { box, colour, look, now: () => Date.now() + skew, draw: () => draw(box) };
  }

  function empty(box) {
    if (box.dataset.drawn) Plotly.purge(box);
    delete box.dataset.drawn;
    const words = document.createElement("p");
    words.className = "empty";
    words.textContent = painter(box).empty;
    box.replaceChildren(words);
  }

  function draw(box) {
    const figure = figures.get(box);
    if (!figure) return;
    if (painter(box).isEmpty(figure)) {
      empty(box);
      return;
    }
    if (box.firstElementChild?.matches(".empty")) box.replaceChildren();
    const [data, layout] = painter(box).paint(figure, kit(box));
    Plotly.react(box, data, layout, { responsive: true, displayModeBar: false });
    if (!box.dataset.drawn) painter(box).ready?.(box);
    box.dataset.drawn = "yes";
  }

  async function refresh(box) {
    if (document.hidden && figures.has(box)) return;
    try {
      const answer = await fetch(box.dataset.figure, { headers: { "X-Panel-Version": box.dataset.version || "" } });
      if (answer.redirected) return location.reload();
      if (answer.status !== 200) return;
      box.dataset.version = answer.headers.get("X-Panel-Version");
      figures.set(box, await answer.json());
      draw(box);
    } catch (error) {
      if (error instanceof TypeError) return lost();
      throw error;
    }
  }

  for (const box of document.querySelectorAll("[data-figure]")) {
    refresh(box);
    setInterval(() => refresh(box), 1000 * box.dataset.every);
    setInterval(() => {
      if (box.dataset.drawn && !document.hidden) painter(box).tick?.(box, figures.get(box), kit(box));
    }, 1000);
  }
  dark.addEventListener("change", () => figures.forEach((_, box) => draw(box)));

  // menus: one at a time, closed by Escape and by a click elsewhere
  const menus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  reachable(document);
  tick();
})();
