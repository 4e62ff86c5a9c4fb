#!/usr/bin/env python3
"""Python's own imaplib, poplib and smtplib against a running server: every message of a folder of .eml files goes in by
IMAP and comes back, byte for byte, by IMAP and POP3; then mail is sent over 465 and 587 and read.

usage: python_clients.py IMAPS POP3S SMTPS SUBMISSION ADDRESS TOKEN CORPUS_DIR
Exits 0 and prints "ok" when everything is as it should be; a traceback says what is not.
"""
import imaplib
import pathlib
import poplib
import smtplib
import ssl
import sys
import time

imaps, pop3s, smtps, submission = (int(port) for port in sys.argv[1:5])
address, token, corpus_dir = sys.argv[5:8]
HOST = "127.0.0.1"
imaplib._MAXLINE = 10_000_000
poplib._MAXLINE = 1_000_000
tls = ssl.create_default_context()
tls.check_hostname = False
tls.verify_mode = ssl.CERT_NONE


def imap_client():
    client = imaplib.IMAP4_SSL(HOST, imaps, ssl_context=tls)
    client.login(address, token)
    return client


def ok(answer):
    status, data = answer
    assert status == "OK", answer
    return data


def pop3_form(raw):
    """What RETR can carry: poplib joins lines, and the last one always ends."""
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def round_trip():
    corpus = [path.read_bytes() for path in sorted(pathlib.Path(corpus_dir).glob("*.eml"))]
    assert len(corpus) >= 300, len(corpus)
    imap = imap_client()
    for number, raw in enumerate(corpus):
        stamp = imaplib.Time2Internaldate(1_700_000_000 + number)
        # imaplib "mends" line ends when it sends a message: hand the bytes over as they are.
        imaplib.MapCRLF = NeverMatches
        ok(imap.append("INBOX", r"(\Seen)" if number % 2 else None, stamp, raw))
    assert ok(imap.select("INBOX"))[0] == str(len(corpus)).encode()
    for number, raw in enumerate(corpus, 1):
        got = ok(imap.fetch(str(number), "(RFC822.SIZE BODY.PEEK[])"))
        assert got[0][1] == raw, f"IMAP message {number} differs: {len(got[0][1])} bytes of {len(raw)}"
        assert f"RFC822.SIZE {len(raw)}".encode() in got[0][0] + got[1], got[0][0]
    seen = ok(imap.search(None, "SEEN"))[0].split()
    assert len(seen) == len(corpus) // 2, seen
    ok(imap.create("Round/Trip"))
    ok(imap.copy("1:3", "Round/Trip"))
    ok(imap.uid("STORE", "1:2", "+FLAGS", r"(\Deleted $Label1)"))
    ok(imap.expunge())
    assert ok(imap.select("Round/Trip"))[0] == b"3"
    assert ok(imap.fetch("2", "(BODY.PEEK[])"))[0][1] == corpus[1]
    imap.logout()

    pop3 = poplib.POP3_SSL(HOST, pop3s, context=tls)
    pop3.user(address)
    pop3.pass_(token)
    rest = corpus[2:]
    assert pop3.stat()[0] == len(rest), pop3.stat()
    uidls = pop3.uidl()[1]
    assert len(set(line.split()[1] for line in uidls)) == len(rest)
    for number, raw in enumerate(rest, 1):
        lines = pop3.retr(number)[1]
        assert b"".join(line + b"\r\n" for line in lines) == pop3_form(raw), f"POP3 message {number} differs"
    pop3.dele(1)
    pop3.quit()

    pop3 = poplib.POP3_SSL(HOST, pop3s, context=tls)
    pop3.user(address)
    pop3.pass_(token)
    assert pop3.stat()[0] == len(rest) - 1
    assert pop3.uidl()[1][0].split()[1] == uidls[1].split()[1]
    pop3.quit()


class NeverMatches:
    """Stands in for imaplib's pattern of line ends to mend."""

    @staticmethod
    def sub(_, raw):
        return raw


def send_and_read():
    with smtplib.SMTP_SSL(HOST, smtps, context=tls) as smtp:
        smtp.login(address, token)
        smtp.sendmail(address, [address], f"From: {address}\r\nTo: {address}\r\nSubject: over 465\r\n\r\n.dot\r\n")
    with smtplib.SMTP(HOST, submission) as smtp:
        smtp.starttls(context=tls)
        smtp.login(address, token)
        smtp.sendmail(address, [address], f"From: {address}\r\nTo: {address}\r\nSubject: over 587\r\n\r\nbody\r\n")
    imap = imap_client()
    for subject in ("over 465", "over 587"):
        deadline = time.monotonic() + 20
        while True:
            ok(imap.select("INBOX"))
            found = ok(imap.search(None, "SUBJECT", f'"{subject}"'))[0].split()
            if found:
                break
            assert time.monotonic() < deadline, f"{subject} never arrived"
    body = ok(imap.fetch(found[0], "(BODY.PEEK[TEXT])"))[0][1]
    assert body == b"body\r\n", body
    imap.logout()


round_trip()
send_and_read()
print("ok")
