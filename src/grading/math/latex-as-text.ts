const SYMBOLS: Readonly<Record<string, string>> = {
  pi: "pi",
  infty: "inf",
  cup: "U",
  cdot: "*",
  times: "*",
  sin: "sin",
  cos: "cos",
  tan: "tan",
  log: "log",
  ln: "ln",
  in: "∈",
  pm: "±",
  circ: "∘",
};
const TEXTS: ReadonlySet<string> = new Set(["text", "textbf", "mathrm"]);
const PLAIN = /[\w+*/=().,:;<>!|^[\] -]/;
const MOST_DEPTH = 50;

/** A text has something that only pylatexenc reads. */
class Unknown extends Error {}

/**
 * The text of simple LaTeX: fractions, roots, groups, `\text`, and some symbols, each as `plain_text` of the host `math` writes it.
 *
 * @returns undefined for all other LaTeX
 */
export function latexAsText(latex: string): string | undefined {
  if (latex.includes("--")) return undefined;
  const spaced = latex
    .replaceAll("\\tfrac", "\\frac")
    .replaceAll("\\dfrac", "\\frac")
    .replaceAll("\\frac", " \\frac");
  try {
    const reader = new Reader(spaced);
    return reader.content(0, "").trim();
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** Reads LaTeX from the left. */
class Reader {
  readonly #latex: string;
  #position = 0;

  constructor(latex: string) {
    this.#latex = latex;
  }

  /** All up to a closing character, or to the end. */
  content(depth: number, close: "" | "}"): string {
    if (depth > MOST_DEPTH) throw new Unknown();
    let text = "";
    for (;;) {
      const next = this.#latex.charAt(this.#position);
      if (next === close) {
        this.#position += 1;
        return text;
      }
      text += this.#piece(next, depth);
    }
  }

  #piece(next: string, depth: number): string {
    if (next === "\\") return this.#macro(depth);
    this.#position += 1;
    if (next === "{") return this.content(depth + 1, "}");
    if (next !== "" && PLAIN.test(next)) return next;
    throw new Unknown();
  }

  #macro(depth: number): string {
    const name = /[a-z]+/iy;
    name.lastIndex = this.#position + 1;
    const word = name.exec(this.#latex)?.[0];
    if (word === undefined) return this.#sign();
    this.#position += 1 + word.length;
    this.#skipBlanks();
    if (word === "frac") return `${this.#argument(depth)}/${this.#argument(depth)}`;
    if (word === "sqrt") return `sqrt(${this.#argument(depth)})`;
    if (TEXTS.has(word)) return this.#group(depth);
    if ((word === "left" || word === "right") && this.#isAt(/[()[\]]|\\[{}]/y)) return "";
    return symbol(word);
  }

  #sign(): string {
    const sign = this.#latex.charAt(this.#position + 1);
    this.#position += 2;
    if (sign === "{" || sign === "}") return sign;
    if (sign === "," || sign === ";" || sign === " ") return " ";
    throw new Unknown();
  }

  #argument(depth: number): string {
    this.#skipBlanks();
    if (this.#isAt(/\{/y)) return this.#group(depth);
    if (!this.#isAt(/[0-9a-z]/iy)) throw new Unknown();
    this.#position += 1;
    return this.#latex.charAt(this.#position - 1);
  }

  #group(depth: number): string {
    if (!this.#isAt(/\{/y)) throw new Unknown();
    this.#position += 1;
    return this.content(depth + 1, "}");
  }

  #isAt(characters: RegExp): boolean {
    characters.lastIndex = this.#position;
    return characters.test(this.#latex);
  }

  #skipBlanks(): void {
    while (this.#latex.charAt(this.#position) === " ") this.#position += 1;
  }
}

function symbol(name: string): string {
  if (!Object.hasOwn(SYMBOLS, name)) throw new Unknown();
  return SYMBOLS[name] ?? "";
}
