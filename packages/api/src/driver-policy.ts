/**
 * The content security policy of the driver's app: everything from the issuer and nothing else. Sent with every file,
 * because a worker obeys its own file's header. Here, because the issuer sends it and the app is tested under it.
 * `require-trusted-types-for 'script'` is missing on purpose: it blocks `new Worker` and the service worker's
 * registration.
 */
export const DRIVER_POLICY: string = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "style-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
