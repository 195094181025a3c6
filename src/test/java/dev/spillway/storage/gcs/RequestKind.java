package dev.spillway.storage.gcs;

/** What a request to the fake asks for, as far as counting and faults are concerned. */
public enum RequestKind {
  /** An access token for a service account. */
  TOKEN,
  /** The token of the machine's own service account, from its metadata server. */
  METADATA,
  /** Which cloud a machine is in, from its metadata server. */
  UNIVERSE,
  /** The bucket's own description. */
  BUCKET,
  /** A page of the bucket's objects. */
  LIST,
  /** One object's description. */
  STAT,
  /** One object's bytes. */
  DOWNLOAD,
  DELETE,
  PATCH,
  /** An upload in one request, the bytes alone. */
  MEDIA,
  /** An upload in one request, description and bytes. */
  MULTIPART,
  /** The start of a resumable upload. */
  SESSION,
  /** Bytes of a resumable upload. */
  CHUNK,
  /** How far a resumable upload has come, or its end without further bytes. */
  QUERY,
  /** The end of a resumable upload without an object. */
  CANCEL,
  /** Nothing that the fake knows. */
  UNKNOWN
}
