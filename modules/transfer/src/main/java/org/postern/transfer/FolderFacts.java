package org.postern.transfer;

import java.util.Optional;
import java.util.OptionalLong;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;
import org.postern.model.UidValidity;

/**
 * What a source says of one of its folders.
 *
 * @param name as we would call it
 * @param messages how many it has, where that is known beforehand
 */
public record FolderFacts(
        FolderName name,
        Optional<SpecialUse> use,
        boolean subscribed,
        Optional<UidValidity> uidValidity,
        OptionalLong messages) {}
