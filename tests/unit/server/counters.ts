import { Tuple } from "../../../src/protocol/values.ts";
import type { NeedItem } from "./wire-client.ts";

/** Answers as environments that count their steps would. */
export function counters(): (item: NeedItem) => unknown {
  const steps = new Map<number, number>();
  return ([ref, method, args]) => {
    if (method === "reset") {
      steps.set(ref, 0);
      return new Tuple([`${String(ref)} starts`, {}]);
    }
    if (method === "step") {
      const count = (steps.get(ref) ?? 0) + 1;
      steps.set(ref, count);
      return [`${String(ref)} did ${String(args[0])}`, count, count >= 2, false, { count }];
    }
    return null;
  };
}
