package org.postern.imap.command;

import java.util.Optional;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Section;
import org.postern.model.FolderName;
import org.postern.model.Uid;
import org.postern.model.UidValidity;

/**
 * A message, or a part of one, as a relative IMAP URL names it (RFC 5092 §7).
 *
 * @param folder empty for the selected one
 */
public record MessageUrl(
        Optional<FolderName> folder,
        Optional<UidValidity> validity,
        Uid uid,
        Section section,
        Optional<Partial> partial) {}
