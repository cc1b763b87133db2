import type { JSX } from "preact";

// Inline, so that nothing is loaded. Hidden from screen readers, since a word stands beside each.

const SHAPES = {
  check: <path d="M4.5 12.5 10 18 19.5 7" />,
  cross: <path d="M6 6 18 18M18 6 6 18" />,
  alert: <path d="M12 3.5 22 20.5H2ZM12 10v4.5M12 17.6v.1" />,
  pause: <path d="M8 5v14M16 5v14" />,
  ring: <circle cx="12" cy="12" r="7.5" />,
  back: <path d="M14.5 5 7.5 12l7 7" />,
  next: <path d="m9.5 5 7 7-7 7" />,
  scan: (
    <path d="M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5M8 8h3v3H8zM13.5 8H16v3M8 13.5h2.5V16M13.5 13.5H16V16h-2.5z" />
  ),
  call: (
    <path d="M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3c0 1-1 2-2 2A15.5 15.5 0 0 1 4.5 6c0-1 1-2 2-2Z" />
  ),
  type: <path d="M3 6.5h18v11H3zM6.5 10h.1M10 10h.1M13.5 10h.1M17 10h.1M8 14h8" />,
  search: <path d="M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM15.5 15.5 20 20" />,
  log: <path d="M6 4h12v16H6zM9 8.5h6M9 12h6M9 15.5h3.5" />,
  light: <path d="M8 3h8v4l-2 3v11h-4V10L8 7ZM8 7h8" />,
  photo: <path d="M3.5 7.5H8L9.5 5h5L16 7.5h4.5v12h-17zM12 10a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8Z" />,
  sync: <path d="M19.5 10A8 8 0 0 0 5 8M4.5 4v4.5h4.5M4.5 14A8 8 0 0 0 19 16M19.5 20v-4.5H15" />,
  undo: <path d="M8 4.5 4 8.5l4 4M4 8.5h10a5.5 5.5 0 0 1 0 11H9" />,
  door: <path d="M6 21V3.5h12V21M3 21h18M14.5 12.5v.1" />,
  tongue: <path d="M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM3 12h18M12 3c-5 5.5-5 12.5 0 18M12 3c5 5.5 5 12.5 0 18" />,
} as const satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  );
}
