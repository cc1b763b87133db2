/**
 * How long a test waits, in milliseconds, before it takes what it waits for as never coming: a process that does not
 * start, a page that does not show, a test that hangs. The only clocks of the suite: a loaded machine is slow, and slow
 * is no fault.
 */
export const PATIENCE = 300_000;

/** For a whole test or hook: longer than any one wait in it, so that the wait says what did not come. */
export const WHOLE_TEST = 900_000;
