import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0] };

// The whole app, with the decoder's wasm, is stored before the first stop. The issuer's answers are never cached: an
// old manifest from a cache would look like a new one.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

registerRoute(new NavigationRoute(createHandlerBoundToURL("/driver/index.html")));

// Takes control of the first start's page too: the camera's worker is fetched only at the first scan, and the signal
// may be gone by then.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Sent by update.ts only after the driver has agreed.
self.addEventListener("message", ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
