-- Where a finished file is, when it is not on the local disk; null when it is, or when there is none.
ALTER TABLE upload ADD COLUMN location TEXT;

-- The files on their way to their destination: the oldest first, and how many bytes they are. The
-- state stands in it though it is always the same: SQLite would not choose it otherwise.
CREATE INDEX upload_publishing
  ON upload (state, last_activity_at, id, size) WHERE state = 'PUBLISHING';
