/**
 * Uploads files of any size to a Spillway server: in chunks, in parallel, each with its checksum, over bad lines.
 *
 * A page makes one client and keeps it. Files are never read as a whole: memory does not depend on their size.
 */

/** Where an upload stands. What each state allows is written at the methods of {@link Upload}. */
export type UploadState =
  /** Waits for its turn: a few files go at once. */
  | 'queued'
  /** Opens the upload, or asks the server what is missing. */
  | 'starting'
  /** Sends chunks. */
  | 'uploading'
  /** Stays away until `retryAt`; `problem` says why. */
  | 'waiting'
  /** Another tab of this browser is sending the same file. Goes on when that one ends. */
  | 'elsewhere'
  /** Everything is there; the server verifies and completes it. */
  | 'finishing'
  /** Everything is safe on the server, which brings it to where it keeps files: the page may be closed. Takes no place. */
  | 'publishing'
  /** Ended well: `link` and `crc32c` are known. */
  | 'completed'
  /** Stopped by pause(). What the server has acknowledged stays there. */
  | 'paused'
  /** Remembered from before a reload: needs the file, by resume() or by adding the same file again. */
  | 'needs-file'
  /** Gave up; `problem` says why. retry() tries again. */
  | 'failed'
  | 'cancelling'
  /** Ended by cancel(), here and on the server. */
  | 'cancelled';

/** Why an upload waits or has failed, in words for people and in a code for programs. */
export class UploadProblem extends Error {
  /** A few words: "No connection". */
  readonly title: string;
  /** A sentence or two that say what to do; may be empty. */
  readonly detail: string;
  /**
   * Stable. Of the server (docs/api.md, "Refusals"), or of the client: `network`, `offline`, `unreadable` (the file
   * was moved or changed), `changed` (it is not the file whose first part was sent), `gone`, `http` (an answer
   * without a reason), `unexpected` (an answer that makes no sense), `unfinished`.
   */
  readonly code: string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Whether trying again can help without anybody changing anything. */
  readonly retryable: boolean;
  /** How long the server asked to stay away, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** The server no longer has the upload: trying again starts from the beginning. */
  readonly gone: boolean;
}

/** One file on its way. Made by {@link SpillwayClient.add} and {@link SpillwayClient.restore}. */
export class Upload extends EventTarget {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Folder and name as chosen, such as `photos/2026/a.jpg`; the name alone for a single file. */
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The server's id; null until it is opened. */
  readonly id: string | null;
  readonly state: UploadState;
  readonly problem: UploadProblem | null;
  /** In state `waiting`: when it goes on, in milliseconds since 1970; 0 when that is not known. */
  readonly retryAt: number;
  /** Attempts in a row without the server having received anything new. */
  readonly failures: number;
  /** Bytes that the server has acknowledged. */
  readonly receivedBytes: number;
  /** Those and what is on the line, never more than `size`. */
  readonly sentBytes: number;
  /** Bytes per second over the last seconds; 0 when nothing moves. */
  readonly speed: number;
  /** Seconds to go at this speed; null when that cannot be told. */
  readonly timeLeft: number | null;
  /** The finished file's address; null before. */
  readonly link: string | null;
  /** Of the finished file, base64, as the server computed it and compared it with this side's; null before. */
  readonly crc32c: string | null;
  /** In state `needs-file`: whether resume() can ask the browser for the file, so that nobody has to choose it. */
  readonly canAskForFile: boolean;

  /** Ends what is on the line. From queued, starting, uploading, waiting, elsewhere; otherwise does nothing. */
  pause(): void;
  /**
   * Goes on. From paused, and from needs-file when `canAskForFile`: call it in a click then, because the browser asks
   * the person. Otherwise does nothing.
   */
  resume(): Promise<void>;
  /**
   * Tries again. From failed (also what the server could not finish: it is asked to once more) and cancelled (which
   * starts from the beginning); otherwise does nothing.
   */
  retry(): void;
  /** Ends it here and on the server, which frees its disk at once. Not while finishing or publishing, or when completed. */
  cancel(): Promise<void>;
  /** Resolves when it is completed; rejects with the problem when it has failed or was cancelled. Never on pause. */
  readonly done: Promise<Upload>;

