-- SCRAM and CRAM-MD5 say no secret: the tokens of the mailbox whose address the client gave are tried.
CREATE INDEX ON mailbox (lower(address));
