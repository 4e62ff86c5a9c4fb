package org.postern.imap.fetch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.imap.Feature;
import org.postern.imap.Features;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.Plain;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.FetchValue;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.FolderView;
import org.postern.imap.view.Selection;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.MessageContent;
import org.postern.mailstore.StoreOutcome.Stored;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.Right;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** Answers one FETCH: the snapshot's own items from the snapshot, the others as the store hands messages over. */
public final class Fetcher {
    private static final FlagChange SEEN = new FlagChange(FlagChange.Mode.ADD, Flags.of(SystemFlag.SEEN));

    private final FolderView view;
    private final Features features;
    private final FolderStore messages;
    private final Contents contents;
    private final FetchPlan plan;
    /** The messages that this FETCH marks as seen: their flags come along (RFC 3501 §6.4.5). */
    private UidSet seenNow = UidSet.empty();

    private int answered;
    private boolean unknownEncoding;

    public Fetcher(FolderView view, Features features, FolderStore messages, Contents contents, FetchPlan plan) {
        this.view = view;
        this.features = features;
        this.messages = messages;
        this.contents = contents;
        this.plan = plan;
    }

    public Tagged fetch(Selection selection, Responses to) throws IOException {
        if (plan.marksSeen() && !view.isReadOnly() && view.may(Right.SEEN)) {
            markSeen(selection);
        }
        var told = view.told();
        if (plan.parts().isEmpty()) {
            for (int i = selection.next(0); i >= 0; i = selection.next(i + 1)) {
                to.send(response(told, i, null));
            }
            return Tagged.ok("FETCH completed");
        }
        if (!selection.isEmpty()) {
            contents.messages(told, selection.uids(), plan.parts(), message -> {
                int index = told.indexOf(message.uid().value());
                if (index >= 0) {
                    answered++;
                    to.send(response(told, index, message));
                }
            });
        }
        if (unknownEncoding) {
            return Tagged.no(Code.Plain.UNKNOWN_CTE, "Some of these parts have an unknown transfer encoding");
        }
        // Of messages that another client has expunged there is nothing to show (RFC 2180 §4.1.2). By UID that is no
        // error.
        return answered == selection.size() || plan.byUid()
                ? Tagged.ok("FETCH completed")
                : Tagged.no(Code.Plain.EXPUNGEISSUED, "Some of these messages are gone");
    }

    /** One change for all of them; it counts as told, for the responses that follow show it. */
    private void markSeen(Selection selection) {
        var unseen = selection.without(SystemFlag.SEEN);
        if (!unseen.isEmpty()
                && messages.store(view.folder(), unseen, SEEN, Optional.empty()) instanceof Stored stored) {
            view.predict(SEEN, stored);
            seenNow = stored.changed();
        }
    }

    private Untagged response(FolderSnapshot told, int index, @Nullable MessageContent message) throws IOException {
        long uid = told.uid(index);
        var values = new ArrayList<FetchValue>(plan.items().size() + 1);
        for (var item : plan.items()) {
            if (isKnown(item, message)) {
                values.add(value(item, told, index, message));
            } else {
                unknownEncoding = true;
            }
        }
        if (!seenNow.isEmpty() && seenNow.contains(uid) && !plan.items().contains(Plain.FLAGS)) {
            values.add(value(Plain.FLAGS, told, index, message));
            if (features.has(Feature.CONDSTORE) && !plan.items().contains(Plain.MODSEQ)) {
                values.add(value(Plain.MODSEQ, told, index, message));
            }
        }
        return view.fetched(index, values);
    }

    /** Whether it can be answered: not so the decoded bytes of an encoding that nobody knows (RFC 3516 §4.3). */
    private static boolean isKnown(FetchItem item, @Nullable MessageContent message) {
        return switch (item) {
            case FetchItem.Binary binary -> new BinarySections(read(message)).isDecodable(binary.part());
            case FetchItem.BinarySize size -> new BinarySections(read(message)).isDecodable(size.part());
            case Plain _, FetchItem.BodySection _ -> true;
        };
    }

    private FetchValue value(FetchItem item, FolderSnapshot told, int index, @Nullable MessageContent message)
            throws IOException {
        return switch (item) {
            case Plain.UID -> new FetchValue.UidValue(new Uid(told.uid(index)));
            case Plain.FLAGS -> new FetchValue.FlagsValue(told.flags(index), view.isRecent(told.uid(index)));
            case Plain.RFC822_SIZE -> new FetchValue.Size(told.size(index));
            case Plain.INTERNALDATE -> new FetchValue.InternalDate(told.internalDate(index));
            case Plain.MODSEQ -> new FetchValue.ModseqValue(told.modseq(index));
            case Plain.EMAILID -> new FetchValue.EmailId(told.content(index));
            case Plain.THREADID -> new FetchValue.NoThreadId();
            case Plain.PREVIEW -> new FetchValue.PreviewText(read(message).preview());
            case Plain.SAVEDATE -> new FetchValue.SaveDate(read(message).savedAt());
            case Plain.ENVELOPE -> new FetchValue.EnvelopeValue(read(message).envelope());
            case Plain.BODY -> new FetchValue.StructureValue(read(message).structure(), false);
            case Plain.BODYSTRUCTURE ->
                new FetchValue.StructureValue(read(message).structure(), true);
            case Plain plain -> new FetchValue.Legacy(plain, sections(message).octets(legacy(plain), Optional.empty()));
            case FetchItem.BodySection body ->
                new FetchValue.BodySection(body, sections(message).octets(body.section(), body.partial()));
            case FetchItem.Binary binary ->
                new FetchValue.BinaryBytes(
                        binary, new BinarySections(read(message)).octets(binary.part(), binary.partial()));
            case FetchItem.BinarySize size ->
                new FetchValue.BinarySize(size, new BinarySections(read(message)).size(size.part()));
        };
    }

    private static FetchItem.Section legacy(Plain item) {
        return switch (item) {
            case RFC822_HEADER -> FetchItem.Section.HEADER;
            case RFC822_TEXT -> FetchItem.Section.TEXT;
            case RFC822,
                    BODY,
                    BODYSTRUCTURE,
                    EMAILID,
                    ENVELOPE,
                    FLAGS,
                    INTERNALDATE,
                    MODSEQ,
                    PREVIEW,
                    RFC822_SIZE,
                    SAVEDATE,
                    THREADID,
                    UID -> FetchItem.Section.WHOLE;
        };
    }

    private Sections sections(@Nullable MessageContent message) {
        return new Sections(read(message), view.folder(), contents);
    }

    /** The plan reads a message for every item that needs one. */
    private static MessageContent read(@Nullable MessageContent message) {
        if (message == null) {
            throw new IllegalStateException("the plan reads no contents");
        }
        return message;
    }
}
