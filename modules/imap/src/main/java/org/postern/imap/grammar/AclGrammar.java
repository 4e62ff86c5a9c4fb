package org.postern.imap.grammar;

import java.io.IOException;
import java.util.Optional;
import org.postern.imap.command.Command;
import org.postern.imap.command.Identifier;
import org.postern.imap.reply.Code;
import org.postern.mailstore.sharing.AclChange;
import org.postern.model.Address;
import org.postern.model.FolderName;
import org.postern.model.Rights;

/** SETACL, DELETEACL, LISTRIGHTS (RFC 4314 §7). */
final class AclGrammar {
    private final Lexer in;
    private final CommonGrammar common;

    AclGrammar(Lexer in, CommonGrammar common) {
        this.in = in;
        this.common = common;
    }

    /** {@code setacl = "SETACL" SP mailbox SP identifier SP mod-rights}. */
    Command.SetAcl set() throws Unparsable, IOException {
        var folder = folder();
        var identifier = identifier();
        in.space();
        var change = modRights();
        in.end();
        return new Command.SetAcl(folder, identifier, change);
    }

    /** {@code deleteacl = "DELETEACL" SP mailbox SP identifier}. */
    Command.DeleteAcl delete() throws Unparsable, IOException {
        var folder = folder();
        var identifier = identifier();
        in.end();
        return new Command.DeleteAcl(folder, identifier);
    }

    /** {@code listrights = "LISTRIGHTS" SP mailbox SP identifier}. */
    Command.ListRights listRights() throws Unparsable, IOException {
        var folder = folder();
        var identifier = identifier();
        in.end();
        return new Command.ListRights(folder, identifier);
    }

    private FolderName folder() throws Unparsable, IOException {
        in.space();
        return common.mailbox();
    }

    /** {@code identifier = astring}: what is none of ours is well formed all the same, but the empty one is not (§3). */
    private Identifier identifier() throws Unparsable, IOException {
        in.space();
        var text = in.astring("identifier");
        boolean negative = text.startsWith("-");
        var name = negative ? text.substring(1) : text;
        if (name.isEmpty()) {
            throw Unparsable.bad("Missing or invalid identifier");
        }
        var address = name.equalsIgnoreCase("anyone") ? Optional.<Address>empty() : Optional.of(address(name));
        return new Identifier(text, negative, address);
    }

    private static Address address(String name) throws Unparsable {
        var address = Address.parse(name);
        if (address.isEmpty()) {
            throw Unparsable.no(Code.Plain.CANNOT, "An identifier is an address of your account, or anyone");
        }
        return address.get();
    }

    /** {@code mod-rights = astring}: rights that nobody knows are BAD, for none may be passed over (§3.1). */
    private AclChange modRights() throws Unparsable, IOException {
        var change = AclChange.named(in.astring("rights"));
        if (change.isEmpty()) {
            throw Unparsable.bad("Unknown right: they are " + Rights.ALL.letters());
        }
        return change.get();
    }
}
