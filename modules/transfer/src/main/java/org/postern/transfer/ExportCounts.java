package org.postern.transfer;

/** How far an export is. */
public record ExportCounts(long folders, long messages, long bytes) {}
