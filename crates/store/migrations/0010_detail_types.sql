-- What may be asked for in detail (RFC 9396): types of an API, and what an authorization has of them. JSON.

ALTER TABLE apis ADD COLUMN detail_types ${text} NOT NULL DEFAULT '[]';
ALTER TABLE authorizations ADD COLUMN details ${text};
