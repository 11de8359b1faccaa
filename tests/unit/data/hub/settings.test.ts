import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { snakeCase } from "../../../../src/data/hub/prepared.ts";
import { hubSettings } from "../../../../src/data/hub/settings.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "gem-settings-"));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

it("Without variables everything is where huggingface_hub has it.", () => {
  expect(hubSettings({ HF_TOKEN: "t" })).toEqual({
    endpoint: "https://huggingface.co",
    token: "t",
    isOffline: false,
    hubCache: join(homedir(), ".cache", "huggingface", "hub"),
    datasetsCache: join(homedir(), ".cache", "huggingface", "datasets"),
  });
});

it("Each folder has a variable, and the narrower one counts.", () => {
  const { hubCache, datasetsCache } = hubSettings({ XDG_CACHE_HOME: "/x" });
  expect([hubCache, datasetsCache]).toEqual(["/x/huggingface/hub", "/x/huggingface/datasets"]);
  expect(hubSettings({ HF_HOME: "~/h" }).hubCache).toBe(join(homedir(), "h", "hub"));
  const all = { HF_HOME: "/h", HF_HUB_CACHE: "/c", HF_DATASETS_CACHE: "/d" };
  expect(hubSettings(all)).toMatchObject({ hubCache: "/c", datasetsCache: "/d" });
  expect(hubSettings({ HUGGINGFACE_HUB_CACHE: "/o" }).hubCache).toBe("/o");
});

it("The token is the variable's, else the file's, unless it is not to be sent.", () => {
  writeFileSync(join(home, "token"), "hf_file\n");
  expect(hubSettings({ HF_HOME: home }).token).toBe("hf_file");
  expect(hubSettings({ HF_HOME: home, HF_TOKEN: " hf_own " }).token).toBe("hf_own");
  writeFileSync(join(home, "other"), "hf_other");
  const other = { HF_HOME: home, HF_TOKEN_PATH: join(home, "other") };
  expect(hubSettings(other).token).toBe("hf_other");
  expect(hubSettings({ HF_HOME: home, HF_HUB_DISABLE_IMPLICIT_TOKEN: "1" }).token).toBeUndefined();
});

it("Being offline is asked for by any of the names, in any case.", () => {
  for (const name of ["HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"]) {
    for (const value of ["1", "true", "YES", "On"]) {
      expect(hubSettings({ [name]: value }).isOffline).toBe(true);
    }
    expect(hubSettings({ [name]: "0" }).isOffline).toBe(false);
  }
});

it("Folders of prepared datasets have the names that datasets gives them.", () => {
  const names = ["GSM-8k", "MATH-lvl3to5-8k", "HTTPServerX2Y", "aB", "NaturalQuestions"];
  expect(names.map(snakeCase)).toEqual([
    "gsm-8k",
    "math-lvl3to5-8k",
    "http_server_x2_y",
    "a_b",
    "natural_questions",
  ]);
});
