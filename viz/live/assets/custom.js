// Drawing above the maps, and saving files. The templates hold no other logic.
window.everystep = {
  reduced() { return window.matchMedia('(prefers-reduced-motion: reduce)').matches; },

  // The address of the page holds all that brings it back: the plan (s), the week (w), what is looked at. A new plan is a
  // new entry, so that Back leads to the plan before; a week or a choice rewrites the entry it belongs to.
  address: {
    read() {
      const {s, w, ...look} = Object.fromEntries(new URLSearchParams(window.location.hash.slice(1)));
      return {link: s || '', week: /^\d{1,4}$/.test(w || '') && Number(w) > 0 ? Number(w) : null, look};
    },
    write({token, look}, week, anew) {
      const now = this.read(), same = now.link === token, at = week || (same && now.week);
      const spelled = new URLSearchParams(Object.assign({s: token}, at ? {w: at} : {}, look)).toString();
      if (window.location.hash.slice(1) === spelled) return;
      const keep = anew && !same ? 'pushState' : 'replaceState';
      window.history[keep](window.history.state, '', '#' + spelled);
    },
    // Whether this tab has shown the page before, so that it greets who comes back.
    again() {
      try {
        const before = window.sessionStorage.getItem('everystep-here') === '1';
        window.sessionStorage.setItem('everystep-here', '1');
        return before;
      } catch (fault) { return false; }
    },
  },

  // Plans that somebody kept: in this browser alone, as links.
  plans: {
    read() {
      try {
        const kept = JSON.parse(window.localStorage.getItem('everystep-plans') || '[]');
        return Array.isArray(kept) ? kept.filter(one => one && typeof one.name === 'string' && typeof one.token === 'string') : [];
      } catch (fault) { return []; }
    },
    write(kept) {
      try { window.localStorage.setItem('everystep-plans', JSON.stringify(kept)); return true; } catch (fault) { return false; }
    },
  },

  // The chart library, from where Solara has its own scripts; asked for again when it did not come.
  charts() {
    const address = `${window.solara.cdn}/echarts@5.4.0/dist/echarts.min.js`;
    return new Promise((resolve, reject) => {
      window.requirejs([address], resolve, fault => { window.requirejs.undef(address); reject(fault); });
    });
  },

  save(made) {
    const raw = atob(made.data);
    const bytes = new Uint8Array(raw.length);
    for (let k = 0; k < raw.length; k += 1) bytes[k] = raw.charCodeAt(k);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], {type: made.mime}));
    link.download = made.name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 30000);
  },

  // One map's marks: places with their use, ties of a resident, dots of people on their way.
  draw(canvas, scene, frame, side, shown) {
    const box = canvas.getBoundingClientRect();
    const dense = window.devicePixelRatio || 1;
    const width = Math.round(box.width * dense), height = Math.round(box.height * dense);
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    const scale = Math.min(width / shown[2], height / shown[3]);
    const left = (width - shown[2] * scale) / 2 - shown[0] * scale;
    const top = (height - shown[3] * scale) / 2 - shown[1] * scale;
    const times = scene.box[2] / shown[2];
    const look = {pen: canvas.getContext('2d'), x: v => left + v * scale, y: v => top + v * scale, dense, times};
    const marks = frame.marks || {};
    const still = () => {
      look.pen.clearRect(0, 0, width, height);
      if (marks.use) this.places(look, scene, marks.use[side]);
      if (marks.dots) this.people(look, canvas.dots, marks.dots[side].level);
      if (marks.groups) this.groups(look, scene, marks.groups[side]);
      if (frame.ties) this.ties(look, frame.ties);
      const pick = frame.pick || {}, here = !pick.side || pick.side === side;
      if (here && pick.homes) this.spokes(look, pick);
      if (here && pick.at) this.ring(look, pick.at);
    };
    window.cancelAnimationFrame(canvas.moving);
    if (!marks.dots) { still(); canvas.dots = null; return; }
    const aim = this.aims(scene, marks.dots[side], times);
    const paint = points => { canvas.dots = points; still(); };
    const same = canvas.dots && canvas.week === frame.week && canvas.dots.length === aim.length;
    // Walks take their time only where weeks do.
    const began = performance.now(), hurried = frame.playing && began - (canvas.since || 0) < 300;
    canvas.week = frame.week;
    canvas.since = began;
    if (this.reduced() || same || hurried) { paint(aim); return; }
    // In play people go from place to place; a week looked at alone starts from home.
    const homes = aim.map((_, k) => [scene.homes.x[k], scene.homes.y[k]]);
    const from = frame.playing && canvas.dots && canvas.dots.length === aim.length ? canvas.dots : homes;
    const took = frame.playing ? 220 : 900;
    const walk = now => {
      const t = Math.min(1, Math.max(0, (now - began) / took));
      paint(aim.map((p, k) => [from[k][0] + (p[0] - from[k][0]) * t, from[k][1] + (p[1] - from[k][1]) * t]));
      if (t < 1) canvas.moving = window.requestAnimationFrame(walk);
    };
    canvas.moving = window.requestAnimationFrame(walk);
  },

  // Where everybody drawn is; on the whole map every third, nearer to the ground all.
  aims(scene, dots, times) {
    const many = times >= 2 ? dots.at.length : Math.ceil(dots.at.length / 3);
    return dots.at.slice(0, many).map((asset, k) => {
      if (asset < 0 || asset >= scene.assets.x.length) return [scene.homes.x[k], scene.homes.y[k]];
      // Around the place, not on one point: the golden angle spreads them evenly.
      const turn = k * 2.399963, away = (40 + 14 * Math.sqrt(k % 97)) / Math.sqrt(times);
      return [scene.assets.x[asset] + away * Math.cos(turn), scene.assets.y[asset] + away * Math.sin(turn)];
    });
  },

  // One path a level, and only what can be seen: fast enough for every frame.
  people({pen, x, y, dense, times}, points, level) {
    const size = (times > 1 ? 3 + Math.log2(times) / 2 : 2.2) * dense;
    const {width, height} = pen.canvas;
    pen.lineWidth = 1.2 * dense;
    ['#ffffff', '#9cc3de', '#0b3d63'].forEach((colour, grade) => {
      pen.beginPath();
      points.forEach((p, k) => {
        if (level[k] !== grade) return;
        const px = x(p[0]), py = y(p[1]);
        if (px < -size || py < -size || px > width + size || py > height + size) return;
        pen.moveTo(px + size, py);
        pen.arc(px, py, size, 0, 2 * Math.PI);
      });
      pen.fillStyle = colour;
      pen.fill();
      pen.strokeStyle = grade === 2 ? '#ffffff' : '#1b2a35';
      pen.stroke();
    });
  },

  places({pen, x, y, dense}, scene, use) {
    for (const [asset, percent, site] of use) {
      const cx = x(scene.assets.x[asset]), cy = y(scene.assets.y[asset]), r = (site ? 7 : 5) * dense;
      pen.beginPath();
      pen.arc(cx, cy, r, 0, 2 * Math.PI);
      pen.fillStyle = '#ffffff';
      pen.fill();
      pen.beginPath();
      pen.moveTo(cx, cy);
      pen.arc(cx, cy, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, percent / 100));
      pen.fillStyle = percent > 100 ? '#b35900' : '#1b2a35';
      pen.fill();
      pen.beginPath();
      pen.arc(cx, cy, r, 0, 2 * Math.PI);
      pen.lineWidth = (site ? 2.5 : 1.5) * dense;
      pen.strokeStyle = site ? '#b3005c' : '#1b2a35';
      pen.stroke();
    }
  },

  // A diamond for people's own groups, a square for a programme's: white shows through as energy is lost. People's own lie on top.
  groups({pen, x, y, dense}, scene, marks) {
    for (const [own, place, , across, down, size, energy] of [...marks].sort((a, b) => a[0] - b[0])) {
      const cx = x(scene.assets.x[place]) + across * dense, cy = y(scene.assets.y[place]) + down * dense, r = size * dense;
      const side = r * (own ? 1 : 0.8);
      pen.beginPath();
      if (own) [[0, -side], [side, 0], [0, side], [-side, 0]].forEach(([a, b]) => pen.lineTo(cx + a, cy + b));
      else pen.rect(cx - side, cy - side, 2 * side, 2 * side);
      pen.closePath();
      pen.lineJoin = 'round';
      pen.lineWidth = 4 * dense;
      pen.strokeStyle = '#ffffff';
      pen.stroke();
      pen.fillStyle = '#ffffff';
      pen.fill();
      pen.globalAlpha = own ? Math.max(0.12, energy / 100) : 1;
      pen.fillStyle = own ? '#00795c' : '#b3005c';
      pen.fill();
      pen.globalAlpha = 1;
      pen.lineWidth = 1.5 * dense;
      pen.strokeStyle = '#1b2a35';
      pen.stroke();
    }
  },

  // From where a group meets to its members' homes; thicker to those who organise it.
  spokes({pen, x, y, dense}, {at, homes}) {
    pen.strokeStyle = '#b3005c';
    for (const [east, south, organises] of homes) {
      pen.lineWidth = (organises ? 3 : 1.2) * dense;
      pen.beginPath();
      pen.moveTo(x(at[0]), y(at[1]));
      pen.lineTo(x(east), y(south));
      pen.stroke();
    }
  },

  ties({pen, x, y, dense}, ties) {
    const line = (points, dash, colour, wide) => {
      pen.setLineDash(dash.map(d => d * dense));
      pen.strokeStyle = colour;
      pen.lineWidth = wide * dense;
      for (const p of points) {
        pen.beginPath();
        pen.moveTo(x(ties.home[0]), y(ties.home[1]));
        pen.lineTo(x(p[0]), y(p[1]));
        pen.stroke();
      }
      pen.setLineDash([]);
    };
    line(ties.weak, [2, 4], '#3d4c56', 1);
    line(ties.strong, [], '#b3005c', 2.2);
    this.people({pen, x, y, dense, times: 2}, ties.strong, ties.strong.map(p => p[2]));
    this.ring({pen, x, y, dense}, ties.home);
  },

  ring({pen, x, y, dense}, at) {
    pen.beginPath();
    pen.arc(x(at[0]), y(at[1]), 10 * dense, 0, 2 * Math.PI);
    pen.lineWidth = 3 * dense;
    pen.strokeStyle = '#b3005c';
    pen.stroke();
  },
};
