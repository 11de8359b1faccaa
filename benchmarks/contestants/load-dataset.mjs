/* global setInterval, clearInterval */
/** This project: loads a folder for a number of environments, shuffles with each one's seed and reads its first question. */
const started = performance.now();
const [module, folder, count] = process.argv.slice(2);
const { loadDataset } = await import(module);
const imported = performance.now();
let longest = 0;
let last = performance.now();
const beat = setInterval(() => {
  const now = performance.now();
  longest = Math.max(longest, now - last - 1);
  last = now;
}, 1);
const views = [];
for (let seed = 0; seed < Number(count); seed++) {
  const request = { name: folder, split: "train", columns: ["problem", "answer"] };
  const view = (await loadDataset(request)).shuffle(BigInt(seed));
  view.value(0, "problem");
  views.push(view);
}
clearInterval(beat);
const now = performance.now();
console.log(
  JSON.stringify({
    load: (now - imported) / 1000,
    total: (now - started) / 1000 + process.uptime() - performance.now() / 1000,
    peak_mb: process.resourceUsage().maxRSS / 1024,
    longest_ms: longest,
    first: views[0].value(0, "problem"),
  }),
);
