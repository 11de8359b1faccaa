const tex = String.raw;

/** Two answers, and whether they mean the same for every pair of different numbers above 1. */
interface Family {
  readonly isSame: boolean;
  readonly write: (a: number, b: number) => readonly [string, string];
}

const same = (write: Family["write"]): Family => ({ isSame: true, write });
const different = (write: Family["write"]): Family => ({ isSame: false, write });

/** Laws of arithmetic and algebra, and mistakes against them. */
export const FAMILIES: readonly Family[] = [
  same((a, b) => [tex`\frac{${3 * a}}{${3 * b}}`, tex`\frac{${a}}{${b}}`]),
  same((a, b) => [`${String(a)}/${String(b)}`, tex`\dfrac{${a}}{${b}}`]),
  same((a, b) => [tex`${a}\frac{1}{${b}}`, tex`\frac{${a * b + 1}}{${b}}`]),
  same((a, b) => [`${String(a)} 1/${String(b)}`, tex`\frac{${a * b + 1}}{${b}}`]),
  same((a, b) => [`${String(a)}(${String(b)})`, String(a * b)]),
  same((a, b) => [tex`${a}\cdot ${b}`, String(a * b)]),
  same((a, b) => [`(x+${String(a)})(x+${String(b)})`, `x^2+${String(a + b)}x+${String(a * b)}`]),
  same((a, b) => [`${String(a)}x+${String(b)}`, `${String(b)}+${String(a)}x`]),
  same((a, b) => [tex`\sqrt{${a * a * b}}`, tex`${a}\sqrt{${b}}`]),
  same((a, b) => [tex`\frac{${a}+\sqrt{${b}}}{2}`, tex`\frac{${a}}{2}+\frac{\sqrt{${b}}}{2}`]),
  same((a, b) => [tex`\frac{${a}}{\sqrt{${b}}}`, tex`\frac{${a}\sqrt{${b}}}{${b}}`]),
  same((a, b) => [tex`\{${a},${b}\}`, tex`\{${b}, ${a}\}`]),
  same((a, b) => [`${String(a)} and ${String(b)}`, `${String(b)}, ${String(a)}`]),
  same((a, b) => [tex`x=${a}\text{ or }x=${b}`, `x=${String(b)}, x=${String(a)}`]),
  same((a, b) => [tex`${a}\pm\sqrt{${b}}`, tex`${a}-\sqrt{${b}}, ${a}+\sqrt{${b}}`]),
  same((a, b) => [`y=${String(a)}x+${String(b)}`, `y-${String(b)}=${String(a)}x`]),
  same((a, b) => [tex`x>${a + b}`, tex`${a + b}<x`]),
  same((a, b) => [tex`${a}+${b}i`, tex`${b}i+${a}`]),
  same((a, b) => [tex`${a * 100 + b}\%`, `${String(a)}.${String(b).padStart(2, "0")}`]),
  same((a, b) => [tex`\log_{${a}} ${a ** 3}`, `3 + ${String(b)} - ${String(b)}`]),
  same((a, b) => [tex`${a}.${b}\text{ cm}`, `${String(a)}.${String(b)} centimeters`]),
  different((a, b) => [tex`\frac{${a}}{${b}}`, tex`\frac{${b}}{${a}}`]),
  different((a, b) => [`${String(a)} ${String(b)}`, `${String(a)}${String(b)}`]),
  different((a, b) => [`${String(a)}(${String(b)})`, String(a + b + 0.5)]),
  different((a, b) => [`(${String(a)},${String(b)})`, `(${String(b)},${String(a)})`]),
  different((a, b) => [`(${String(a)},${String(a + b)})`, `[${String(a)},${String(a + b)}]`]),
  different((a, b) => [tex`\frac{${a}+x}{${b}}`, tex`${a}+\frac{x}{${b}}`]),
  different((a, b) => [tex`\frac{1}{${a}x}`, tex`\frac{x}{${a}}+${b}-${b}`]),
  different((a, b) => [tex`${a}\sqrt{${b}}`, tex`\sqrt{${a * b}}`]),
  different((a, b) => [tex`\binom{${a + b}}{${a}}`, `${String(a + b)}${String(a)}`]),
  different((a, b) => [`x=${String(a)}`, `y=${String(a)}+${String(b)}-${String(b)}`]),
  different((a, b) => [`x>${String(a)}`, `x<${String(a)}+${String(b)}-${String(b)}`]),
  different((a, b) => [`${String(a)} hours`, `${String(a)} minutes${" ".repeat(b)}`]),
  different((a, b) => [`${String(a)}x+${String(b)}`, `${String(b)}x+${String(a)}`]),
  different((a, b) => [tex`${a}^{${b}}+1`, tex`${b}^{${a}}+${a * b}+${(a * b) ** 4}`]),
];
