/** The folders (or single files) of `src/`, lowest first, and what each may import. */
export declare const LAYERS: Readonly<Record<string, readonly string[]>>;
