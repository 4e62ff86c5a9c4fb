package org.postern.server.config;

/**
 * One thing that is wrong in a config file.
 *
 * @param file as the person named it
 * @param key the path of the key, levels joined by dots; empty for the whole file
 * @param text what is wrong and what is allowed
 */
public record Problem(String file, Position at, String key, String text) {
    /** {@code file:line:column: key: text}, the form that editors jump to. */
    @Override
    public String toString() {
        var where = at.line() > 0 ? file + ':' + at.line() + ':' + at.column() : file;
        return key.isEmpty() ? where + ": " + text : where + ": " + key + ": " + text;
    }
}
