import { Float64 } from "../../protocol/values.ts";

const DECIMALS = 4;

/** The numbers of an observation that is a number or a list of them. */
export function numbersOf(values: unknown): readonly number[] {
  const list: readonly unknown[] = Array.isArray(values) ? values : [values];
  return list.map((value) => Number(value instanceof Float64 ? value.value : value));
}

/** A number as people write it, with at most 4 decimals. */
export function written(value: number): string {
  return Number(value.toFixed(DECIMALS)).toString();
}

/** Numbers with what they mean: `position 0.12, velocity -0.4`. */
export function labelled(values: unknown, labels: readonly string[]): string {
  return numbersOf(values)
    .map((value, index) => `${labels[index] ?? `value ${String(index)}`} ${written(value)}`)
    .join(", ");
}
