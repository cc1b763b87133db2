// What the bundler puts in at build time.

/** Of this build. */
declare const __VERSION__: string;

/**
 * Whether the points exist at which a test kills the page: false in what is shipped, so that it holds none of their
 * names.
 */
declare const __ANNOUNCE__: boolean;

/** Put into the page by the test that kills it; resolves when the page may go on. */
declare function announce(point: string): Promise<void>;
