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
  return { fields, render: renderer(parts) };
}

/** Rendered texts that a long template keeps, by the values of its fields. */
const KEPT_TEXTS = 256;
/** Literal characters from which on a template keeps what it rendered: finding a text again is cheaper than joining it. */
const LONG_TEMPLATE = 160;

function renderer(parts: readonly string[]): (values: TemplateFields) => string {
  const [first = ""] = parts;
  if (parts.length === 1) return () => first;
  const join = (values: TemplateFields): string => {
    let out = first;
    for (let i = 1; i < parts.length; i += 2) {
      // Both exist: the parts are an odd number.
      out += values[parts[i] as string];
      out += parts[i + 1] as string;
    }
    return out;
  };
  const literals = parts.filter((_, index) => index % 2 === 0);
  return literals.join("").length < LONG_TEMPLATE ? join : remembering(join, parts);
}

function remembering(
  join: (values: TemplateFields) => string,
  parts: readonly string[],
): (values: TemplateFields) => string {
  const names = parts.filter((_, index) => index % 2 === 1);
  const kept = new Map<string, string>();
  return (values) => {
    let key = "";
    for (const name of names) key += `${String(values[name])}\0`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= KEPT_TEXTS) kept.clear();
    const text = join(values);
    kept.set(key, text);
    return text;
  };
}
