/**
 * Draws the sample pictures that explain each ControlNet type: a figure in a landscape, marched as distance fields, so
 * that its depth and its joints are known exactly, and its outlines, blocks and blur computed from the picture. Run
 * once; the results are committed.
 */
import { mkdirSync } from 'node:fs';
import sharp from 'sharp';
import { inRoot } from './paths.mjs';

const OUT = inRoot('packages/web/src/features/studio/composer/control-samples');
const [WIDTH, HEIGHT, FINE] = [240, 180, 2];

const add = (a, b) => a.map((v, i) => v + b[i]);
const sub = (a, b) => a.map((v, i) => v - b[i]);
const mul = (a, k) => a.map((v) => v * k);
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const len = (a) => Math.hypot(...a);
const norm = (a) => mul(a, 1 / len(a));
const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));
const mix = (a, b, k) => a.map((v, i) => v + (b[i] - v) * k);

/** Metres; x to the right, y up, z away from the eye. */
const JOINTS = {
  head: [0.02, 1.68, 3],
  neck: [0, 1.45, 3],
  rShoulder: [-0.21, 1.42, 3.02],
  rElbow: [-0.46, 1.2, 2.92],
  rWrist: [-0.4, 0.92, 2.75],
  lShoulder: [0.21, 1.42, 2.98],
  lElbow: [0.45, 1.6, 2.85],
  lWrist: [0.56, 1.9, 2.75],
  rHip: [-0.13, 0.92, 3.02],
  rKnee: [-0.27, 0.5, 2.86],
  rAnkle: [-0.22, 0.07, 3.1],
  lHip: [0.13, 0.92, 2.98],
  lKnee: [0.28, 0.5, 3.06],
  lAnkle: [0.42, 0.07, 3.18],
};
const LIMBS = [
  ['neck', 'rShoulder'],
  ['rShoulder', 'rElbow'],
  ['rElbow', 'rWrist'],
  ['neck', 'lShoulder'],
  ['lShoulder', 'lElbow'],
  ['lElbow', 'lWrist'],
  ['neck', 'rHip'],
  ['rHip', 'rKnee'],
  ['rKnee', 'rAnkle'],
  ['neck', 'lHip'],
  ['lHip', 'lKnee'],
  ['lKnee', 'lAnkle'],
  ['neck', 'head'],
];
const SKIN = [0.87, 0.66, 0.5];
const COAT = [0.68, 0.2, 0.16];
const CLOTH = [0.18, 0.24, 0.34];
const STONE = [0.5, 0.5, 0.52];
const GRASS = [0.36, 0.5, 0.26];
const GOLD = [0.9, 0.7, 0.3];
const HILL = [0.32, 0.42, 0.44];

const sphere = (at, radius, colour) => ({
  colour,
  distance: (x, y, z) => Math.hypot(x - at[0], y - at[1], z - at[2]) - radius,
});
function capsule(a, b, radius, colour) {
  const [dx, dy, dz] = sub(b, a);
  const length2 = dx * dx + dy * dy + dz * dz;
  const distance = (x, y, z) => {
    const [px, py, pz] = [x - a[0], y - a[1], z - a[2]];
    const k = clamp((px * dx + py * dy + pz * dz) / length2, 0, 1);
    return Math.hypot(px - dx * k, py - dy * k, pz - dz * k) - radius;
  };
  return { colour, distance };
}
function box(at, half, colour) {
  const distance = (x, y, z) => {
    const qx = Math.abs(x - at[0]) - half[0];
    const qy = Math.abs(y - at[1]) - half[1];
    const qz = Math.abs(z - at[2]) - half[2];
    const outside = Math.hypot(Math.max(qx, 0), Math.max(qy, 0), Math.max(qz, 0));
    return outside + Math.min(Math.max(qx, qy, qz), 0) - 0.03;
  };
  return { colour, distance };
}

