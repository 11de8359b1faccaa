import type { ExactNumber } from "../exact-number.ts";
import type { Expression } from "./expression.ts";

/** A number as it is written, perhaps a decimal or a percentage; or an expression. */
export type Scalar =
  | { readonly kind: "number"; readonly number: ExactNumber; readonly isPercentage: boolean }
  | { readonly kind: "expression"; readonly expression: Expression };

/** An end of an interval: a value, or infinity with its sign. */
export type End = Scalar | { readonly kind: "infinity"; readonly sign: 1 | -1 };

/** Two values in brackets: an interval when the first is less than the second, else a tuple. */
export interface Two {
  readonly kind: "two";
  readonly brackets: string;
  readonly ends: readonly [End, End];
}

/** What Math-Verify reads in an answer. */
export type Value =
  | Scalar
  | Two
  /** In any order. */
  | { readonly kind: "set"; readonly elements: readonly Scalar[] }
  /** Three and more. */
  | { readonly kind: "tuple"; readonly elements: readonly Scalar[] }
  /** Of intervals. */
  | { readonly kind: "union"; readonly parts: readonly Two[] }
  /** A letter and what it is, or is in. */
  | { readonly kind: "assignment"; readonly name: string; readonly value: Value }
  /** Nothing at all: it is equal to nothing. */
  | { readonly kind: "nothing" };
