/** Marks an observation that is no list of passages; policies were trained on the letters. */
export const ERROR_MARK = "[SearchTool Error:";

/** The observation of a search that failed. */
export function errorText(reason: string): string {
  return `${ERROR_MARK} ${reason}]`;
}

/**
 * The passages of a search server's answer as text: a numbered paragraph for each, with its first line as the title.
 *
 * @param answer `{result: [{document: {contents}, score}, …]}`
 * @returns undefined when the answer has another form
 */
export function passagesText(answer: unknown): string | undefined {
  const passages = field(answer, "result");
  if (!Array.isArray(passages)) return undefined;
  let text = "";
  for (const [index, passage] of passages.entries()) {
    const contents = field(field(passage, "document"), "contents");
    if (typeof contents !== "string") return undefined;
    const line = contents.indexOf("\n");
    const title = line < 0 ? contents : contents.slice(0, line);
    const body = line < 0 ? "" : contents.slice(line + 1);
    text += `Doc ${index + 1}(Title: ${title}) ${body}\n`;
  }
  return text;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