  addEventListener(type: 'state' | 'progress', listener: (event: Event) => void, options?: AddEventListenerOptions): void;
}

/** How the client stands with the server, for a page that tells its reader. */
export interface LineStatus {
  /** `closed`: all is well; `open`: the server does not answer or refuses, nobody asks until `retryAt`; `probing`: one request finds out. */
  readonly circuit: 'closed' | 'open' | 'probing';
  /** When the circuit is open: when it is tried again, in milliseconds since 1970. */
  readonly retryAt: number;
  readonly online: boolean;
  /** Requests with chunks on the line, and how many may be. */
  readonly inFlight: number;
  readonly limit: number;
  /** What the next chunk will measure, in bytes. */
  readonly chunkBytes: number;
}

export interface SpillwayClientOptions {
  /** Where the server is: its address with the context path. Default: the server that this module came from. */
  endpoint?: string | URL;
  /** Sent with every request to the server, such as Authorization; a function is asked each time. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>);
  /** Whether cookies and HTTP authentication go to a server of another origin. Default false. */
  withCredentials?: boolean;
  /** Files that are sent at once. Default 4. */
  filesAtOnce?: number;
  /** Chunks on the line at once, of all files. Default 1 to 6: browsers open six connections to a server. */
  parallel?: { min?: number; max?: number; start?: number };
  /** Bytes of a chunk; it is adapted to the line within these, and never larger than the server takes. Default 256 KiB to 64 MiB. */
  chunkBytes?: { min?: number; max?: number; start?: number };
  /** A rest after each chunk on each of the parallel ways, in milliseconds. Default 0. */
  pauseBetweenChunksMs?: number;
  /** How long an upload goes on trying without the server having received anything new. Default 15 minutes. Time offline does not count. */
  patienceMs?: number;
  /** Whether uploads are remembered in this browser, to go on after a reload. Default true. */
  remember?: boolean;
}

export interface AddOptions {
  /** What the server should keep with the file. */
  metadata?: Record<string, string>;
  /** From showOpenFilePicker() or a drop: lets it go on after a reload without the file being chosen again. */
  handle?: FileSystemFileHandle | null;
  /** Folder and name; default `webkitRelativePath`, else the name. */
  path?: string;
}

/** All uploads of a page to one server. They share the line: its parallelism, its circuit breaker, its chunk size. */
export class SpillwayClient extends EventTarget {
  constructor(options?: SpillwayClientOptions);
  /** In the order in which they were added. */
  readonly uploads: readonly Upload[];
  readonly line: LineStatus;
  /**
   * Queues a file. A file that is remembered, or is already among the uploads and not over, goes on where it was: then
   * the same Upload is returned again. The same file is one of the same path, size and time of last change.
   */
  add(file: File, options?: AddOptions): Promise<Upload>;
  /** Brings back the uploads that earlier pages have left unfinished. Call it once, before the first add(). */
  restore(): Promise<readonly Upload[]>;
  pauseAll(): void;
  resumeAll(): Promise<void>;
  retryAll(): void;
  cancelAll(): Promise<void>;
  /** Takes those that are completed or cancelled out of `uploads`. */
  clear(): void;
  /** Pauses everything and lets go of the worker and the database. The client is of no use afterwards. */
  close(): void;

  /** `added` and `change` carry the upload as `detail`; `change` comes with its every state. `line` when LineStatus changes. */
  addEventListener(type: 'added' | 'change', listener: (event: CustomEvent<Upload>) => void, options?: AddEventListenerOptions): void;
  addEventListener(type: 'line', listener: (event: Event) => void, options?: AddEventListenerOptions): void;
}
