/** Text templates with `{field}` placeholders; `{{` and `}}` stand for literal braces. */

/** Values for a template's fields. */
export type TemplateFields = Readonly<Record<string, string | number>>;

/** A compiled template. */
export interface Template {
  readonly fields: readonly string[];
  render(values: TemplateFields): string;
}

const PLACEHOLDER = /\{\{|\}\}|\{([a-z][a-z0-9_]*)\}/g;

/** Compiles a template once, so that rendering is a plain concatenation. */
export function compileTemplate(text: string): Template {
  const literals: string[] = [];
  const fields: string[] = [];
  let literal = "";
  let position = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    literal += text.slice(position, match.index);
    position = match.index + match[0].length;
    const field = match[1];
    if (field === undefined) {
      literal += match[0].charAt(0);
    } else {
      literals.push(literal);
      fields.push(field);
      literal = "";
    }
  }
  literals.push(literal + text.slice(position));
  const [first = "", ...others] = literals;
  const rest = fields.map((field, index) => ({ field, literal: others[index] ?? "" }));
  return { fields, render: renderer(first, rest) };
}

/** Rendered texts that a long template keeps, by the values of its fields. */
const KEPT_TEXTS = 256;
/** Literal characters from which on a template keeps what it rendered: finding a text again is cheaper than joining it. */
const LONG_TEMPLATE = 160;

/** A field and the literal text after it. */
interface Part {
  readonly field: string;
  readonly literal: string;
}

function renderer(first: string, rest: readonly Part[]): Template["render"] {
  if (rest.length === 0) return () => first;
  const join = (values: TemplateFields): string => {
    let out = first;
    for (const { field, literal } of rest) {
      out += String(values[field] ?? "") + literal;
    }
    return out;
  };
  const literals = first.length + rest.reduce((sum, { literal }) => sum + literal.length, 0);
  return literals < LONG_TEMPLATE ? join : remembering(join, rest);
}

function remembering(join: Template["render"], parts: readonly Part[]): Template["render"] {
  const kept = new Map<string, string>();
  return (values) => {
    let key = "";
    for (const { field } of parts) key += `${String(values[field])}\0`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    if (kept.size >= KEPT_TEXTS) kept.clear();
    const text = join(values);
    kept.set(key, text);
    return text;
  };
}
