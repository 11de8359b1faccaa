import { readFile } from "node:fs/promises";

const PAGE_BYTES = 4096;

/** Resident bytes of a process, where the system tells them; undefined elsewhere. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  try {
    const [, pages] = (await readFile(`/proc/${pid}/statm`, "latin1")).split(" ");
    return Number(pages) * PAGE_BYTES;
  } catch {
    return undefined;
  }
}
