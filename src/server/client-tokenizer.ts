import { GemError, show } from "../errors.ts";
import type { ClientObject } from "./client-object.ts";

/** The client's tokenizer, as wrappers use one. */
export class ClientTokenizer {
  readonly #object: ClientObject;

  constructor(object: ClientObject) {
    this.#object = object;
  }

  /** @throws GEM_OBJECT_FAULT when the tokenizer raises, or gives something else than a string */
  async applyChatTemplate(
    messages: readonly { readonly role: string; readonly content: string }[],
    options: { readonly addGenerationPrompt: boolean },
  ): Promise<string> {
    const kwargs = { tokenize: false, add_generation_prompt: options.addGenerationPrompt };
    const text = await this.#object.call("apply_chat_template", [messages], kwargs);
    if (typeof text === "string") return text;
    throw new GemError(
      "GEM_OBJECT_FAULT",
      `The tokenizer's apply_chat_template must give a string with tokenize=False, it gave ${show(text)}.`,
      { method: "apply_chat_template" },
    );
  }
}
