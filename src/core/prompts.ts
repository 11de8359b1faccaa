import { GemError, didYouMean, show } from "../errors.ts";
import { compileTemplate, type Template, type TemplateFields } from "../text/template.ts";

/** An environment's texts by name; a user replaces any of them with `prompts: { name: "text with {field}" }`. */
export type PromptTexts = Readonly<Record<string, string>>;

/** The texts of one environment, ready to render. `Name` is the union of its prompt names. */
export class Prompts<Name extends string = string> {
  readonly #templates: Readonly<Record<string, Template>>;

  private constructor(templates: Readonly<Record<string, Template>>) {
    this.#templates = templates;
  }

  /** Compiles an environment's default texts. A text's fields are those its default mentions. */
  static define<N extends string>(texts: Readonly<Record<N, string>>): Prompts<N> {
    const templates: Record<string, Template> = {};
    for (const [name, text] of Object.entries<string>(texts))
      templates[name] = compileTemplate(text);
    return new Prompts<N>(templates);
  }

  /** The names of the texts. */
  get names(): readonly string[] {
    return Object.keys(this.#templates);
  }

  /**
   * The same texts with some replaced.
   *
   * @throws GEM_INVALID_PROMPT on an unknown name, a text that is no string, or a field that the default does not have
   */
  replace(overrides: unknown): Prompts<Name> {
    if (overrides === undefined || overrides === null) return this;
    if (typeof overrides !== "object" || Array.isArray(overrides)) {
      throw new GemError(
        "GEM_INVALID_PROMPT",
        `prompts must map names to texts, got ${show(overrides)}.`,
      );
    }
    const templates = { ...this.#templates };
    for (const [name, text] of Object.entries(overrides)) {
      templates[name] = this.#override(name, text);
    }
    return new Prompts<Name>(templates);
  }

  #override(name: string, text: unknown): Template {
    const original = this.#templates[name];
    if (original === undefined) {
      const names = this.names.join(", ");
      throw new GemError(
        "GEM_INVALID_PROMPT",
        `Unknown prompt "${name}".${didYouMean(name, this.names)} The prompts are: ${names}.`,
      );
    }
    if (typeof text !== "string") {
      throw new GemError(
        "GEM_INVALID_PROMPT",
        `The prompt "${name}" must be a string, got ${show(text)}.`,
      );
    }
    const template = compileTemplate(text);
    const unknown = template.fields.find((field) => !original.fields.includes(field));
    if (unknown !== undefined) {
      const allowed = original.fields.map((field) => `{${field}}`).join(", ") || "none";
      throw new GemError(
        "GEM_INVALID_PROMPT",
        `The prompt "${name}" has no field {${unknown}}. Its fields are: ${allowed}. Write {{ and }} for literal braces.`,
      );
    }
    return template;
  }

  /** The text `name` with its fields filled in. */
  render(name: Name, values: TemplateFields = {}): string {
    return this.#templates[name]?.render(values) ?? "";
  }
}
