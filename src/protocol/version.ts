/** Changed with every incompatible change of messages or codec; client and server refuse a different one. */
export const PROTOCOL_VERSION = 1;
