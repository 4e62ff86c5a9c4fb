package org.postern.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.NewToken;
import org.postern.accounts.TokenInfo;
import org.postern.accounts.TokenRequest;
import org.postern.model.Address;
import org.postern.model.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code postern token …}: the secrets that mail apps log in with. */
@Command(name = "token", description = "Client tokens: the secrets that mail apps log in with, one for each app.")
final class TokenCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private CommandSpec spec;

    @Command(description = "Makes a client token and prints its secret alone on the last line, once.")
    int add(
            @Parameters(paramLabel = "ADDRESS") Address mailbox,
            @Option(names = "--name", paramLabel = "TEXT", required = true, description = "the app, such as \"Phone\"")
                    String name,
            @Option(
                            names = "--scope",
                            paramLabel = "PROTOCOL",
                            split = ",",
                            defaultValue = "imap,pop3,smtp",
                            description = "what it may be used for; default ${DEFAULT-VALUE}")
                    List<Protocol> scope,
            @Option(names = "--expires", paramLabel = "DURATION", description = "from now, such as 90d; default never")
                    @Nullable
                    Duration expires,
            @Option(
                            names = "--cram-md5",
                            description = "also for mail apps set to CRAM-MD5, where a listener has it switched on")
                    boolean cramMd5) {
        var until = Optional.ofNullable(expires).map(Instant.now()::plus);
        var request = new TokenRequest(name, EnumSet.copyOf(scope), until, cramMd5);
        return root.administer(admin -> admin.tokens().create(mailbox, request), token -> (out, json) -> {
            if (json) {
                out.println(Answer.toJson(fields(mailbox, token)));
                return;
            }
            spec.commandLine()
                    .getErr()
                    .println("Client token \"" + token.name() + "\" of " + mailbox
                            + ". It is shown only now; dashes and capitals do not matter:");
            spec.commandLine().getErr().flush();
            out.println(token.secret());
        });
    }

    private static Map<String, Object> fields(Address mailbox, NewToken token) {
        return Answer.fields(
                "mailbox", mailbox, "id", token.id().value(), "name", token.name(), "secret", token.secret());
    }

    @Command(description = "Lists a mailbox's client tokens, and when each was last used.")
    int list(
            @Parameters(paramLabel = "ADDRESS") Address mailbox,
            @Option(names = "--all", description = "revoked ones too") boolean all) {
        return root.administer(
                admin -> admin.tokens().list(mailbox),
                tokens -> (out, json) -> Answer.list(
                        out,
                        json,
                        tokens.stream()
                                .filter(token -> all || token.revokedAt().isEmpty())
                                .map(TokenCommands::fields)
                                .toList()));
    }

    @Command(description = "Revokes a client token; its live connections end at once.")
    int revoke(
            @Parameters(paramLabel = "ADDRESS") Address mailbox,
            @Parameters(paramLabel = "TOKEN", description = "its name or id") String token) {
        return root.administer(
                admin -> admin.tokens().revoke(mailbox, token),
                revoked -> (out, json) -> Answer.show(out, json, fields(revoked)));
    }

    private static Map<String, Object> fields(TokenInfo token) {
        return Answer.fields(
                "id",
                token.id().value(),
                "name",
                token.name(),
                "scope",
                token.scope().stream().sorted().map(Protocol::lowerCase).toList(),
                "cram_md5",
                token.cramMd5(),
                "created_at",
                token.createdAt(),
                "expires_at",
                token.expiresAt(),
                "revoked_at",
                token.revokedAt(),
                "last_used",
                token.uses().stream()
                        .map(use -> Answer.fields(
                                "protocol", use.protocol().lowerCase(), "at", use.at(), "from", use.client()))
                        .toList());
    }
}
