import { callTool } from "./call-tool.ts";
import { call } from "./call.ts";
import { check } from "./check.ts";
import { close } from "./close.ts";
import { drain } from "./drain.ts";
import { getState } from "./get-state.ts";
import { getStates } from "./get-states.ts";
import { get } from "./get.ts";
import { grade } from "./grade.ts";
import { list } from "./list.ts";
import { makeTool } from "./make-tool.ts";
import { make } from "./make.ts";
import type { Method } from "./method.ts";
import { release } from "./release.ts";
import { reset } from "./reset.ts";
import { setState } from "./set-state.ts";
import { setStates } from "./set-states.ts";
import { set } from "./set.ts";
import { spawn } from "./spawn.ts";
import { load, stats } from "./stats.ts";
import { step } from "./step.ts";
import { vectorRecv } from "./vector-recv.ts";
import { vectorReset } from "./vector-reset.ts";
import { vectorSendReset } from "./vector-send-reset.ts";
import { vectorSend } from "./vector-send.ts";
import { vectorSet } from "./vector-set.ts";
import { vectorStep } from "./vector-step.ts";
import { vector } from "./vector.ts";
import { wrap } from "./wrap.ts";

/** Name on the wire → method; `hello` and `bye` concern the session and are in `sessions.ts`. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    list,
    load,
    stats,
    drain,
    make,
    wrap,
    reset,
    step,
    get,
    grade,
    set,
    call,
    get_state: getState,
    set_state: setState,
    get_states: getStates,
    set_states: setStates,
    spawn,
    vector,
    vector_set: vectorSet,
    vector_reset: vectorReset,
    vector_step: vectorStep,
    vector_send: vectorSend,
    vector_send_reset: vectorSendReset,
    vector_recv: vectorRecv,
    check,
    make_tool: makeTool,
    call_tool: callTool,
    close,
    release,
  }),
);
