/** Text templates with `{field}` placeholders; `{{` and `}}` stand for literal braces. */

/** Values for a template's fields. */
export type TemplateFields = Readonly<Record<string, string | number>>;

/** A compiled template: literal parts at even positions, field names at odd ones. */
export interface Template {
  readonly fields: readonly string[];
  render(values: TemplateFields): string;
}

const PLACEHOLDER = /\{\{|\}\}|\{([a-z][a-z0-9_]*)\}/g;

/** Compiles a template once, so that rendering is a plain concatenation. */
export function compileTemplate(text: string): Template {
  const parts: string[] = [];
  let literal = "";
  let position = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    literal += text.slice(position, match.index);
    position = match.index + match[0].length;
    const field = match[1];
    if (field === undefined) {
      literal += match[0].charAt(0);
    } else {
      parts.push(literal, field);
      literal = "";
    }
  }
  parts.push(literal + text.slice(position));
  const fields = parts.filter((_, index) => index % 2 === 1);
  return {
    fields,
    render(values) {
      let out = parts[0] ?? "";
      for (let i = 1; i < parts.length; i += 2) {
        out += String(values[parts[i] ?? ""] ?? "") + (parts[i + 1] ?? "");
      }
      return out;
    },
  };
}
