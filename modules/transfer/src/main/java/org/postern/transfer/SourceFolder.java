package org.postern.transfer;

import java.io.IOException;
import java.util.List;

/**
 * One folder of a source.
 *
 * @param <M> how this kind of source keeps hold of a message
 */
public interface SourceFolder<M extends SourceMessage> {
    FolderFacts facts();

    /**
     * Hands over what is known of each message without its bytes, some hundred at a time, in the order that they are to be
     * stored in.
     *
     * @throws IOException when the folder cannot be read
     */
    void list(Taker<M> taker) throws IOException;

    /**
     * Says which messages will be opened next, none of them before this, so that they can be asked for together.
     *
     * @throws IOException when the source is gone
     */
    default void prepare(List<M> next) throws IOException {}

    /** Takes messages as they are found. */
    @FunctionalInterface
    interface Taker<M> {
        /** @return whether it wants more */
        boolean take(List<M> messages) throws IOException;
    }
}
