/** What a reply does in the shop. */
export interface ShopAction {
  /** As it is told in the info: `name[argument]`, the name alone, or `None`. */
  readonly text: string;
  readonly name: string;
  /** In small letters; undefined: there is none. */
  readonly argument: string | undefined;
}

const NONE: ShopAction = { text: "None", name: "", argument: undefined };
const BOX = "\\boxed{";

/** Reads the last box of a reply, up to the last brace on its line: `name[argument]`. */
export function readAction(reply: string): ShopAction {
  const content = lastLineBox(reply);
  if (content === undefined) return NONE;
  const end = content.lastIndexOf("]");
  // The last bracket that has something before it and something inside it.
  const start = end < 3 ? -1 : content.lastIndexOf("[", end - 2);
  if (start < 1) return { text: content, name: content, argument: undefined };
  const name = content.slice(0, start);
  const argument = content.slice(start + 1, end).toLowerCase();
  return { text: `${name}[${argument}]`, name, argument };
}

/** What the last box holds, up to the last brace on its line. Linear in the reply's length. */
function lastLineBox(reply: string): string | undefined {
  for (const line of reply.split("\n").reverse()) {
    const brace = line.lastIndexOf("}");
    const start = brace < BOX.length ? -1 : line.lastIndexOf(BOX, brace - BOX.length);
    if (start >= 0) return line.slice(start + BOX.length, brace);
  }
  return undefined;
}
