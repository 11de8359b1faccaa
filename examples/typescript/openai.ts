/** One message of a conversation. */
export interface Message {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Where a model answers. */
export interface Endpoint {
  /** For example `http://localhost:8000/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly maxTokens?: number;
  readonly temperature?: number;
}

const TRIES = 4;

/**
 * The model's reply to a conversation, by the chat completions of OpenAI's API, which vLLM, SGLang, llama.cpp, Ollama and others
 * speak too. A busy or failing server is asked again, three times at most.
 *
 * @throws Error with the server's status and the start of its answer
 */
export async function askModel(endpoint: Endpoint, messages: readonly Message[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${endpoint.baseUrl.replace(/\/$/, "")}/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${endpoint.apiKey}`,
      },
      body: JSON.stringify({
        model: endpoint.model,
        messages,
        max_tokens: endpoint.maxTokens ?? 1024,
        temperature: endpoint.temperature ?? 0.7,
      }),
    });
    if (response.ok) return contentOf(await response.json());
    const text = (await response.text()).slice(0, 300);
    const isPassing = response.status === 429 || response.status >= 500;
    if (!isPassing || attempt === TRIES) {
      throw new Error(`The model's server answered ${response.status}: ${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
  }
}

/** The text of the first choice; a model that says nothing says "". */
function contentOf(body: unknown): string {
  const { choices } = body as { choices?: { message?: { content?: string | null } }[] };
  const message = choices?.[0]?.message;
  if (message === undefined) throw new Error("The model's server answered without a choice.");
  return message.content ?? "";
}
