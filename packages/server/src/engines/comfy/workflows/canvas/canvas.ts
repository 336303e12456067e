/**
 * What ComfyUI's page saves: nodes with their places, numbered links, the values of the fields in a list, and
 * definitions of subgraphs. Version 0.4 writes links as lists, version 1 and all subgraphs as objects.
 */
import { z } from 'zod';

const Id = z.union([z.string(), z.number()]).transform(String);
const orNothing = <T extends z.ZodType>(type: T) => type.nullish().catch(null);

const Slot = z.object({
  name: z.string().catch(''),
  /** A link type, `*`, several with commas, or a number of litegraph. */
  type: z.union([z.string(), z.number()]).transform(String).catch('*'),
  link: orNothing(Id),
  /** The field that the input stands for. */
  widget: orNothing(z.object({ name: z.string() })),
});
export type CanvasSlot = z.infer<typeof Slot>;

const CanvasNode = z.object({
  id: Id,
  // Old files have a class name with a space at its end.
  type: z.string().trim(),
  title: orNothing(z.string()),
  /** 2: muted, 4: bypassed; others run. */
  mode: z.number().catch(0),
  inputs: z.array(Slot).nullish(),
  outputs: z.array(Slot).nullish(),
  /** In the order of the fields, or by their names. */
  widgets_values: z.union([z.array(z.json()), z.record(z.string(), z.json())]).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish().catch(null),
});
export type CanvasNode = z.infer<typeof CanvasNode>;

const Link = z.union([
  z
    .tuple([Id, Id, z.number(), Id, z.number()])
    .rest(z.unknown())
    .transform(([id, origin, originSlot, target, targetSlot]) => ({
      id,
      origin,
      originSlot,
      target,
      targetSlot,
    })),
  z
    .object({ id: Id, origin_id: Id, origin_slot: z.number(), target_id: Id, target_slot: z.number() })
    .transform((link) => ({
      id: link.id,
      origin: link.origin_id,
      originSlot: link.origin_slot,
      target: link.target_id,
      targetSlot: link.target_slot,
    })),
]);
export type CanvasLink = z.infer<typeof Link>;

const Level = z.object({
  nodes: z.array(CanvasNode),
  // Older versions leave places of deleted links empty.
  links: z.array(z.union([Link, z.null()])).nullish(),
});

const Definition = Level.extend({
  id: z.string(),
  name: z.string().catch(''),
  inputNode: z.object({ id: Id }),
  outputNode: z.object({ id: Id }),
  inputs: z.array(Slot).nullish(),
  outputs: z.array(Slot).nullish(),
});
export type CanvasDefinition = z.infer<typeof Definition>;

/** Some pages wrote the whole node. */
const NodeIndex = z.union([z.number(), z.object({ index: z.number() }).transform(({ index }) => index)]);

/** What a group node stands for, under its name. */
const Group = z.object({
  nodes: z.array(CanvasNode.extend({ id: Id.catch('') })),
  /** From node and output to node and input, by their order; null: outside. */
  links: z.array(
    z.tuple([z.number().nullable(), z.number(), z.number().nullable(), z.number()]).rest(z.unknown()),
  ),
  /** Outputs that are linked within and outside. */
  external: z.array(z.tuple([NodeIndex, z.number()]).rest(z.unknown())).nullish(),
  /** Renamed and hidden inputs. */
  config: z.unknown(),
});
export type CanvasGroup = z.infer<typeof Group>;

export const Canvas = Level.extend({
  extra: z
    .object({ groupNodes: z.record(z.string(), Group).nullish().catch(null) })
    .nullish()
    .catch(null),
  definitions: z.object({ subgraphs: z.array(Definition).nullish() }).nullish(),
});
export type Canvas = z.infer<typeof Canvas>;
export type CanvasLevel = z.infer<typeof Level>;

/** Told from a graph in API format, whose nodes have no list. */
export const isCanvas = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && Array.isArray((json as { nodes?: unknown }).nodes);

export const isMuted = ({ mode }: CanvasNode): boolean => mode === 2;
export const isBypassed = ({ mode }: CanvasNode): boolean => mode === 4;

/** The page's own nodes, which the server does not know. */
const NOTES =
  /^(Note|MarkdownNote|Label \(rgthree\)|Bookmark \(rgthree\)|Fast (Groups )?(Muter|Bypasser) \(rgthree\))$/;
const REROUTES = /^Reroute( \(rgthree\))?$/;

export const isNote = ({ type }: CanvasNode): boolean => NOTES.test(type);
export const isReroute = ({ type }: CanvasNode): boolean => REROUTES.test(type);
/** A value for the fields that it is linked to. */
export const isPrimitive = ({ type }: CanvasNode): boolean => type === 'PrimitiveNode';
/** A pair that links without a line: both have the name in their first field. */
export const isSetter = ({ type }: CanvasNode): boolean => type === 'SetNode';
export const isGetter = ({ type }: CanvasNode): boolean => type === 'GetNode';
/** The name of a group node's nodes, which lie in `extra`. */
export const groupName = ({ type }: CanvasNode): string | undefined => /^workflow[>/](.*)$/s.exec(type)?.[1];

export const firstValue = ({ widgets_values: values }: CanvasNode): z.core.util.JSONType | undefined =>
  Array.isArray(values) ? values[0] : Object.values(values ?? {})[0];
