package org.postern.mailstore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.postern.mime.MessageCodec;
import org.postern.model.Flags;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;

/** Messages as the arrays that the append functions take, each column one array. */
final class MessageColumns {
    /** Small contents that travel with one statement; what is over is written before, like a large one. */
    private static final long MAX_INLINE_BYTES = 4L * FolderStore.LARGE_BYTES;

    private static final byte[] ELSEWHERE = {};

    /** 0: the content comes along. */
    final long[] contents;

    final long[] sizes;
    final byte[][] headers;
    final byte[][] envelopes;
    final byte[][] structures;
    final String[] previews;
    final byte[][] bodies;
    final long[] dates;
    final int[] flags;
    final String[] keywords;

    private final List<NewMessage> messages;

    private MessageColumns(List<NewMessage> messages) {
        int count = messages.size();
        this.messages = messages;
        contents = new long[count];
        sizes = new long[count];
        headers = new byte[count][];
        envelopes = new byte[count][];
        structures = new byte[count][];
        previews = new String[count];
        bodies = new byte[count][];
        dates = new long[count];
        flags = new int[count];
        keywords = new String[count];
    }

    /** For APPEND: writes what is large beforehand. */
    static MessageColumns written(MailboxId mailbox, List<NewMessage> messages, ContentWriter writer)
            throws IOException {
        var columns = new MessageColumns(messages);
        long inline = 0;
        for (int i = 0; i < messages.size(); i++) {
            long size = messages.get(i).bytes().size();
            boolean before = size > FolderStore.LARGE_BYTES || inline + size > MAX_INLINE_BYTES;
            if (before) {
                columns.contents[i] = writer.write(mailbox, messages.get(i));
            } else {
                inline += size;
            }
            columns.fill(i, !before);
        }
        return columns;
    }

    /** For delivery: the small ones whole, of the large ones what is in the message's row. */
    static MessageColumns of(List<NewMessage> messages) throws IOException {
        var columns = new MessageColumns(messages);
        for (int i = 0; i < messages.size(); i++) {
            columns.fill(i, messages.get(i).bytes().size() <= FolderStore.LARGE_BYTES);
        }
        return columns;
    }

    /** Several as one, in their order. */
    static MessageColumns joined(List<MessageColumns> parts) {
        var all = new MessageColumns(
                parts.stream().flatMap(part -> part.messages.stream()).toList());
        int at = 0;
        for (var part : parts) {
            int count = part.sizes.length;
            System.arraycopy(part.contents, 0, all.contents, at, count);
            System.arraycopy(part.sizes, 0, all.sizes, at, count);
            System.arraycopy(part.headers, 0, all.headers, at, count);
            System.arraycopy(part.envelopes, 0, all.envelopes, at, count);
            System.arraycopy(part.structures, 0, all.structures, at, count);
            System.arraycopy(part.previews, 0, all.previews, at, count);
            System.arraycopy(part.bodies, 0, all.bodies, at, count);
            System.arraycopy(part.dates, 0, all.dates, at, count);
            System.arraycopy(part.flags, 0, all.flags, at, count);
            System.arraycopy(part.keywords, 0, all.keywords, at, count);
            at += count;
        }
        return all;
    }

    /** Whether none of the contents was written before. */
    static boolean comeAlong(long[] contents) {
        return Arrays.stream(contents).allMatch(content -> content == 0);
    }

    /** Octets of the contents that come along. */
    long inlineBytes() {
        long bytes = 0;
        for (int i = 0; i < sizes.length; i++) {
            bytes += headers[i].length + bodies[i].length;
        }
        return bytes;
    }

    /** A statement's parameters: those before, the contents and the columns, those behind. */
    Object[] parameters(List<?> before, Object... behind) {
        var all = new ArrayList<Object>(before);
        all.add(contents);
        all.addAll(inOrder());
        all.addAll(List.of(behind));
        return all.toArray();
    }

    /** All but the contents, in the order in which the functions take them. */
    List<Object> inOrder() {
        return List.of(sizes, headers, envelopes, structures, previews, bodies, dates, flags, keywords);
    }

    /** Whether any has a keyword: how the folder spells those is known only after the fact. */
    boolean haveKeywords() {
        return messages.stream().anyMatch(message -> !message.flags().keywords().isEmpty());
    }

    MessageRow row(int index, long uid, long modseq, long content) {
        return new MessageRow(uid, (byte) flags[index], List.of(), modseq, dates[index], (int) sizes[index], content);
    }

    static String words(Flags flags) {
        return flags.keywords().stream().map(Keyword::name).collect(Collectors.joining(" "));
    }

    private void fill(int i, boolean comesAlong) throws IOException {
        var message = messages.get(i);
        var parsed = message.parsed();
        sizes[i] = parsed.size();
        dates[i] = message.internalDate().getEpochSecond();
        flags[i] = message.flags().systemBits();
        keywords[i] = words(message.flags());
        headers[i] = comesAlong ? ContentWriter.header(message) : ELSEWHERE;
        envelopes[i] = comesAlong ? MessageCodec.encode(parsed.envelope()) : ELSEWHERE;
        structures[i] = comesAlong ? MessageCodec.encode(parsed.structure()) : ELSEWHERE;
        previews[i] = comesAlong ? ContentWriter.storable(parsed.preview()) : "";
        bodies[i] = comesAlong ? ContentWriter.body(message) : ELSEWHERE;
    }
}
