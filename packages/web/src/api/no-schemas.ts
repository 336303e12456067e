/**
 * Replaces zod in the built page. Only the server validates with the contract's schemas; the page needs only their
 * types. Building unused schemas would be a tenth of the page's size.
 */
const ASKING = new Set<string | symbol>(['parse', 'safeParse', 'parseAsync', 'safeParseAsync', 'options']);

const nothing: unknown = new Proxy(() => nothing, {
  apply: () => nothing,
  get(_, key) {
    // Throws, so that an end-to-end test finds a stray parse().
    if (ASKING.has(key)) throw new Error(`The page has no schemas: ${String(key)} belongs to the server.`);
    return nothing;
  },
});

export const z = nothing;
