/** Loads a file in a process of its own, with packed files in a folder: writes what came of it as JSON. Arguments: file, folder. */
import { tableOf, valuesOf } from "./tables.ts";

const [file = "", folder = ""] = process.argv.slice(2);
const warnings: string[] = [];
let threads = 0;
process.on("worker", () => (threads += 1));
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));
const first = valuesOf(await tableOf(file, folder));
const second = valuesOf(await tableOf(file, folder));
const isSame = JSON.stringify(first) === JSON.stringify(second);
process.stdout.write(JSON.stringify({ first, isSame, threads, warnings }));
