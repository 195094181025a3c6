-- What pages tell of open uploads, from this index alone: their sums, each client's share, and the
-- ids in every order but those by name and by activity. It takes the place of the one on clients.
-- The state stands in it though it is always the same: SQLite would not choose it otherwise.
CREATE INDEX upload_open_figures
  ON upload (state, client, size, received_bytes, created_at, id) WHERE state = 'RECEIVING';

DROP INDEX upload_open_of_client;
