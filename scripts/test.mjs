// Runs every suite and closes with what was counted: `npm test`. One suite: `npm run test:unit [-- runner's arguments]`.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main, SetupError } from "./setup/command.mjs";
import { setUp } from "./setup/index.mjs";
import { ROOT } from "./setup/paths.mjs";
import { SUITES } from "./suites/index.mjs";
import { closingLine } from "./suites/reports.mjs";

await main(async () => {
  const [name, ...filters] = process.argv.slice(2);
  const suites = name === undefined ? SUITES.filter(isPresent) : [suiteNamed(name)];
  await setUp(suites.flatMap(({ needs }) => needs));

  const rows = [];
  for (const suite of suites) {
    process.stdout.write(`\n== ${suite.name} ==\n`);
    const start = performance.now();
    const counts = await suite.run(filters);
    rows.push({ name: suite.name, ...counts, seconds: (performance.now() - start) / 1000 });
  }
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const row of rows) for (const key of Object.keys(total)) total[key] += row[key];
  process.stdout.write(`\n${table(rows)}\n\n${closingLine(total)}\n`);
  return total.failed > 0 ? 1 : 0;
});

function isPresent({ home }) {
  return existsSync(join(ROOT, home));
}

function suiteNamed(name) {
  const suite = SUITES.find((candidate) => candidate.name === name);
  if (suite !== undefined && isPresent(suite)) return suite;
  const names = SUITES.filter(isPresent).map((candidate) => candidate.name);
  throw new SetupError(`There is no suite "${name}" here; there are: ${names.join(", ")}.`);
}

function table(rows) {
  const cells = rows.map(({ name, passed, failed, skipped, seconds }) =>
    [name, passed, failed, skipped, `${seconds.toFixed(1)} s`].map(String),
  );
  const lines = [["suite", "passed", "failed", "skipped", "time"], ...cells];
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i] + 3)))
        .join(""),
    )
    .join("\n");
}
