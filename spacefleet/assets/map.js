// The map of a system: waypoints by type, the age of prices, and ships that move by themselves.
"use strict";
(() => {
  // symbol, size and colour by type; what a colour says, the form says too
  const TYPES = {
    PLANET: ["circle", 15, "--series-1"],
    GAS_GIANT: ["hexagon", 17, "--series-2"],
    MOON: ["circle", 9, "--quiet"],
    ORBITAL_STATION: ["square", 9, "--series-4"],
    FUEL_STATION: ["triangle-up", 9, "--series-3"],
    JUMP_GATE: ["star", 14, "--series-6"],
    ENGINEERED_ASTEROID: ["diamond", 11, "--series-5"],
    ASTEROID_BASE: ["diamond-tall", 10, "--series-5"],
    ASTEROID: ["diamond", 4, "--quiet"],
  };
  const OTHER = ["circle-open", 9, "--quiet"];
  const RINGS = [
    ["fresh", "prices fresh", "circle-open", 2.5, "--good"],
    ["ageing", "prices ageing", "circle-open", 1, "--quiet"],
    ["old", "prices old", "square-open", 1, "--warn"],
    ["never", "prices never seen", "diamond-open", 1, "--bad"],
  ];
  const MARKS = [
    ["site", "site", "pentagon-open", 24, "--series-2"],
    ["depot", "depot", "square-x-open", 20, "--series-4"],
    ["home", "headquarters", "hexagon2-open", 28, "--series-1"],
  ];
  const SHOWN = 12; // names of ships in one label

  const words = (type) => type.toLowerCase().replaceAll("_", " ");
  const tail = (symbol) => symbol.slice(symbol.lastIndexOf("-") + 1);

  // most of a system lies near its star: the square root of the distance gives it room, and
  // directions from the star stay true
  const DISTANCES = [25, 100, 200, 400, 800, 1600];

  function drawn(x, y) {
    const distance = Math.hypot(x, y);
    const factor = distance ? 1 / Math.sqrt(distance) : 0;
    return [x * factor, y * factor];
  }

  // moons and stations share the place of what they orbit: drawn around it, so that all are seen
  function positions(figure) {
    const farthest = Math.max(...figure.places.map((place) => Math.hypot(place.x, place.y)), 1);
    const off = Math.sqrt(farthest) / 22;
    const found = new Map();
    for (const place of figure.places) {
      const turn = 2 * Math.PI * place.turn + 0.6;
      const [x, y] = drawn(place.x, place.y);
      found.set(place.symbol, place.orbits ? [x + off * Math.cos(turn), y + off * Math.sin(turn)] : [x, y]);
    }
    return found;
  }

  function distances(figure, kit) {
    const farthest = Math.max(...figure.places.map((place) => Math.hypot(place.x, place.y)), 1);
    const shown = DISTANCES.filter((distance) => distance <= farthest);
    const line = { width: 1, color: kit.colour("--line") };
    const font = { size: 10, color: kit.colour("--quiet") };
    return {
      shapes: shown.map(Math.sqrt).map((r) => ({ type: "circle", layer: "below", x0: -r, x1: r, y0: -r, y1: r, line })),
      annotations: shown.map((distance) => ({ x: 0, y: -Math.sqrt(distance), text: `${distance}`, showarrow: false, font, bgcolor: kit.colour("--sheet") })),
    };
  }

  function age(place, figure, now) {
    if (!place.seen) return "never";
    const seconds = (now - Date.parse(place.seen)) / 1000;
    return seconds <= figure.fresh ? "fresh" : seconds <= figure.old ? "ageing" : "old";
  }

  const told = (place) => [`<b>${place.symbol}</b>`, words(place.type), ...place.notes, place.market ? "market" : ""].filter(Boolean).join("<br>");

  function scatter(name, marker, more) {
    return { type: "scatter", mode: "markers", name, hoverinfo: "text", marker, ...more };
  }

  function at(list, where) {
    const found = list.map((place) => where.get(place.symbol));
    return { x: found.map((point) => point[0]), y: found.map((point) => point[1]) };
  }

  function waypoints(figure, where, kit) {
    const types = [...new Set(figure.places.map((place) => place.type))].sort();
    return types.map((type) => {
      const [symbol, size, colour] = TYPES[type] || OTHER;
      const list = figure.places.filter((place) => place.type === type);
      return scatter(words(type), { symbol, size, color: kit.colour(colour) }, { ...at(list, where), text: list.map(told) });
    });
  }

  function rings(figure, where, kit) {
    const markets = figure.places.filter((place) => place.market);
    return RINGS.map(([key, name, symbol, width, colour]) => {
      const list = markets.filter((place) => age(place, figure, kit.now()) === key);
      const ink = kit.colour(colour);
      return scatter(name, { symbol, size: 22, color: ink, line: { width, color: ink } }, { ...at(list, where), hoverinfo: "skip" });
    }).filter((trace) => trace.x.length);
  }

  // only what is ours has a name on the map: names of all would cover each other
  function marks(figure, where, kit) {
    return MARKS.map(([key, name, symbol, size, colour]) => {
      const list = figure.places.filter((place) => place.marks.includes(key));
      const ink = kit.colour(colour);
      return scatter(name, { symbol, size, color: ink, line: { width: 1.5, color: ink } }, {
        ...at(list, where), mode: "markers+text", hoverinfo: "skip", text: list.map((place) => tail(place.symbol)),
        textposition: key === "home" ? "bottom center" : "top center", textfont: { color: kit.colour("--text"), size: 11 },
      });
    }).filter((trace) => trace.x.length);
  }

  const flying = (figure, now) => figure.ships.filter((ship) => ship.from && Date.parse(ship.arrives) > now);

  function routes(ships, where, kit) {
    const x = [];
    const y = [];
    for (const ship of ships) {
      const ends = [where.get(ship.from), where.get(ship.at)];
      if (!ends[0] || !ends[1]) continue;
      x.push(ends[0][0], ends[1][0], null);
      y.push(ends[0][1], ends[1][1], null);
    }
    return { type: "scatter", mode: "lines", name: "routes", x, y, hoverinfo: "skip", showlegend: false, line: { width: 1, dash: "dot", color: kit.colour("--quiet") } };
  }

  function moving(ships, where, now) {
    const points = { x: [], y: [], text: [], customdata: [], angle: [] };
    for (const ship of ships) {
      const to = where.get(ship.at);
      const from = where.get(ship.from) || to;
      if (!to) continue;
      const [departs, arrives] = [Date.parse(ship.departs), Date.parse(ship.arrives)];
      const done = Math.min(1, Math.max(0, (now - departs) / Math.max(arrives - departs, 1)));
      points.x.push(from[0] + done * (to[0] - from[0]));
      points.y.push(from[1] + done * (to[1] - from[1]));
      points.angle.push((Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI);
      points.text.push(`<b>${ship.symbol}</b> ${ship.role}<br>${ship.from} → ${ship.at}<br>${Math.round(100 * done)} % of the way${ship.trouble ? `<br>${ship.trouble}` : ""}`);
      points.customdata.push(ship.symbol);
    }
    return points;
  }

  function resting(figure, where, now) {
    const groups = new Map();
    const under = new Set(flying(figure, now));
    for (const ship of figure.ships) {
      if (under.has(ship) || !where.has(ship.at)) continue;
      groups.set(ship.at, [...(groups.get(ship.at) || []), ship]);
    }
    const points = { x: [], y: [], text: [], customdata: [], size: [] };
    for (const [symbol, ships] of groups) {
      const [x, y] = where.get(symbol);
      const names = ships.slice(0, SHOWN).map((ship) => `${ship.symbol} ${ship.role}`);
      if (ships.length > SHOWN) names.push(`and ${ships.length - SHOWN} more`);
      points.x.push(x);
      points.y.push(y);
      points.text.push(`<b>${symbol}</b>: ${ships.length === 1 ? "1 ship" : `${ships.length} ships`}<br>${names.join("<br>")}`);
      points.customdata.push(ships[0].symbol);
      points.size.push(7 + 2 * Math.min(5, Math.sqrt(ships.length)));
    }
    return points;
  }

  function paint(figure, kit) {
    const where = positions(figure);
    const now = kit.now();
    const under = flying(figure, now);
    const { size, ...still } = resting(figure, where, now);
    const { angle, ...fleet } = moving(under, where, now);
    const ink = kit.colour("--text");
    const edge = { width: 1.5, color: kit.colour("--sheet") };
    const data = [
      routes(under, where, kit),
      ...rings(figure, where, kit),
      ...waypoints(figure, where, kit),
      ...marks(figure, where, kit),
      scatter("ships at rest", { symbol: "circle", size, color: ink, line: edge }, still),
      scatter("ships under way", { symbol: "arrow", size: 15, angle, color: ink, line: edge }, fleet),
    ];
    const axis = { visible: false };
    const narrow = window.matchMedia("(max-width: 46rem)").matches;
    const layout = {
      ...kit.look(),
      ...distances(figure, kit),
      margin: { l: 8, r: 8, t: 8, b: 8 },
      hovermode: "closest",
      dragmode: window.matchMedia("(pointer: coarse)").matches ? false : "zoom",
      showlegend: !kit.box.hasAttribute("data-small"),
      legend: narrow ? { orientation: "h", y: -0.02, yanchor: "top", font: { size: 10 } } : { itemsizing: "trace", font: { size: 12 } },
      uirevision: figure.system,
      xaxis: axis,
      yaxis: { ...axis, scaleanchor: "x", scaleratio: 1 },
    };
    return [data, layout];
  }

  // every second: only the ships under way, so that zooming and hovering are left in peace
  function tick(box, figure, kit) {
    const now = kit.now();
    const under = flying(figure, now);
    if (under.length !== box.underWay) {
      box.underWay = under.length;
      return kit.draw();
    }
    if (!under.length) return undefined;
    const { angle, ...points } = moving(under, positions(figure), now);
    const values = Object.fromEntries(Object.entries(points).map(([name, list]) => [name, [list]]));
    return Plotly.restyle(box, { ...values, "marker.angle": [angle] }, [box.data.length - 1]);
  }

  function ready(box) {
    box.on("plotly_click", (event) => {
      const ship = event.points.map((point) => point.customdata).find(Boolean);
      if (ship && box.dataset.shipPage) location.assign(`${box.dataset.shipPage}${encodeURIComponent(ship)}/`);
    });
  }

  // the galaxy: systems we know and the jumps between their gates
  const STATES = [
    ["home", "home", "star", 16, "--series-1"],
    ["explored", "explored", "circle", 11, "--series-3"],
    ["read", "waypoints read", "circle-dot", 11, "--series-2"],
    ["heard of", "heard of", "circle-open", 9, "--quiet"],
  ];

  function paintGalaxy(figure, kit) {
    const stars = new Map(figure.stars.map((star) => [star.symbol, star]));
    const jumps = { x: [], y: [] };
    for (const ends of figure.links) {
      for (const symbol of ends) {
        jumps.x.push(stars.get(symbol).x);
        jumps.y.push(stars.get(symbol).y);
      }
      jumps.x.push(null);
      jumps.y.push(null);
    }
    const groups = STATES.map(([key, name, symbol, size, colour]) => {
      const list = figure.stars.filter((star) => (key === "home" ? star.home : !star.home && star.state === key));
      return scatter(name, { symbol, size, color: kit.colour(colour) }, {
        x: list.map((star) => star.x), y: list.map((star) => star.y), mode: "markers+text",
        text: list.map((star) => `<b>${star.symbol}</b><br>${words(star.type)}, ${star.state}<br>${star.ships} ships${star.shut ? "<br>gate under construction" : ""}`),
        texttemplate: list.map((star) => (star.home || star.ships ? `${star.symbol}${star.ships ? ` (${star.ships})` : ""}` : "")),
        textposition: "top center", textfont: { color: kit.colour("--text"), size: 11 },
        customdata: list.map((star) => star.symbol),
      });
    }).filter((trace) => trace.x.length);
    const lines = { type: "scatter", mode: "lines", name: "jumps", ...jumps, hoverinfo: "skip", line: { width: 1, color: kit.colour("--quiet") } };
    const layout = {
      ...kit.look(), margin: { l: 8, r: 8, t: 24, b: 8 }, hovermode: "closest", uirevision: "galaxy",
      dragmode: window.matchMedia("(pointer: coarse)").matches ? false : "zoom", showlegend: true,
      legend: { orientation: "h", y: -0.02, yanchor: "top" }, xaxis: { visible: false }, yaxis: { visible: false, scaleanchor: "x", scaleratio: 1 },
    };
    return [[lines, ...groups], layout];
  }

  function readyGalaxy(box) {
    box.on("plotly_click", (event) => {
      const system = event.points.map((point) => point.customdata).find(Boolean);
      if (system) location.assign(`${box.dataset.mapPage}?system=${encodeURIComponent(system)}`);
    });
  }

  window.painters = {
    ...window.painters,
    map: { paint, tick, ready, isEmpty: (figure) => !figure.places.length, empty: "No waypoint known yet. A worker reads the home system of an agent when it joins." },
    galaxy: { paint: paintGalaxy, ready: readyGalaxy, isEmpty: (figure) => !figure.stars.length, empty: "No system with a known place yet. Places come when a gate is read and a probe leaves through it." },
  };
})();
