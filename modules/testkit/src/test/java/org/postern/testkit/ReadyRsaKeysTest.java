package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.Test;

final class ReadyRsaKeysTest {
    @Test
    void differFromOneToTheNext() throws GeneralSecurityException {
        var one = key(2048);
        var next = key(2048);
        assertThat(one.getPublic()).isNotEqualTo(next.getPublic());
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(one.getPrivate());
        var signed = signature.sign();
        signature.initVerify(one.getPublic());
        assertThat(signature.verify(signed)).isTrue();
    }

    @Test
    void areOfTheSizeThatWasAskedFor() throws GeneralSecurityException {
        assertThat(((RSAPublicKey) key(1024).getPublic()).getModulus().bitLength())
                .isEqualTo(1024);
    }

    private static KeyPair key(int bits) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("RSA");
        assertThat(generator.getProvider().getName()).isEqualTo("ReadyRsaKeys");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }
}
