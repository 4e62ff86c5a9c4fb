package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Account passwords as Argon2id PHC strings (RFC 9106): they open the console only, and no mail protocol tests one.
 *
 * <p>Each hash takes {@value #MEMORY_KIB} KiB and tens of milliseconds: callers on a network gate it.
 */
public final class AccountPasswords {
    public static final int MIN_LENGTH = 10;
    public static final int MAX_LENGTH = 256;

    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /** What is stored may ask for more than today's parameters, within what a server can bear. */
    private static final int MAX_MEMORY_KIB = 1024 * 1024;

    private static final int MAX_PASSES = 64;
    private static final int MAX_LANES = 16;

    /** Symbols of a generated password: 100 bits. */
    private static final int GENERATED_GROUPS = 4;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,8}),t=(\\d{1,3}),p=(\\d{1,3})\\$([A-Za-z0-9+/]{11,88})\\$([A-Za-z0-9+/]{22,88})");

    /** With today's parameters; of no password. */
    private static final String NOBODYS = "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + '$'
            + "A".repeat(22) + '$' + "A".repeat(43);

    private final SecureRandom random;

    public AccountPasswords(SecureRandom random) {
        this.random = random;
    }

    /** Why the password is not taken, if it is not. */
    Optional<Problem> problemWith(String password) {
        int length = password.codePointCount(0, password.length());
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            return Optional.of(
                    new Problem.Invalid("an account password has " + MIN_LENGTH + " to " + MAX_LENGTH + " characters"));
        }
        return Optional.empty();
    }

    String generate() {
        var secret = TokenSecret.generate(random).plain();
        return new TokenSecret(secret.substring(0, GENERATED_GROUPS * TokenSecret.GROUP)).dashed();
    }

    /** The password's PHC string, with a fresh salt. */
    String hash(String password) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var hash = argon2(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + '$' + base64.encodeToString(salt)
                + '$' + base64.encodeToString(hash);
    }

    /** Whether the password is the one that was hashed; a damaged or unbearable hash matches nothing. */
    boolean matches(String password, String phc) {
        var parts = PHC.matcher(phc);
        if (!parts.matches()) {
            return false;
        }
        int memory = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        if (lanes < 1 || lanes > MAX_LANES || memory < 8 * lanes || memory > MAX_MEMORY_KIB) {
            return false;
        }
        if (passes < 1 || passes > MAX_PASSES) {
            return false;
        }
        var salt = Base64.getDecoder().decode(parts.group(4));
        var expected = Base64.getDecoder().decode(parts.group(5));
        return MessageDigest.isEqual(expected, argon2(password, salt, memory, passes, lanes, expected.length));
    }

    /** The same for a hash that may not be there: hashing takes its time either way. */
    boolean matchesOrNobodys(String password, Optional<String> phc) {
        return matches(password, phc.orElse(NOBODYS)) && phc.isPresent();
    }

    private static byte[] argon2(String password, byte[] salt, int memory, int passes, int lanes, int length) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        var hash = new byte[length];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
