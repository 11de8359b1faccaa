/**
 * The messages between a client and a server: msgpack arrays whose first element says what they are.
 *
 * A client numbers its calls within a session, 1, 2, 3, …, one at a time. Each call gets exactly one `result` or `error`, and
 * before it any number of `need`s, each of which the client answers. `docs/protocol.md` is the full description.
 */

/** Client → server, first element of the array. */
export const CLIENT_KIND = { call: 0, answer: 1 } as const;

/** Server → client, first element of the array. */
export const SERVER_KIND = { result: 0, error: 1, need: 2 } as const;

/** `[0, session (8 bytes), n (≥ 1), method, params]` */
export type CallMessage = readonly [
  kind: 0,
  session: Uint8Array,
  n: number,
  method: string,
  params: readonly unknown[],
];

/** `[1, session, n, round (≥ 1), outcomes]`: one outcome for each item of the need of that round. */
export type AnswerMessage = readonly [
  kind: 1,
  session: Uint8Array,
  n: number,
  round: number,
  outcomes: readonly NeedOutcome[],
];

/**
 * `[true, value]`, or `[false, [exception type, message, ref]]` where the client finds the exception again by `ref`. A host adds the
 * code that an exception carries.
 */
export type NeedOutcome =
  | readonly [ok: true, value: unknown]
  | readonly [
      ok: false,
      failure: readonly [type: string, message: string, ref: number, code?: string],
    ];

/** `[0, n, value]` */
export type ResultMessage = readonly [kind: 0, n: number, value: unknown];

/** `[1, n, code, message, details]`; n is 0 when the frame could not be read. */
export type ErrorMessage = readonly [
  kind: 1,
  n: number,
  code: string,
  message: string,
  details: Readonly<Record<string, unknown>>,
];

/** `[2, n, round, items]` */
export type NeedMessage = readonly [kind: 2, n: number, round: number, items: readonly NeedItem[]];

/** Call `method` of the client's object `ref`; several items of one need may run at once. */
export type NeedItem = readonly [
  ref: number,
  method: string,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
];

/** What the server says of one environment: its id, and its layers from the outermost wrapper to the environment. */
export type EnvDescriptor = readonly [id: string, layers: readonly LayerDescriptor[]];

/** One layer: upstream's class name, its readable attributes and its further methods. */
export type LayerDescriptor = readonly [
  className: string,
  attributes: readonly string[],
  methods: readonly string[],
];

/** Sizes and counts beyond which a frame is refused. */
export const LIMITS = {
  /** Bytes of one frame. */
  frameBytes: 67_108_864,
  /** Nesting of arrays and maps. */
  depth: 64,
  /** Values of one frame, nested ones included; keeps a frame of empty maps from filling the heap. */
  values: 4_194_304,
  /** Sessions of one worker. */
  sessions: 100_000,
  /** Live handles of one client. */
  handles: 1_000_000,
} as const;
