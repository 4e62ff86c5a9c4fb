package org.postern.server.cli;

import java.time.Duration;
import java.util.Locale;
import org.postern.accounts.AccountName;
import org.postern.mailstore.sharing.AclChange;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.server.Whom;
import org.postern.server.config.Durations;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How our words are typed on a command line. */
final class Converters {
    private Converters() {}

    static void register(CommandLine line) {
        line.registerConverter(
                Address.class, text -> Address.parse(text.strip()).orElseThrow(() -> notA("an email address", text)));
        line.registerConverter(
                Domain.class, text -> Domain.parse(text.strip()).orElseThrow(() -> notA("a domain name", text)));
        line.registerConverter(
                AccountName.class, text -> AccountName.parse(text).orElseThrow(() -> notA("an account's name", text)));
        line.registerConverter(PlanName.class, refusing("a plan's name", PlanName::new));
        line.registerConverter(
                Protocol.class,
                refusing("a protocol (imap, pop3, smtp)", text -> Protocol.of(text.toLowerCase(Locale.ROOT))));
        line.registerConverter(FolderName.class, refusing("a folder's name", FolderName::new));
        line.registerConverter(
                Whom.class,
                text -> Whom.parse(text.strip()).orElseThrow(() -> notA("an email address, or anyone", text)));
        line.registerConverter(
                AclChange.class,
                text -> RightsWords.parse(text.strip())
                        .orElseThrow(() -> notA("a set of rights: " + RightsWords.ALLOWED, text)));
        line.registerConverter(Duration.class, refusing("a duration such as 12h or 90d", Durations::parse));
    }

    private static <T> ITypeConverter<T> refusing(String what, ITypeConverter<T> converter) {
        return text -> {
            try {
                return converter.convert(text);
            } catch (IllegalArgumentException e) {
                throw notA(what, text);
            }
        };
    }

    private static TypeConversionException notA(String what, String text) {
        return new TypeConversionException("'" + text + "' is not " + what);
    }
}
