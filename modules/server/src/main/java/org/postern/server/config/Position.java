package org.postern.server.config;

/**
 * Where something stands in a file.
 *
 * @param line from 1; 0 where a value is a default and stands in no file
 * @param column from 1
 */
public record Position(int line, int column) {
    static final Position NOWHERE = new Position(0, 0);
}
