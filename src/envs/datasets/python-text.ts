import { Float64 } from "../../protocol/values.ts";
import { pythonFloat, pythonNumber } from "../../text/python-number.ts";

/** What Python's `str` makes of a value of a dataset, or undefined where that is no text that an answer can be compared with. */
export function pythonText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Float64) return pythonFloat(value.value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return value === null ? "None" : undefined;
}