const j = JOINTS;
const FIGURE = [
  sphere(j.head, 0.14, SKIN),
  capsule(j.neck, [0, 1, 3], 0.17, COAT),
  capsule([0, 1.05, 3], [0, 0.72, 3], 0.2, COAT),
  capsule(j.rShoulder, j.rElbow, 0.07, COAT),
  capsule(j.rElbow, j.rWrist, 0.06, SKIN),
  capsule(j.lShoulder, j.lElbow, 0.07, COAT),
  capsule(j.lElbow, j.lWrist, 0.06, SKIN),
  capsule(j.rHip, j.rKnee, 0.1, CLOTH),
  capsule(j.rKnee, j.rAnkle, 0.08, CLOTH),
  capsule(j.lHip, j.lKnee, 0.1, CLOTH),
  capsule(j.lKnee, j.lAnkle, 0.08, CLOTH),
  capsule([0.56, 1.3, 2.72], [0.56, 2.25, 2.72], 0.025, STONE),
  sphere([0.56, 2.3, 2.72], 0.09, GOLD),
];
const LAND = [
  { colour: GRASS, distance: (_, y) => y },
  box([-1.5, 0.9, 4.6], [0.22, 0.9, 0.22], STONE),
  box([-1.5, 1.9, 4.6], [0.34, 0.1, 0.34], STONE),
  box([1.7, 0.45, 3.9], [0.22, 0.45, 0.22], STONE),
  box([0.9, 0.12, 5.4], [0.8, 0.12, 0.3], STONE),
  sphere([-3.4, -1.6, 9], 3, HILL),
  sphere([3.2, -2.6, 11], 4.6, HILL),
];
/** Far from the figure its parts need not be evaluated one by one. */
const AROUND = sphere([0.1, 1.2, 2.95], 1.35, null);

function nearest(x, y, z) {
  let [least, thing] = [Infinity, null];
  const look = (one) => {
    const distance = one.distance(x, y, z);
    if (distance < least) [least, thing] = [distance, one];
  };
  LAND.forEach(look);
  const away = AROUND.distance(x, y, z);
  if (away < 0.1) FIGURE.forEach(look);
  else least = Math.min(least, away);
  return { distance: least, thing };
}

const EYE = [0, 1.25, -0.6];
const FOCAL = 2.2;
const SUN = norm([-0.5, 0.75, -0.6]);
const FAR = 16;
const rayAt = (u, v) => norm([(u * 2 - 1) * (WIDTH / HEIGHT), 1 - v * 2, FOCAL * 1.05]);

function march([x, y, z], [dx, dy, dz], most) {
  let t = 0.02;
  for (let step = 0; step < 110 && t < most; step += 1) {
    const { distance, thing } = nearest(x + dx * t, y + dy * t, z + dz * t);
    if (distance < 0.001 * (1 + t)) return { t, colour: thing.colour };
    t += distance;
  }
  return null;
}

function shade(u, v) {
  const ray = rayAt(u, v);
  const sky = mix([0.98, 0.84, 0.62], [0.4, 0.58, 0.78], clamp(ray[1] * 2.2 + 0.1, 0, 1));
  const hit = march(EYE, ray, FAR);
  if (!hit) return { colour: sky, depth: 0 };
  const at = add(EYE, mul(ray, hit.t));
  const slope = [0, 1, 2].map((axis) => {
    const e = [0, 0, 0];
    e[axis] = 0.001;
    return nearest(...add(at, e)).distance - nearest(...sub(at, e)).distance;
  });
  const normal = norm(slope);
  const lit = march(add(at, mul(normal, 0.02)), SUN, 8) ? 0 : Math.max(0, dot(normal, SUN));
  const light = add(mul([1.05, 0.95, 0.8], lit), mul([0.34, 0.4, 0.5], 0.6 + 0.4 * normal[1]));
  const haze = clamp((hit.t - 4) / 12, 0, 0.7);
  const colour = mix(
    hit.colour.map((c, i) => c * light[i]),
    sky,
    haze,
  );
  return { colour, depth: clamp(1.25 - hit.t / 7.5, 0, 1) };
}

function render() {
  const [w, h] = [WIDTH * FINE, HEIGHT * FINE];
  const [picture, depth] = [Buffer.alloc(w * h * 3), Buffer.alloc(w * h)];
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      const seen = shade((x + 0.5) / w, (y + 0.5) / h);
      const at = y * w + x;
      for (let c = 0; c < 3; c += 1) picture[at * 3 + c] = 255 * clamp(seen.colour[c], 0, 1) ** (1 / 1.6);
      depth[at] = 255 * seen.depth;
    }
  }
  const raw = (data, channels) => sharp(data, { raw: { width: w, height: h, channels } });
  const small = (image) => image.resize(WIDTH, HEIGHT, { kernel: 'lanczos3' });
  return [small(raw(picture, 3)), small(raw(depth, 1))];
}

