package org.postern.server.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.SmtpTestClient;

/** A provider's customer with a mailbox and a client token. */
record Person(Provider provider, AccountId account, MailboxId mailbox, String address, String secret) {
    Address parsedAddress() {
        return Address.parse(address).orElseThrow();
    }

    /** The base64 of SASL PLAIN. */
    String plain() {
        return base64("\0" + address + '\0' + secret);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** This person with another secret, right or wrong. */
    Person with(String otherSecret) {
        return new Person(provider, account, mailbox, address, otherSecret);
    }

    ImapTestClient imap() {
        return ImapTestClient.loggedIn(provider.port(993), address, secret);
    }

    /** Over port 465. */
    SmtpTestClient smtp() {
        return SmtpTestClient.loggedIn(provider.port(465), address, secret);
    }

    byte[] mail(String subject) {
        return ("From: " + address + "\r\nTo: " + address + "\r\nSubject: " + subject + "\r\n\r\nHello.\r\n")
                .getBytes(UTF_8);
    }
}
