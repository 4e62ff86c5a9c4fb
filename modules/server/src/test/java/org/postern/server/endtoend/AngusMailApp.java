package org.postern.server.endtoend;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.eclipse.angus.mail.imap.IMAPFolder;

/** An application that sends and reads by Angus Mail, as many do on Java. */
final class AngusMailApp {
    static final String TEXT = "Gr\u00fc\u00dfe";
    private static final String HOST = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestMailbox mailbox;
    private final Session session = session();

    AngusMailApp(TestMailbox mailbox) {
        this.mailbox = mailbox;
    }

    private static Session session() {
        var properties = new Properties();
        for (var protocol : List.of("smtps", "smtp", "imaps", "pop3s")) {
            var prefix = "mail." + protocol + ".";
            properties.put(prefix + "ssl.trust", "*");
            properties.put(prefix + "ssl.checkserveridentity", "false");
            properties.put(prefix + "connectiontimeout", Long.toString(PATIENCE.toMillis()));
            properties.put(prefix + "timeout", Long.toString(PATIENCE.toMillis()));
        }
        properties.put("mail.smtp.starttls.required", "true");
        return Session.getInstance(properties);
    }

    @FunctionalInterface
    interface Deed {
        void run() throws MessagingException;
    }

    /** To itself. */
    void send(String protocol, int port, String subject) throws MessagingException {
        var own = new InternetAddress(mailbox.address());
        var message = new MimeMessage(session);
        message.setFrom(own);
        message.setRecipient(Message.RecipientType.TO, own);
        message.setSubject(subject, "UTF-8");
        message.setText(TEXT, "UTF-8");
        message.saveChanges();
        try (var transport = session.getTransport(protocol)) {
            transport.connect(HOST, port, mailbox.address(), mailbox.token());
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    /** The subject of the newest message when IDLE has told of it. */
    String hears(int imaps, Deed deed) throws Exception {
        try (var store = session.getStore("imaps")) {
            store.connect(HOST, imaps, mailbox.address(), mailbox.token());
            try (var folder = (IMAPFolder) store.getFolder("INBOX")) {
                folder.open(Folder.READ_ONLY);
                int before = folder.getMessageCount();
                var idling = new FutureTask<>(() -> {
                    while (folder.getMessageCount() == before) {
                        folder.idle(true);
                    }
                    return folder.getMessage(before + 1).getSubject();
                });
                Thread.ofVirtual().start(idling);
                deed.run();
                return idling.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    /** Subject and text of every message in INBOX. */
    List<String> reads(String protocol, int port) throws MessagingException, IOException {
        try (var store = session.getStore(protocol)) {
            store.connect(HOST, port, mailbox.address(), mailbox.token());
            try (var folder = store.getFolder("INBOX")) {
                folder.open(Folder.READ_ONLY);
                var texts = new ArrayList<String>();
                for (var message : folder.getMessages()) {
                    texts.add(message.getSubject() + ": "
                            + message.getContent().toString().strip());
                }
                return texts;
            }
        }
    }
}
