package org.postern.mailstore.sharing;

import java.util.Optional;
import org.postern.model.Address;
import org.postern.model.FolderName;

/**
 * How a mailbox names the folders that others share with it: {@code Other Users/ADDRESS/FOLDER} (RFC 2342 §5). The words are
 * those of Cyrus, which clients have seen for twenty years; the address keeps two people's folders apart.
 */
public final class OtherUsers {
    public static final FolderName ROOT = new FolderName("Other Users");

    private OtherUsers() {}

    /**
     * A folder of somebody.
     *
     * @param folder by its owner's name for it
     */
    public record Place(Address owner, FolderName folder) {}

    /** Whether the name is of the namespace, whoever's folder it may be. */
    public static boolean covers(FolderName name) {
        return name.equals(ROOT) || name.isBelow(ROOT);
    }

    /** Whose folder a name means; empty where it is of another shape. */
    public static Optional<Place> place(FolderName shown) {
        if (!shown.isBelow(ROOT)) {
            return Optional.empty();
        }
        int from = ROOT.value().length() + 1;
        int to = shown.value().indexOf(FolderName.SEPARATOR, from);
        return to < 0
                ? Optional.empty()
                : Address.parse(shown.value().substring(from, to))
                        .map(owner ->
                                new Place(owner, new FolderName(shown.value().substring(to + 1))));
    }

    /** What others call a folder; empty where no folder can have that name: too long, too deep, or a slash in the address. */
    public static Optional<FolderName> shown(Address owner, FolderName folder) {
        var text = prefix() + owner + FolderName.SEPARATOR + folder;
        if (FolderName.problemOf(text).isPresent()) {
            return Optional.empty();
        }
        var name = new FolderName(text);
        return place(name).filter(new Place(owner, folder)::equals).map(_ -> name);
    }

    /** As the namespace is told. */
    public static String prefix() {
        return ROOT.value() + FolderName.SEPARATOR;
    }
}
