package org.postern.bench.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Debian's Dovecot 2.3, tuned as its manual advises for speed: sdbox, login processes that serve many, IMAP processes that
 * are used again.
 */
public final class DovecotServer implements MailboxServer {
    private static final String BINARY = "/usr/sbin/dovecot";
    private static final String POP3 = "/usr/lib/dovecot/pop3";
    private static final String SECRET = "bench-secret";
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Path config;
    private final Path log;
    private final Path base;
    private final Path mail;
    private final int imaps = Scratch.freePort();
    private final int pop3s = Scratch.freePort();
    private final Process process;

    public static boolean isInstalled() {
        return Files.isExecutable(Path.of(BINARY)) && Files.isExecutable(Path.of(POP3));
    }

    public DovecotServer(Scratch scratch) {
        var folder = scratch.folder("dovecot");
        this.config = folder.resolve("dovecot.conf");
        this.log = folder.resolve("server.log");
        this.base = scratch.folder("dovecot/run");
        this.mail = scratch.folder("dovecot/mail");
        Processes.run(List.of("chown", "-R", "nobody:nogroup", mail.toString()));
        Scratch.write(config, """
                protocols = imap pop3
                listen = 127.0.0.1
                base_dir = %1$s
                state_dir = %1$s
                log_path = /dev/stderr
                info_log_path = /dev/null
                ssl = required
                ssl_cert = <%2$s
                ssl_key = <%3$s
                ssl_min_protocol = TLSv1.2
                mail_home = %4$s/%%u
                mail_location = sdbox:~/sdbox
                mail_uid = nobody
                mail_gid = nogroup
                first_valid_uid = 1
                first_valid_gid = 1
                mail_max_userip_connections = 0
                disable_plaintext_auth = yes
                auth_cache_size = 10M
                passdb {
                  driver = static
                  args = password=%5$s
                }
                userdb {
                  driver = static
                  args = uid=nobody gid=nogroup
                }
                namespace inbox {
                  inbox = yes
                  separator = /
                }
                service imap-login {
                  inet_listener imap {
                    port = 0
                  }
                  inet_listener imaps {
                    port = %6$d
                    ssl = yes
                  }
                  service_count = 0
                  process_min_avail = 2
                  client_limit = 10000
                }
                service pop3-login {
                  inet_listener pop3 {
                    port = 0
                  }
                  inet_listener pop3s {
                    port = %7$d
                    ssl = yes
                  }
                  service_count = 0
                  process_min_avail = 2
                }
                service pop3 {
                  service_count = 1000
                  process_min_avail = 8
                }
                service imap {
                  service_count = 1000
                  process_min_avail = 8
                  process_limit = 10000
                }
                service anvil {
                  client_limit = 20000
                }
                service auth {
                  client_limit = 20000
                }
                default_client_limit = 20000
                default_process_limit = 10000
                """.formatted(base, scratch.chain(), scratch.key(), mail, SECRET, imaps, pop3s));
        this.process = start();
    }

    private Process start() {
        var started = Processes.start(log, List.of(BINARY, "-F", "-c", config.toString()));
        long deadline = System.nanoTime() + START.toNanos();
        while (!Files.exists(base.resolve("master.pid")) || !Files.exists(base.resolve("login"))) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("Dovecot does not start: see " + log);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return started;
    }

    @Override
    public String name() {
        return "Dovecot";
    }

    @Override
    public int imaps() {
        return imaps;
    }

    @Override
    public int pop3s() {
        return pop3s;
    }

    /** Deletes the files of what it has taken from messages and of its threads; nobody may have a folder open. */
    @Override
    public void forget() {
        for (var kept : List.of("dovecot.index.cache", "dovecot.index.thread")) {
            Processes.run(List.of("find", mail.toString(), "-name", kept, "-delete"));
        }
    }

    @Override
    public Login login(int mailbox) {
        return new Login("u" + mailbox, SECRET);
    }

    @Override
    public Duration cpu() {
        return Processes.cpu(process.toHandle());
    }

    @Override
    public long memory() {
        return Processes.memory(process.toHandle());
    }

    @Override
    public void close() {
        Processes.stop(process);
    }
}
