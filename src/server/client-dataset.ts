import { ClientRef } from "../protocol/values.ts";
import { ClientObject } from "./client-object.ts";
import type { NeedPort } from "./need-port.ts";

/** A dataset as a client gives it, whose rows are then asked for through needs; anything else as it is. */
export function bindDataset(value: unknown, port: NeedPort, owner: string): unknown {
  if (typeof value !== "object" || value === null || !("object" in value)) return value;
  const { object } = value;
  if (!(object instanceof ClientRef)) return value;
  return { ...value, object: new ClientObject(object.ref, port, owner) };
}
