package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * RSA keys for a run of tests: four that were made once serve in turn whoever wants one of {@link #BITS}. To make one takes
 * seconds where the optimising compiler is off, and every domain that a test adds has one.
 *
 * <p>JUnit installs it in each test's JVM; processes that tests start make keys of their own.
 */
public final class ReadyRsaKeys implements LauncherSessionListener {
    private static final int BITS = 2048;
    private static final Pattern PEM = Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END", Pattern.DOTALL);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Security.insertProviderAt(new ReadyKeys(), 1);
    }

    private static final class ReadyKeys extends Provider {
        private static final long serialVersionUID = 1L;

        ReadyKeys() {
            super("ReadyRsaKeys", "1", "RSA keys that were made before");
            putService(new Service(this, "KeyPairGenerator", "RSA", Generator.class.getName(), null, null));
        }
    }

    /** Made by the security framework. */
    public static final class Generator extends KeyPairGeneratorSpi {
        private static final List<KeyPair> READY = read();
        private static final AtomicInteger NEXT = new AtomicInteger();

        private int bits = BITS;
        private SecureRandom random = new SecureRandom();

        @Override
        public void initialize(int keysize, SecureRandom source) {
            bits = keysize;
            random = source;
        }

        @Override
        public KeyPair generateKeyPair() {
            if (bits == BITS) {
                return READY.get(NEXT.getAndIncrement() % READY.size());
            }
            try {
                var generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
                generator.initialize(bits, random);
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static List<KeyPair> read() {
            try (var in = ReadyRsaKeys.class.getResourceAsStream("rsa-keys.pem")) {
                if (in == null) {
                    throw new IllegalStateException("rsa-keys.pem is missing");
                }
                var keys = new ArrayList<KeyPair>();
                var found = PEM.matcher(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
                while (found.find()) {
                    keys.add(pair(Base64.getMimeDecoder().decode(found.group(1))));
                }
                return List.copyOf(keys);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static KeyPair pair(byte[] pkcs8) throws GeneralSecurityException {
            var factory = KeyFactory.getInstance("RSA");
            var secret = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            var open = factory.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
            return new KeyPair(open, secret);
        }
    }
}
