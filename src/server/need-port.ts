/** A question to an object of the client. */
export interface Need {
  readonly ref: number;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Whose object it is, for messages: an environment's id. */
  readonly owner: string;
}

/** Where objects that live with the client are asked. */
export interface NeedPort {
  /** @throws GEM_OBJECT_FAULT when the object fails */
  need(need: Need): Promise<unknown>;
}
