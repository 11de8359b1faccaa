import { Sandbox } from "../../../src/sandbox/sandbox.ts";

/** Whether this machine lets bubblewrap make namespaces; where GEM_TEST_BWRAP is set, it has to. */
export const WITH_BWRAP: boolean = process.env["GEM_TEST_BWRAP"] !== undefined || (await works());

async function works(): Promise<boolean> {
  const sandbox = new Sandbox({ level: "bwrap", parallel: 1 });
  try {
    await sandbox.run({ code: "", timeoutMs: 10_000 });
    return true;
  } catch {
    return false;
  } finally {
    await sandbox.close();
  }
}
