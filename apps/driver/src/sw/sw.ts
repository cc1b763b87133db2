import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0] };

// The whole app, the reader's wasm among it, is on the phone before the first stop. What the issuer answers is never cached here: an old
// manifest from a cache would be taken for a new one.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

registerRoute(new NavigationRoute(createHandlerBoundToURL("/driver/index.html")));

// The first start ends offline too: the camera's worker is fetched only when somebody scans, and that may be after the signal has gone.
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Sent by update.ts when the driver has said yes, and at no other time.
self.addEventListener("message", ({ data }) => {
  if ((data as { type?: unknown } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});
