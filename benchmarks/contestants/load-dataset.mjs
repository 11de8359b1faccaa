/* global setInterval, clearInterval */
/** This project: loads a folder for a number of environments, shuffles with each one's seed and reads its first question. */
const started = performance.now();
const [module, folder, count] = process.argv.slice(2);
const { loadDataset } = await import(module);
const imported = performance.now();
const empty = process.resourceUsage().maxRSS;
let longest = 0;
let last = performance.now();
const beat = setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 1);
  last = now;
}, 1);
const views = [];
let loaded = imported;
for (let seed = 0; seed < Number(count); seed++) {
  const table = await loadDataset({ name: folder, split: "train" });
  if (seed === 0) loaded = performance.now();
  const view = table.shuffle(BigInt(seed));
  view.value(0, "problem");
  views.push(view);
}
clearInterval(beat);
const now = performance.now();
const peak = process.resourceUsage().maxRSS;
console.log(
  JSON.stringify({
    load: Number(count) === 0 ? 0 : loaded - imported,
    ready: now - imported,
    total: now - started + process.uptime() * 1000 - performance.now(),
    peak_mb: peak / 1024,
    own_mb: (peak - empty) / 1024,
    longest_ms: longest,
    questions: views.map((view) => view.value(0, "problem")),
  }),
);
