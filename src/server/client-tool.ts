import { GemError, show } from "../errors.ts";
import { ClientRef, Tuple } from "../protocol/values.ts";
import { BASE_TOOL_TYPE, Tool, type ToolResult } from "../tools/tool.ts";
import type { ClientObject } from "./client-object.ts";

/** A tool that is an object of the client. */
export class ClientTool extends Tool {
  override readonly toolType: string;
  readonly #object: ClientObject;

  constructor(object: ClientObject, toolType: string) {
    super();
    this.toolType = toolType;
    this.#object = object;
  }

  override async instructionString(): Promise<string> {
    const text = await this.#object.call("instruction_string");
    if (typeof text !== "string") throw this.#fault("instruction_string", "a string", text);
    return text;
  }

  override async executeAction(action: string): Promise<ToolResult> {
    const value = await this.#object.call("execute_action", [action]);
    const items: unknown = value instanceof Tuple ? value.items : value;
    const [parsed, hasError, observation, parsedAction] = Array.isArray(items)
      ? (items as readonly unknown[])
      : [];
    if (
      typeof parsed !== "boolean" ||
      typeof hasError !== "boolean" ||
      typeof observation !== "string" ||
      typeof parsedAction !== "string"
    ) {
      throw this.#fault("execute_action", "(bool, bool, str, str)", items);
    }
    return [parsed, hasError, observation, parsedAction];
  }

  #fault(method: string, wanted: string, got: unknown): GemError {
    return new GemError(
      "GEM_OBJECT_FAULT",
      `${method}() of the tool ${this.toolType} must return ${wanted}, it returned ${show(got)}.`,
      { method },
    );
  }
}

/** Makes the object of a reference, which is asked in the name of the call that runs. */
export type BindObject = (ref: ClientRef) => ClientObject;

/** A wrapper's option `tools`, with the client's objects in it made usable; what is no list is left for the wrapper to refuse. */
export function bindTools(tools: unknown, bind: BindObject): unknown {
  return Array.isArray(tools) ? tools.map((tool: unknown) => bindTool(tool, bind)) : tools;
}

function bindTool(tool: unknown, bind: BindObject): unknown {
  if (tool instanceof ClientRef) return new ClientTool(bind(tool), BASE_TOOL_TYPE);
  if (!isMap(tool)) return tool;
  const { object, tool_type: type, options } = tool;
  if (object instanceof ClientRef)
    return new ClientTool(bind(object), typeof type === "string" ? type : BASE_TOOL_TYPE);
  return isMap(options) ? { ...tool, options: bindToolOptions(options, bind) } : tool;
}

/** A tool's options. A reference as `search_url` is an object whose attribute of that name is read when it is needed. */
function bindToolOptions(
  options: Readonly<Record<string, unknown>>,
  bind: BindObject,
): Readonly<Record<string, unknown>> {
  const { search_url: ref } = options;
  if (!(ref instanceof ClientRef)) return options;
  const object = bind(ref);
  return { ...options, search_url: () => readUrl(object) };
}

async function readUrl(object: ClientObject): Promise<string | null> {
  const url = await object.call("getattr", ["search_url"]);
  if (url === null || typeof url === "string") return url;
  throw new GemError("GEM_OBJECT_FAULT", `search_url must be a string or null, got ${show(url)}.`);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype
  );
}