/** Outlines as Canny finds them: slopes, thinned across their direction, weak ones only beside strong ones. */
async function outlines(picture) {
  const grey = await picture.clone().greyscale().blur(0.8).raw().toBuffer();
  const at = (x, y) => grey[clamp(y, 0, HEIGHT - 1) * WIDTH + clamp(x, 0, WIDTH - 1)];
  const slope = new Float32Array(WIDTH * HEIGHT);
  const across = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const gx =
        at(x + 1, y - 1) +
        2 * at(x + 1, y) +
        at(x + 1, y + 1) -
        at(x - 1, y - 1) -
        2 * at(x - 1, y) -
        at(x - 1, y + 1);
      const gy =
        at(x - 1, y + 1) +
        2 * at(x, y + 1) +
        at(x + 1, y + 1) -
        at(x - 1, y - 1) -
        2 * at(x, y - 1) -
        at(x + 1, y - 1);
      slope[y * WIDTH + x] = Math.hypot(gx, gy);
      across[y * WIDTH + x] = (Math.round((Math.atan2(gy, gx) / Math.PI) * 4) + 4) % 4;
    }
  }
  const STEPS = [
    [1, 0],
    [1, 1],
    [0, 1],
    [-1, 1],
  ];
  const thin = slope.map((value, place) => {
    const [dx, dy] = STEPS[across[place]];
    return value >= (slope[place + dx + dy * WIDTH] ?? 0) && value > (slope[place - dx - dy * WIDTH] ?? 0)
      ? value
      : 0;
  });
  const edge = Buffer.alloc(WIDTH * HEIGHT);
  const todo = [...thin.keys()].filter((place) => thin[place] > 110);
  while (todo.length > 0) {
    const place = todo.pop();
    if (edge[place]) continue;
    edge[place] = 255;
    for (const [dx, dy] of [...STEPS, ...STEPS.map(([a, b]) => [-a, -b])]) {
      const next = place + dx + dy * WIDTH;
      if (thin[next] > 45 && !edge[next]) todo.push(next);
    }
  }
  return sharp(edge, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
}

function skeleton() {
  const place = (p) => {
    const [x, y, z] = sub(p, EYE);
    const k = (FOCAL * 1.05) / z;
    return [((x * k) / (WIDTH / HEIGHT) + 1) * 0.5 * WIDTH, (1 - y * k) * 0.5 * HEIGHT];
  };
  const hue = (i) => `hsl(${Math.round((i / LIMBS.length) * 330)} 100% 50%)`;
  const lines = LIMBS.map(([a, b], i) => {
    const [[x1, y1], [x2, y2]] = [place(JOINTS[a]), place(JOINTS[b])];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${hue(i)}" stroke-opacity=".75" stroke-width="4" stroke-linecap="round"/>`;
  });
  const dots = Object.values(JOINTS).map((joint, i) => {
    const [x, y] = place(joint);
    return `<circle cx="${x}" cy="${y}" r="3" fill="${hue(i)}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%"/>${lines.join('')}${dots.join('')}</svg>`;
  return sharp(Buffer.from(svg));
}

const [drawn, depth] = render();
const picture = sharp(await drawn.png().toBuffer());
const coarse = await picture
  .clone()
  .resize(WIDTH / 10, HEIGHT / 10)
  .png()
  .toBuffer();
const samples = {
  picture,
  canny: await outlines(picture),
  depth,
  tile: sharp(coarse).resize(WIDTH, HEIGHT, { kernel: 'nearest' }),
  blur: picture.clone().blur(6),
  pose: skeleton(),
};
mkdirSync(OUT, { recursive: true });
for (const [name, image] of Object.entries(samples)) {
  const { size } = await image.webp({ quality: 72, effort: 6 }).toFile(`${OUT}/${name}.webp`);
  console.log(`${name}.webp ${size} bytes`);
}
