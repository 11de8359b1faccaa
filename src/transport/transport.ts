/**
 * Sends one frame back to the peer that a frame came from; silently does nothing once that peer is gone. A peer is known by it: all
 * its frames come with the same function.
 */
export interface Reply {
  (frame: Buffer): void;
  /** Whether it has copied the frame when it returns, so that the frame's memory is free again. */
  copies?: boolean;
}

/** Takes one frame of a peer. Frames of one peer arrive in the order in which they were sent. Never throws. */
export type Receive = (frame: Buffer, reply: Reply) => void;

/** Takes notice that a peer is gone, after its last frame. Never throws. */
export type Gone = (peer: Reply) => void;

/** An open endpoint. */
export interface Transport {
  /** Where peers connect, for example `ipc:///tmp/gem-1-x/0`. */
  readonly address: string;
  /** Stops receiving and gives the address up; twice is fine. */
  close(): Promise<void>;
}
