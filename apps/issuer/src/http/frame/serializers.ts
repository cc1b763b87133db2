import { type SerializerFactory, SerializerSelector } from "@fastify/fast-json-stringify-compiler";

/**
 * For Fastify's `schemaController`: each shape of an answer is compiled once, however many routes answer with it. Fastify
 * compiles one for each route and status, of which nine in ten are the same problem: three quarters of the time that an
 * issuer took to start.
 */
export function serializeOnce(): SerializerFactory {
  const build = SerializerSelector();
  const made = new Map<string, ReturnType<ReturnType<SerializerFactory>>>();
  return (shapes, options) => {
    const compile = build(shapes, options);
    const named = Object.keys(shapes ?? {});
    return (route) => {
      // What a reference leads to depends on the shapes that are known where it stands.
      const key = JSON.stringify([named, route.schema]);
      const found = made.get(key) ?? compile(route);
      made.set(key, found);
      return found;
    };
  };
}
