package org.postern.imap.command;

import java.util.List;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.model.FolderName;

/** Which folders a client means (RFC 5465 §6 {@code filter-mailboxes}, RFC 7377 §2.2). */
public sealed interface FolderFilter {
    /** @param delayed whether expunges wait until a command allows them: {@code SELECTED-DELAYED} */
    record Selected(boolean delayed) implements FolderFilter {
        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return false; // It is whatever the session has selected, by no name.
        }
    }

    /** Where new mail is delivered to. */
    record Inboxes() implements FolderFilter {
        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return name.isInbox();
        }
    }

    /** All of its own, none of {@link OtherUsers}. */
    record Personal() implements FolderFilter {
        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return !OtherUsers.covers(name);
        }
    }

    record Subscribed() implements FolderFilter {
        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return subscribed;
        }
    }

    /** These and all below them. */
    record Subtree(List<FolderName> roots) implements FolderFilter {
        public Subtree {
            roots = List.copyOf(roots);
        }

        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return roots.stream().anyMatch(root -> name.equals(root) || name.isBelow(root));
        }
    }

    /** These and those one level below them. */
    record SubtreeOne(List<FolderName> roots) implements FolderFilter {
        public SubtreeOne {
            roots = List.copyOf(roots);
        }

        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return roots.contains(name) || name.parent().filter(roots::contains).isPresent();
        }
    }

    /** Just these; {@code *} and {@code %} are characters like others. */
    record Mailboxes(List<FolderName> names) implements FolderFilter {
        public Mailboxes {
            names = List.copyOf(names);
        }

        @Override
        public boolean covers(FolderName name, boolean subscribed) {
            return names.contains(name);
        }
    }

    /** Whether a folder of that name is among them, selected or not. */
    boolean covers(FolderName name, boolean subscribed);
}
