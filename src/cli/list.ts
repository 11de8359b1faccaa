import { createRegistry } from "../make.ts";

/** The options of `gem list`. */
export interface ListArguments {
  readonly json?: boolean;
}

/** `gem list`: every environment, one id a line; or with `--json` an array with class names and options. */
export function runList({ json }: ListArguments): void {
  const specs = createRegistry().list();
  const text =
    json === true
      ? JSON.stringify(
          specs.map(({ id, className, options }) => ({ id, className, options })),
          null,
          2,
        )
      : specs.map(({ id }) => id).join("\n");
  process.stdout.write(`${text}\n`);
}
