/**
 * Stands in the place of zod in the built page. The contract's schemas are checked by the server; the page reads their
 * types, which are gone by then, and would otherwise load a tenth of its weight to make schemas that nobody asks.
 */
const ASKING = new Set<string | symbol>(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'options']);

const nothing: unknown = new Proxy(() => nothing, {
  apply: () => nothing,
  get(_, key) {
    // Found by the first story that comes by, not by whoever wonders at an answer that is always yes.
    if (ASKING.has(key)) throw new Error(`The page has no schemas: ${String(key)} belongs to the server.`);
    return nothing;
  },
});

export const z = nothing;
