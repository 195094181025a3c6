-- Runs on SQLite and on PostgreSQL alike: TEXT, BIGINT and plain constraints only.
-- Moments are milliseconds since 1970; a CRC32C is an unsigned 32-bit number.

CREATE TABLE upload (
  id                 TEXT   NOT NULL PRIMARY KEY,
  name               TEXT   NOT NULL,
  size               BIGINT NOT NULL CHECK (size >= 0),
  type               TEXT,
  chunk_size         BIGINT NOT NULL,
  state              TEXT   NOT NULL,
  owner              TEXT,
  idempotency_key    TEXT,
  expected_algorithm TEXT,
  expected_value     TEXT,
  crc32c             BIGINT,
  metadata           TEXT   NOT NULL,
  created_at         BIGINT NOT NULL,
  last_activity_at   BIGINT NOT NULL,
  received_bytes     BIGINT NOT NULL,
  failure            TEXT,
  CHECK (received_bytes >= 0 AND received_bytes <= size)
);

-- One upload for each key of an owner. Nobody is an owner too, but SQL takes every null for another one.
CREATE UNIQUE INDEX upload_key_of_owner ON upload (owner, idempotency_key);
CREATE UNIQUE INDEX upload_key_of_nobody ON upload (idempotency_key) WHERE owner IS NULL;

CREATE INDEX upload_by_activity ON upload (state, last_activity_at, id);

CREATE TABLE received_range (
  upload_id  TEXT   NOT NULL REFERENCES upload (id),
  start_byte BIGINT NOT NULL,
  end_byte   BIGINT NOT NULL,
  crc32c     BIGINT NOT NULL,
  PRIMARY KEY (upload_id, start_byte),
  CHECK (start_byte >= 0 AND end_byte > start_byte)
);
