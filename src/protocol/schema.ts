/** What the parameters of a method must be (`docs/protocol.md`, section 4). The hot methods `step` and `vector_step` check their own. */
import { z } from "zod";
import { GemError } from "../errors.ts";

/** A map with string keys, as it came. */
type Options = Readonly<Record<string, unknown>>;

/** What `make` can make: a registered id, a class by name, an object of the client, one of its program, or a mixture of those. */
type EnvironmentName =
  SingleName | { readonly mixture: [what: SingleName, weight: number, options: Options][] };

type SingleName =
  | string
  | { readonly class: string }
  | { readonly object: number; readonly id: string }
  | {
      readonly program: { readonly python: string; readonly program: string };
      readonly id: string;
    };

/** A schema of a method's parameters. */
type Params<T> = z.ZodType<T>;

const int = z.union([z.int(), z.bigint()], "must be an integer");
const seed = int.nullable();
const handle = z.int().min(1);
const depth = z.int().min(0);
const options = z.custom<Options>(isPlain, "must be a map");
const single = z.union(
  [
    z.string(),
    z.strictObject({ class: z.string() }),
    z.strictObject({ object: z.int().min(0), id: z.string() }),
    z.strictObject({
      program: z.strictObject({ python: z.string(), program: z.string() }),
      id: z.string(),
    }),
  ],
  "must be an id, {class}, {object, id} or {program, id}",
);
const environment = z.union(
  [single, z.strictObject({ mixture: z.array(z.tuple([single, z.number(), options])) })],
  "must be an id, {class}, {object, id}, {program, id} or {mixture}",
);

/** Of `hello`. */
export const helloParams: Params<[version: number, client: Uint8Array, about: Options]> = z.tuple([
  z.int(),
  z.custom<Uint8Array>(isClientId, "must be 16 bytes"),
  options,
]);

/** What becomes of faults; its values are checked where they are used. */
interface Policy {
  readonly on_fault?: unknown;
  readonly deadline?: unknown;
}

const policy = z
  .strictObject({ on_fault: z.unknown().optional(), deadline: z.unknown().optional() })
  .nullable()
  .optional();

/** What becomes of faults, where episodes are recorded, and whether it joins what its client has there. */
interface MakePolicy extends Policy {
  readonly record?: string | null | undefined;
  readonly record_observations?: boolean | undefined;
  readonly beside?: boolean | undefined;
}

const makePolicy = z
  .strictObject({
    on_fault: z.unknown().optional(),
    deadline: z.unknown().optional(),
    record: z.string().nullable().optional(),
    record_observations: z.boolean().optional(),
    beside: z.boolean().optional(),
  })
  .nullable()
  .optional();

/** Of `make`. */
export const makeParams: Params<
  [
    specs: [what: EnvironmentName, options: Options][],
    wrappers: [name: string, options: Options][],
    policy?: MakePolicy | null | undefined,
  ]
> = z.tuple([
  z.array(z.tuple([environment, options])),
  z.array(z.tuple([z.string(), options])),
  makePolicy,
]);

/** Of `wrap`. */
export const wrapParams: Params<[handle: number, depth: number, name: string, options: Options]> =
  z.tuple([handle, depth, z.string(), options]);

/** Of `reset`. */
export const resetParams: Params<
  [handle: number, depth: number, seed: number | bigint | null, options: Options]
> = z.tuple([handle, depth, seed, options]);

/** Of `get`. */
export const attributeParams: Params<[handle: number, depth: number, name: string]> = z.tuple([
  handle,
  depth,
  z.string(),
]);

/** Of `set`. */
export const setParams: Params<[handle: number, depth: number, name: string, value: unknown]> =
  z.tuple([handle, depth, z.string(), z.unknown()]);

/** Of `call`. */
export const callParams: Params<[handle: number, depth: number, method: string, args: unknown[]]> =
  z.tuple([handle, depth, z.string(), z.array(z.unknown())]);

/** Of `set_states`. */
export const setStatesParams: Params<[states: [handle: number, state: Options][]]> = z.tuple([
  z.array(z.tuple([handle, options])),
]);

/** Of `set_state`. */
export const setStateParams: Params<[handle: number, depth: number, state: Options]> = z.tuple([
  handle,
  depth,
  options,
]);

/** Of `spawn`. */
export const spawnParams: Params<
  [handle: number, depth: number, sameState: boolean, options: Options]
> = z.tuple([handle, depth, z.boolean(), options]);

