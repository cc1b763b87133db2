import { create } from "qrcode";

/** How a phone's screen looks to a camera at a door. */
export interface Pose {
  /** Pixels a module. */
  readonly module?: number;
  /** Degrees. */
  readonly turn?: number;
  /** Black and white as the camera sees them, 0 to 255. */
  readonly dark?: number;
  readonly light?: number;
  /** Pixels that a point is smeared over. */
  readonly blur?: number;
}

export const WIDTH = 1280;
export const HEIGHT = 720;

/** A camera's film of one picture: a QR code before a grey wall, as Chromium's fake camera reads it. */
export function film(text: string, pose: Pose): Uint8Array {
  const luma = blur(draw(text, pose), pose.blur ?? 0);
  const head = new TextEncoder().encode(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n`);
  const colour = new Uint8Array((WIDTH * HEIGHT) / 2).fill(128);
  const bytes = new Uint8Array(head.length + luma.length + colour.length);
  bytes.set(head);
  bytes.set(luma, head.length);
  bytes.set(colour, head.length + luma.length);
  return bytes;
}

const QUIET = 4;

// Each pixel asks which module it shows, at four points: so a turned code has the soft edges that a lens gives it.
function draw(text: string, { module = 10, turn = 0, dark = 20, light = 235 }: Pose): Uint8Array {
  const { modules } = create([{ data: text, mode: "alphanumeric" }], { errorCorrectionLevel: "M" });
  const side = modules.size + 2 * QUIET;
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle) / module, Math.sin(angle) / module];
  const shade = (x: number, y: number): number => {
    const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
    const column = Math.floor(dx * cos + dy * sin + side / 2) - QUIET;
    const row = Math.floor(dy * cos - dx * sin + side / 2) - QUIET;
    const isPaper = [column, row].every((at) => at >= -QUIET && at < modules.size + QUIET);
    if (!isPaper) return 110;
    const isCode = [column, row].every((at) => at >= 0 && at < modules.size);
    return isCode && modules.get(row, column) ? dark : light;
  };
  const luma = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const sum =
        shade(x + 0.25, y + 0.25) + shade(x + 0.75, y + 0.25) + shade(x + 0.25, y + 0.75) + shade(x + 0.75, y + 0.75);
      luma[y * WIDTH + x] = sum / 4;
    }
  return luma;
}

// A box, once along and once down.
function blur(luma: Uint8Array, radius: number): Uint8Array {
  return radius === 0 ? luma : smear(smear(luma, radius, 1), radius, WIDTH);
}

function smear(luma: Uint8Array, radius: number, step: number): Uint8Array {
  return luma.map((_, at) => {
    let sum = 0;
    for (let off = -radius; off <= radius; off++) sum += luma[at + off * step] ?? 110;
    return sum / (2 * radius + 1);
  });
}
