import type { Pair } from "./math-oracle.ts";

const tex = String.raw;
const SERIES = Array.from({ length: 12 }, (_, k) => tex`\frac{x^{${k + 1}}}{${k + 2}}`).join("+");
const MATRIX = tex`\begin{pmatrix} 1 & \sqrt{2} & 3x \\ 4 & 5 & \frac{6}{7} \end{pmatrix} + 2k`;

/** Long answers, also such as upstream judges repetitive, too long for its patience, or by a number somewhere in them. */
export const LONG_PAIRS: readonly Pair[] = [
  [SERIES, SERIES.replace("x^{12}", "x^{13}")],
  [SERIES, `${SERIES} `],
  [`${MATRIX}=1`, `${MATRIX.replace("3x", "4y")}=1`],
  ["ab".repeat(70), "ab".repeat(71)],
  ["1+".repeat(80) + "1", "81"],
  [
    "The quick brown fox jumps over the lazy dog while 17 zebras vex a quiet judge. ".repeat(2),
    "17",
  ],
  [tex`\sqrt{`.repeat(20) + "2" + "}".repeat(20), tex`2^{\frac{1}{2^{20}}}`],
  [tex`\frac{${"1".repeat(140)}}{${"1".repeat(140)}}`, "1"],
  ["3.14159265358979323846264338327950288419716939937510582097494459230781640628620899", tex`\pi`],
];
