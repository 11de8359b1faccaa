import type { Env } from "../core/env.ts";
import { Wrapper } from "../core/wrapper.ts";
import type { EnvDescriptor, LayerDescriptor } from "../protocol/messages.ts";
import { RecordedEnv } from "../recording/recorded-env.ts";

/** What a client is told of an environment: its id, and its layers from the outside in. */
export function describeEnv(env: Env): EnvDescriptor {
  const layers: LayerDescriptor[] = [];
  let layer = env;
  for (;;) {
    if (layer instanceof RecordedEnv) layer = layer.env;
    const className = layer instanceof Wrapper ? layer.className : layer.constructor.name;
    layers.push([className, layer.attributeNames(), layer.methodNames()]);
    if (!(layer instanceof Wrapper)) return [env.id, layers];
    layer = layer.env;
  }
}
