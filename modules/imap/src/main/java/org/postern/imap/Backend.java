package org.postern.imap;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Logins;
import org.postern.accounts.sasl.Sasl;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.SentCopies;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.HelpLine;

/**
 * What all IMAP sessions of a node stand on.
 *
 * @param folders by their owners' names for them; {@code visible} knows whose folder a client's name means
 * @param entitlements of those whose folders others use
 * @param spools where APPEND keeps a message while it arrives; each plan has its own size bound
 */
public record Backend(
        Logins logins,
        Sasl sasl,
        FolderTree folders,
        VisibleFolders visible,
        FolderAcls acls,
        Entitlements entitlements,
        Subscriptions subscriptions,
        FolderStore messages,
        SentCopies sentCopies,
        Contents contents,
        SearchIndex index,
        FolderFeed feed,
        Metadata metadata,
        SpoolSettings spools,
        HelpLine help,
        MeterRegistry meters,
        InstantSource clock) {}
