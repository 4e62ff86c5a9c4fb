package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.postern.accounts.World.address;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.failed;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Resolution.Match;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.testkit.ScratchDatabase;

@DisplayName("Administrators' verbs")
class AccountsTest {
    private static final AccountName ACME = new AccountName("Acme");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private World world;
    private Directory directory;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        directory = new Directory(world.database);
    }

    private static Address at(String text) {
        return Address.parse(text).orElseThrow();
    }

    @Test
    @DisplayName("account add, list, show, change of plan, suspend, resume")
    void accounts() {
        assertThat(failed(world.accounts.add(ACME, World.SMALL)).text()).isEqualTo("account Acme already exists");
        assertThat(failed(world.accounts.add(new AccountName("Other"), new PlanName("huge")))
                        .text())
                .isEqualTo("there is no plan huge; there are small");
        done(world.accounts.add(new AccountName("Beta"), World.SMALL));
        world.mailbox("ann");
        assertThat(world.accounts.list())
                .extracting(AccountInfo::name, AccountInfo::domains, AccountInfo::mailboxes)
                .containsExactly(tuple(ACME, 1, 1), tuple(new AccountName("Beta"), 0, 0));
        assertThat(done(world.accounts.suspend(ACME)).suspended()).isTrue();
        assertThat(done(world.accounts.resume(ACME)).suspended()).isFalse();
        assertThat(failed(world.accounts.show(new AccountName("Nobody"))))
                .isEqualTo(new Problem.NoSuchAccount("Nobody"));
        assertThat(failed(world.accounts.changePlan(ACME, new PlanName("huge"))))
                .isInstanceOf(Problem.NoSuchPlan.class);
        assertThat(done(world.accounts.changePlan(ACME, World.SMALL)).plan()).isEqualTo(World.SMALL);
        assertThat(AccountName.parse("  x\u0000y ")).isEmpty();
        assertThat(AccountName.parse(" Dodo & Sons ")).contains(new AccountName("Dodo & Sons"));
    }

    @Test
    @DisplayName("domain add, list, catch-all")
    void domains() {
        assertThat(failed(world.domains.add(ACME, new Domain("example.org"))))
                .isEqualTo(new Problem.AlreadyExists("domain example.org"));
        assertThat(failed(world.domains.add(new AccountName("Nobody"), new Domain("example.net"))))
                .isEqualTo(new Problem.NoSuchAccount("Nobody"));
        done(world.accounts.add(new AccountName("Beta"), World.SMALL));
        done(world.domains.add(new AccountName("Beta"), new Domain("example.net")));
        assertThat(done(world.domains.list(Optional.empty()))).hasSize(2);
        assertThat(done(world.domains.list(Optional.of(ACME)))).hasSize(1);
        var ann = world.mailbox("ann");
        assertThat(failed(world.domains.catchAll(new Domain("example.net"), Optional.of(address("ann")))))
                .isInstanceOf(Problem.OtherAccount.class);
        assertThat(failed(world.domains.catchAll(new Domain("example.com"), Optional.empty())))
                .isInstanceOf(Problem.NoSuchDomain.class);
        assertThat(done(world.domains.catchAll(new Domain("example.org"), Optional.of(address("ann"))))
                        .catchAll())
                .contains(ann.id());
    }

    @Test
    @DisplayName(
            "mailbox add completes the mailbox in the same transaction, or makes none; who turns it off and on is heard")
    void mailboxBorn() {
        var born = new ArrayList<MailboxId>();
        var turned = new ArrayList<MailboxId>();
        var passwords = new AccountPasswords(world.random);
        MailboxBorn completing = (tx, id) -> {
            int there = tx.one("SELECT count(*) FROM mailbox WHERE mailbox_id = ?", row -> row.intValue(1), id.value());
            assertThat(there).isOne();
            born.add(id);
        };
        var mailboxes = new Mailboxes(world.database, passwords, completing, turned::add);
        assertThat(done(mailboxes.add(address("Ann"), " Ann Other ")).id()).isEqualTo(born.getFirst());
        assertThat(done(mailboxes.show(address("ann"))).displayName()).isEqualTo("Ann Other");
        assertThat(failed(mailboxes.pause(address("bob")))).isInstanceOf(Problem.NoSuchMailbox.class);
        assertThat(turned).isEmpty();
        done(mailboxes.pause(address("ann")));
        done(mailboxes.resume(address("ann")));
        assertThat(turned).containsExactly(born.getFirst(), born.getFirst());
        MailboxBorn incomplete = (tx, id) -> {
            throw new IllegalStateException("no folders");
        };
        var failing = new Mailboxes(world.database, passwords, incomplete, turned::add);
        assertThatThrownBy(() -> failing.add(address("bob"), "")).hasMessage("no folders");
        assertThat(failed(mailboxes.show(address("bob")))).isEqualTo(new Problem.NoSuchMailbox(address("bob")));
        assertThat(world.count("SELECT count(*) FROM directory.address")).isOne();
    }

    @Test
    @DisplayName("mailbox add, pause, resume, passwd; aliases")
    void mailboxes() {
        world.mailbox("ann");
        assertThat(failed(world.mailboxes.add(address("ANN"), "")))
                .isEqualTo(new Problem.AlreadyExists("address ANN@example.org"));
        assertThat(failed(world.mailboxes.add(at("ann@example.net"), "")))
                .isEqualTo(new Problem.NoSuchDomain(new Domain("example.net")));
        assertThat(failed(world.mailboxes.add(at("ann+x@example.org"), ""))).isInstanceOf(Problem.Invalid.class);
        assertThat(done(world.mailboxes.pause(address("ann"))).paused()).isTrue();
        assertThat(done(world.mailboxes.resume(address("ann"))).paused()).isFalse();

        assertThat(failed(world.mailboxes.setPassword(address("ann"), "short"))).isInstanceOf(Problem.Invalid.class);
        var password = done(world.mailboxes.generatePassword(address("ann")));
        assertThat(world.mailboxes.passwordMatches(address("ann"), password)).isTrue();
        assertThat(world.mailboxes.passwordMatches(address("ann"), password + "x"))
                .isFalse();
        assertThat(world.mailboxes.passwordMatches(address("nobody"), password)).isFalse();

        assertThat(done(world.mailboxes.addAlias(address("info"), address("ann")))
                        .aliases())
                .containsExactly(address("info"));
        assertThat(failed(world.mailboxes.addAlias(address("INFO"), address("ann"))))
                .isInstanceOf(Problem.AlreadyExists.class);
        done(world.accounts.add(new AccountName("Beta"), World.SMALL));
        done(world.domains.add(new AccountName("Beta"), new Domain("example.net")));
        assertThat(failed(world.mailboxes.addAlias(at("x@example.net"), address("ann"))))
                .isInstanceOf(Problem.OtherAccount.class);
        assertThat(world.mailboxes.list(Optional.empty()).getFirst().aliases()).hasSize(1);
        assertThat(world.mailboxes.list(Optional.of(new Domain("example.net")))).isEmpty();
        assertThat(failed(world.mailboxes.removeAlias(address("ann")))).isInstanceOf(Problem.NoSuchAlias.class);
        assertThat(done(world.mailboxes.removeAlias(address("info"))).aliases()).isEmpty();
    }

    @Test
    @DisplayName("address add with an owner, set, list, remove: it leads to whom it says, and its owner sends from it")
    void groups() {
        var ann = world.mailbox("ann");
        var bob = world.mailbox("bob");
        var groups = new Groups(world.database);
        var elsewhere = at("bob@example.net");
        var made = done(groups.add(address("Sales"), address("ann"), List.of(address("bob"), elsewhere, elsewhere)));
        assertThat(made).isEqualTo(new Group(address("sales"), address("ann"), List.of(address("bob"), elsewhere)));
        assertThat(groups.list(Optional.empty())).containsExactly(made);
        assertThat(groups.list(Optional.of(new Domain("example.net")))).isEmpty();
        assertThat(groups.ownedBy(ann.id())).containsExactly(made);
        assertThat(groups.ownedBy(bob.id())).isEmpty();
        assertThat(directory.resolve(at("SALES+x@example.org")))
                .isEqualTo(new Resolution.Leads(address("sales"), ann.id(), ann.account(), made.to()));
        assertThat(new Senders(world.database).mayUse(ann.id(), address("sales")))
                .isTrue();
        assertThat(done(world.mailboxes.show(address("ann"))).aliases()).isEmpty();
        assertThat(done(groups.lead(address("sales"), List.of(elsewhere))).to()).containsExactly(elsewhere);
        assertThat(failed(groups.lead(address("bob"), List.of(elsewhere))))
                .isEqualTo(new Problem.NoSuchGroup(address("bob")));
        assertThat(done(world.mailboxes.removeAlias(address("sales"))).id()).isEqualTo(ann.id());
        assertThat(directory.resolve(address("sales"))).isEqualTo(new Resolution.NoSuchAddress());
    }

    @Test
    @DisplayName("an address leads to MAX_TARGETS others at most, that somebody has, and not to itself")
    void groupTargets() {
        world.mailbox("ann");
        done(world.accounts.add(new AccountName("Beta"), World.SMALL));
        done(world.domains.add(new AccountName("Beta"), new Domain("example.net")));
        var groups = new Groups(world.database);
        var most = IntStream.range(0, Group.MAX_TARGETS)
                .mapToObj(i -> at("x" + i + "@example.com"))
                .toList();
        done(groups.add(address("all"), address("ann"), most));
        var more = new ArrayList<>(most);
        more.add(address("ann"));
        assertThat(failed(groups.lead(address("all"), more))).isInstanceOf(Problem.TooMany.class);
        var ann = List.of(address("ann"));
        assertThat(failed(groups.add(address("all"), address("ann"), ann))).isInstanceOf(Problem.AlreadyExists.class);
        assertThat(failed(groups.add(address("x+y"), address("ann"), ann))).isInstanceOf(Problem.Invalid.class);
        assertThat(failed(groups.add(at("x@example.net"), address("ann"), ann)))
                .isInstanceOf(Problem.OtherAccount.class);
        assertThat(failed(groups.add(address("x"), address("nobody"), ann)))
                .isEqualTo(new Problem.NoSuchMailbox(address("nobody")));
        assertThat(failed(groups.lead(address("all"), List.of(address("nobody")))))
                .isEqualTo(new Problem.NoSuchMailbox(address("nobody")));
        assertThat(failed(groups.lead(address("all"), List.of(address("all+x")))))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(groups.list(Optional.empty()))
                .singleElement()
                .satisfies(all -> assertThat(all.to()).hasSize(Group.MAX_TARGETS));
    }

    @Test
    @DisplayName("a mailbox has MAX_ALIASES more addresses at most, groups among them")
    void aliasesAtTheBound() {
        var ann = world.mailbox("ann");
        world.database.once(tx -> tx.update("""
                INSERT INTO directory.address (domain, local_part, mailbox_id, is_alias, targets)
                SELECT 'example.org', 'x' || i, ?, true, CASE WHEN i % 2 = 0 THEN ARRAY['b@example.net'] END
                  FROM generate_series(2, ?) i
                """, ann.id().value(), Mailboxes.MAX_ALIASES));
        done(world.mailboxes.addAlias(address("last"), address("ann")));
        assertThat(failed(world.mailboxes.addAlias(address("more"), address("ann"))))
                .isInstanceOf(Problem.TooMany.class);
        assertThat(failed(new Groups(world.database).add(address("more"), address("ann"), List.of(address("ann")))))
                .isInstanceOf(Problem.TooMany.class);
    }

    @Test
    @DisplayName("token add, list, revoke: names are unique among the living; no secret is stored")
    void tokens() {
        world.mailbox("ann");
        var phone = world.token("ann", "Phone");
        assertThat(failed(world.tokens.create(address("ann"), TokenRequest.named("PHONE"))))
                .isInstanceOf(Problem.AlreadyExists.class);
        assertThat(failed(world.tokens.create(address("bob"), TokenRequest.named("Phone"))))
                .isInstanceOf(Problem.NoSuchMailbox.class);
        for (var bad : List.of("", "1234", "x".repeat(61), "a\u0007b")) {
            assertThat(failed(world.tokens.create(address("ann"), TokenRequest.named(bad))))
                    .isInstanceOf(Problem.Invalid.class);
        }
        assertThat(failed(world.tokens.create(
                        address("ann"),
                        new TokenRequest("Late", EnumSet.allOf(Protocol.class), Optional.of(Instant.EPOCH)))))
                .isInstanceOf(Problem.Invalid.class);
        assertThat(failed(world.tokens.create(address("ann"), new TokenRequest("None", Set.of(), Optional.empty()))))
                .isInstanceOf(Problem.Invalid.class);
        var soon = World.soon();
        done(world.tokens.create(
                address("ann"), new TokenRequest("Read", EnumSet.of(Protocol.IMAP), Optional.of(soon))));
        var dump = world.database.once(tx -> tx.list("SELECT t::text FROM client_token t", row -> row.text(1)));
        assertThat(dump.toString())
                .doesNotContain(phone.secret())
                .doesNotContain(phone.secret().replace("-", ""));
        assertThat(phone.toString()).doesNotContain(phone.secret());
        assertThat(world.count("SELECT count(*) FROM client_token WHERE cram_md5_plain_state IS NULL"))
                .isEqualTo(2);
        assertThat(done(world.tokens.revoke(address("ann"), " phone ")).revokedAt())
                .isPresent();
        assertThat(failed(world.tokens.revoke(address("ann"), "phone"))).isInstanceOf(Problem.NoSuchToken.class);
        var again = world.token("ann", "Phone");
        assertThat(done(world.tokens.revoke(address("ann"), again.id().toString()))
                        .name())
                .isEqualTo("Phone");
        assertThat(done(world.tokens.list(address("ann"))))
                .hasSize(3)
                .element(1)
                .satisfies(read -> {
                    assertThat(read.scope()).containsExactly(Protocol.IMAP);
                    assertThat(read.expiresAt().orElseThrow()).isCloseTo(soon, within(1, ChronoUnit.MILLIS));
                });
    }

    @Test
    @DisplayName("RFC 5802 §5.1: all tokens of a mailbox share a salt that nobody's address has too")
    void salts() {
        assertThat(world.secrets.scramSalt(address("Ann"))).isEqualTo(world.secrets.scramSalt(address("ann")));
        assertThat(world.secrets.scramSalt(address("bob"))).isNotEqualTo(world.secrets.scramSalt(address("ann")));
        assertThat(ClusterSecrets.load(world.database, world.random).scramSalt(address("ann")))
                .isEqualTo(world.secrets.scramSalt(address("ann")));
    }

    @Test
    @DisplayName("RFC 5233, RFC 5321 §4.5.1: mail finds mailbox, alias, detail, postmaster and catch-all, in any case")
    void resolve() {
        var ann = world.mailbox("ann");
        var bob = world.mailbox("bob");
        done(world.mailboxes.addAlias(address("info"), address("bob")));
        assertThat(directory.resolve(address("ANN"))).isEqualTo(local(ann, Match.OWN, null));
        assertThat(directory.resolve(at("Ann+Shop+2@EXAMPLE.org"))).isEqualTo(local(ann, Match.OWN, "Shop+2"));
        assertThat(directory.resolve(at("info+x@example.org"))).isEqualTo(local(bob, Match.ALIAS, "x"));
        assertThat(directory.resolve(address("nobody"))).isEqualTo(new Resolution.NoSuchAddress());
        assertThat(directory.resolve(at("ann@example.net"))).isEqualTo(new Resolution.Elsewhere());
        assertThat(directory.isOurs(new Domain("example.org"))).isTrue();
        assertThat(directory.isOurs(new Domain("example.net"))).isFalse();
        assertThat(directory.resolve(address("POSTMASTER"))).isEqualTo(local(ann, Match.POSTMASTER, null));
        done(world.domains.catchAll(new Domain("example.org"), Optional.of(address("bob"))));
        assertThat(directory.resolve(address("nobody"))).isEqualTo(local(bob, Match.CATCH_ALL, null));
        assertThat(directory.resolve(address("postmaster"))).isEqualTo(local(ann, Match.POSTMASTER, null));
        done(world.mailboxes.addAlias(address("postmaster"), address("bob")));
        assertThat(directory.resolve(address("Postmaster"))).isEqualTo(local(bob, Match.ALIAS, null));
    }

    private static Resolution local(MailboxInfo mailbox, Match match, @Nullable String detail) {
        return new Resolution.Local(mailbox.id(), mailbox.account(), match, Optional.ofNullable(detail));
    }

    @Test
    @DisplayName("a mailbox sends as its address, its aliases and their details, and as nobody else")
    void senders() {
        var ann = world.mailbox("ann");
        world.mailbox("bob");
        done(world.mailboxes.addAlias(address("info"), address("ann")));
        done(world.domains.catchAll(new Domain("example.org"), Optional.of(address("ann"))));
        var senders = new Senders(world.database);
        for (var own : List.of("Ann@example.org", "ann+x@example.org", "INFO@example.org", "info+y@example.org")) {
            assertThat(senders.mayUse(ann.id(), at(own))).as(own).isTrue();
        }
        for (var other : List.of("bob@example.org", "nobody@example.org", "ann@example.net")) {
            assertThat(senders.mayUse(ann.id(), at(other))).as(other).isFalse();
        }
        assertThat(senders.addresses(ann.id())).containsExactly(address("ann"), address("info"));
    }

    @Test
    @DisplayName("a mailbox is entitled to its plan with overrides, or to nothing")
    void entitlements() {
        var ann = world.mailbox("ann");
        var entitlements = new Entitlements(world.database, world.plans);
        assertThat(entitlements.planOf(new MailboxId(999))).isEqualTo(new PlanLookup.NoSuchMailbox());
        world.database.once(tx -> tx.update("UPDATE account SET overrides = '{\"storage\": \"5\"}'"));
        world.database.once(tx -> tx.update(
                "UPDATE mailbox SET overrides = '{\"storage\": \"7\"}' WHERE mailbox_id = ?",
                ann.id().value()));
        assertThat(entitlements.planOf(ann.id())).isInstanceOfSatisfying(PlanLookup.Known.class, known -> {
            assertThat(known.plan().storage().bytes()).isEqualTo(7);
            assertThat(known.account()).isEqualTo(ann.account());
        });
        world.database.once(tx -> tx.update("UPDATE account SET plan = 'gone'"));
        assertThat(entitlements.planOf(ann.id())).isInstanceOf(PlanLookup.Unusable.class);
    }
}
