package org.postern.imap.reply;

import java.util.List;
import java.util.Map;
import org.postern.imap.Features;
import org.postern.imap.command.StatusItem;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.MetadataEntry;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.model.FolderName;
import org.postern.model.ModifiedUtf7;
import org.postern.model.Right;
import org.postern.model.Rights;

/** The wire text of what is said about folders: {@code mailbox-data} and what extensions add to it (RFC 3501 §7.2, §9). */
final class FolderEncoder {
    private final WireText text;
    private final FetchEncoder strings;
    private final Features features;

    FolderEncoder(WireText text, FetchEncoder strings, Features features) {
        this.text = text;
        this.strings = strings;
        this.features = features;
    }

    /** {@code namespace-response} (RFC 2342 §6). */
    void namespace() {
        text.add("NAMESPACE ((\"\" \"/\")) ((\"").add(OtherUsers.prefix()).add("\" \"/\")) NIL");
    }

    /** {@code mailbox-data = "LIST" SP mailbox-list / "LSUB" SP mailbox-list}. */
    void mailboxList(Untagged.Folder folder) {
        text.add(folder.lsub() ? "LSUB (" : "LIST (");
        boolean first = true;
        for (var attribute : folder.attributes()) {
            text.add(first ? "" : " ").add(attribute.wire());
            first = false;
        }
        if (folder.use().isPresent()) {
            text.add(first ? "" : " ").add(folder.use().get().wire());
        }
        text.add(") \"").add(FolderName.SEPARATOR).add("\" ");
        mailbox(folder.name());
        if (folder.oldName().isPresent()) {
            text.add(" (\"OLDNAME\" (");
            mailbox(folder.oldName().get());
            text.add("))");
        }
        if (!folder.childInfo().isEmpty()) {
            text.add(" (\"CHILDINFO\" (\"")
                    .add(String.join("\" \"", folder.childInfo()))
                    .add("\"))");
        }
    }

    /** {@code mailbox = "INBOX" / astring}, in modified UTF-7 or in UTF-8, which needs quotes. */
    void mailbox(String name) {
        if (features.utf8Names()) {
            utf8(name);
        } else {
            ascii(ModifiedUtf7.encode(name));
        }
    }

    private void utf8(String name) {
        if (name.chars().allMatch(c -> c < 0x7F)) {
            ascii(name);
        } else {
            text.add('"')
                    .add(WireText.utf8(name.replace("\\", "\\\\").replace("\"", "\\\"")))
                    .add('"');
        }
    }

    private void ascii(String encoded) {
        boolean atom = !encoded.isEmpty() && encoded.chars().allMatch(c -> c > ' ' && "(){%*\"\\".indexOf(c) < 0);
        if (atom) {
            text.add(encoded);
        } else {
            strings.string(encoded);
        }
    }

    /** {@code "STATUS" SP mailbox SP "(" [status-att-list] ")"}. */
    void status(FolderName folder, Map<StatusItem, String> items) {
        text.add("STATUS ");
        mailbox(folder.value());
        var open = " (";
        for (var item : StatusItem.values()) {
            if (items.containsKey(item)) {
                text.add(open).add(item.name().replace('_', '-')).add(' ').add(items.getOrDefault(item, "0"));
                open = " ";
            }
        }
        text.add(')');
    }

    /** {@code metadata-resp} with values (RFC 5464 §5). */
    void metadata(String folder, List<Annotation> annotations) {
        text.add("METADATA ");
        mailbox(folder);
        var open = " (";
        for (var annotation : annotations) {
            text.add(open);
            ascii(annotation.entry().name());
            text.add(' ');
            annotation.value().ifPresentOrElse(strings::string8, () -> text.add("NIL"));
            open = " ";
        }
        text.add(')');
    }

    /** {@code metadata-resp} without values (RFC 5464 §5). */
    void changedMetadata(String folder, List<MetadataEntry> entries) {
        text.add("METADATA ");
        mailbox(folder);
        entries.forEach(entry -> {
            text.add(' ');
            ascii(entry.name());
        });
    }

    /** {@code quota-response} (RFC 9208 §7). */
    void quota(String root, List<Untagged.QuotaResource> resources) {
        text.add("QUOTA ");
        strings.string(root);
        var open = " (";
        for (var resource : resources) {
            text.add(open).add(resource.name());
            text.add(' ').add(resource.used()).add(' ').add(resource.limit());
            open = " ";
        }
        text.add(')');
    }

    /** {@code quotaroot-response} (RFC 9208 §7). */
    void quotaRoot(FolderName folder, String root) {
        text.add("QUOTAROOT ");
        mailbox(folder.value());
        text.add(' ');
        strings.string(root);
    }

    /** {@code acl-data} (RFC 4314 §7). */
    void acl(FolderName folder, List<Untagged.Acl.Granted> entries) {
        text.add("ACL ");
        mailbox(folder.value());
        for (var entry : entries) {
            text.add(' ');
            ascii(entry.identifier());
            text.add(' ').add(entry.rights().letters());
        }
    }

    /** {@code listrights-data}: no right is tied to another (RFC 4314 §7). */
    void listRights(FolderName folder, String identifier, Rights required) {
        text.add("LISTRIGHTS ");
        mailbox(folder.value());
        text.add(' ');
        ascii(identifier);
        text.add(' ').add(required.isEmpty() ? "\"\"" : required.letters());
        if (required.isEmpty()) {
            for (var right : Right.values()) {
                text.add(' ').add(right.letter());
            }
            text.add(" c d");
        }
    }

    /** {@code myrights-data} (RFC 4314 §7). */
    void myRights(FolderName folder, Rights rights) {
        text.add("MYRIGHTS ");
        mailbox(folder.value());
        text.add(' ').add(rights.letters());
    }
}
