-- Whom an upload's place and bytes are counted for; empty for uploads from before there were limits.
ALTER TABLE upload ADD COLUMN client TEXT NOT NULL DEFAULT '';

CREATE INDEX upload_open_of_client ON upload (client) WHERE state = 'RECEIVING';

-- The start goes through all open uploads in this order, beside their files.
CREATE INDEX upload_open ON upload (id) WHERE state = 'RECEIVING';