/** Of `vector`. */
export const vectorParams: Params<
  [
    handles: number[],
    asyncMode: boolean,
    autoreset: "SameStep" | "NextStep",
    policy?: Policy | null | undefined,
  ]
> = z.tuple([z.array(handle), z.boolean(), z.enum(["SameStep", "NextStep"]), policy]);

/** Of `vector_set`. */
export const vectorSetParams: Params<[vector: number, index: number, handle: number]> = z.tuple([
  handle,
  z.int().min(0),
  handle,
]);

/** Of `vector_reset`. */
export const vectorResetParams: Params<
  [
    vector: number,
    seeds: (number | bigint | null)[] | null,
    options: Record<string, Options>,
    shown?: [has: number, next: number] | null | undefined,
  ]
> = z.tuple([
  handle,
  z.array(seed).nullable(),
  z.record(z.string().regex(/^\d{1,9}$/, "must be an index in decimal"), options),
  z.tuple([z.int().min(0), z.int().min(0)]).nullish(),
]);

/** Of `vector_send_reset`. */
export const vectorSendResetParams: Params<
  [
    vector: number,
    indices: number[] | null,
    seeds: (number | bigint | null)[] | null,
    take: boolean,
  ]
> = z.tuple([handle, z.array(z.int().min(0)).nullable(), z.array(seed).nullable(), z.boolean()]);

/** Of `drain`; at most a week. */
export const drainParams: Params<[seconds?: number | null | undefined]> = z.tuple([
  z.number().min(0).max(604_800).nullable().optional(),
]);

/** Of `vector_recv`; a wait of infinitely many seconds is good. */
export const vectorRecvParams: Params<
  [vector: number, min: number, maxWaitSeconds: number | null]
> = z.tuple([
  handle,
  z.int().min(1),
  z
    .custom<number>(
      (value) => typeof value === "number" && value >= 0,
      "must be nil or a number of seconds from 0 on",
    )
    .nullable(),
]);

/** How `grade` grades; what is absent has its default. */
interface GradeSettings {
  readonly profile?: "compat" | "strict" | undefined;
  readonly fast?: boolean | undefined;
  readonly deadline_seconds?: number | undefined;
}

/** Of `grade`. */
export const gradeParams: Params<[answer: string, golds: string[], settings: GradeSettings]> =
  z.tuple([
    z.string(),
    z.array(z.string()),
    z.strictObject({
      profile: z.enum(["compat", "strict"]).optional(),
      fast: z.boolean().optional(),
      deadline_seconds: z.number().positive().optional(),
    }),
  ]);

/** Of `make_tool`. */
export const makeToolParams: Params<[name: string, options: Options]> = z.tuple([
  z.string(),
  options,
]);

/** Of `call_tool`. */
export const callToolParams: Params<[handle: number, method: string, args: unknown[]]> = z.tuple([
  handle,
  z.string(),
  z.array(z.unknown()),
]);

/** How `check` checks; what is absent has its default. */
interface CheckSettings {
  readonly seeds?: number | (number | bigint)[] | undefined;
  readonly steps?: number | undefined;
  readonly actions?: string[] | undefined;
  readonly deadline_seconds?: number | undefined;
  readonly memory_limit_bytes?: number | undefined;
}

/** Of `check`. */
export const checkParams: Params<
  [
    spec: [what: EnvironmentName, options: Options],
    wrappers: [name: string, options: Options][],
    settings: CheckSettings,
  ]
> = z.tuple([
  z.tuple([environment, options]),
  z.array(z.tuple([z.string(), options])),
  z.strictObject({
    seeds: z.union([z.int(), z.array(int)], "must be an integer or an array of them").optional(),
    steps: z.int().optional(),
    actions: z.array(z.string()).optional(),
    deadline_seconds: z.number().optional(),
    memory_limit_bytes: z.int().optional(),
  }),
]);

/** Of `close` and `release`. */
export const handlesParams: Params<[handles: number[]]> = z.tuple([z.array(handle)]);

/** The parameters, checked. @throws GEM_INVALID_ARGUMENT */
export function parseParams<T>(
  method: string,
  schema: z.ZodType<T>,
  params: readonly unknown[],
): T {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = ["params", ...(issue?.path ?? [])].join(".");
  throw new GemError("GEM_INVALID_ARGUMENT", `${method}: ${path}: ${issue?.message ?? "invalid"}.`);
}

function isPlain(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}

function isClientId(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === 16;
}
