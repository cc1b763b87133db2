// Points at which a test kills the page. The calls stand behind a build-time constant, so that the shipped bundle holds none of their names.

declare global {
  /** Set by the bundler: false in what is shipped. */
  const __ANNOUNCE__: boolean;

  /** Given to the page by the test that kills it; ends when the page may go on. */
  function announce(point: string): Promise<void>;
}

export {};
