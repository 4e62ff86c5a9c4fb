package org.postern.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.postern.server.config.Node.Entry;
import org.postern.server.config.Node.Kind;
import org.postern.server.config.Node.Listing;
import org.postern.server.config.Node.Mapping;
import org.postern.server.config.Node.Scalar;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Reads YAML (1.2, core schema) into {@link Node}s that know their lines.
 *
 * <p>Not by data binding, which forgets the line of an unknown key and stops at the first error.
 */
final class YamlFile {
    private static final YAMLFactory FACTORY = new YAMLFactory(); // To make one costs more than to parse a value.

    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 16;

    private final String name;
    private final List<Problem> problems;

    private YamlFile(String name, List<Problem> problems) {
        this.name = name;
        this.problems = problems;
    }

    /** The file's mapping; an empty file is an empty mapping. */
    static Mapping read(Path file) throws ConfigRefused {
        var name = file.toString();
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw refused(name, Position.NOWHERE, "has more than " + MAX_BYTES + " bytes");
            }
            return parse(name, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw refused(name, Position.NOWHERE, "there is no such file");
        } catch (CharacterCodingException e) {
            throw refused(name, Position.NOWHERE, "is not UTF-8");
        } catch (IOException e) {
            throw refused(name, Position.NOWHERE, "cannot be read: " + e.getMessage());
        }
    }

    static Mapping parse(String name, String text) throws ConfigRefused {
        var problems = new ArrayList<Problem>();
        var root = new YamlFile(name, problems).root(text);
        if (!problems.isEmpty()) {
            throw new ConfigRefused(problems);
        }
        return root;
    }

    /** A value as it would stand behind a key. */
    static Node value(String text) throws ConfigRefused {
        return parse("value", "value: " + text)
                .entries()
                .getOrDefault("value", new Entry(Position.NOWHERE, Mapping.empty()))
                .value();
    }

    private Mapping root(String text) throws ConfigRefused {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return Mapping.empty();
            }
            var node = node((YAMLParser) parser, "", 0);
            if (parser.nextToken() != null) {
                problem(position(parser), "", "has more than one document; remove the --- line");
            }
            if (node instanceof Mapping mapping) {
                return mapping;
            }
            throw refused(name, node.at(), "is not a list of keys and values");
        } catch (JacksonException e) {
            throw refused(e);
        }
    }

    /** The parser of YAML itself says best where and what. */
    private ConfigRefused refused(JacksonException e) {
        if (e.getCause() instanceof MarkedYamlEngineException yaml
                && yaml.getProblemMark().isPresent()) {
            var mark = yaml.getProblemMark().get();
            return refused(name, new Position(mark.getLine() + 1, mark.getColumn() + 1), notYaml(yaml.getProblem()));
        }
        var location = e.getLocation();
        return refused(name, location == null ? Position.NOWHERE : position(location), notYaml(e.getOriginalMessage()));
    }

    private static String notYaml(String why) {
        return "is not YAML: " + firstLine(why);
    }

    private Node node(YAMLParser parser, String path, int depth) throws ConfigRefused {
        var at = position(parser);
        if (depth > MAX_DEPTH) {
            throw refused(name, at, "is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (parser.isCurrentAlias() || parser.getObjectId() != null) {
            problem(at, path, "anchors (&) and aliases (*) are not used here; quote the text if it is meant");
        }
        var token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> mapping(parser, path, depth);
            case START_ARRAY -> listing(parser, path, depth);
            case VALUE_NULL -> new Scalar(at, "", Kind.NOTHING);
            case VALUE_TRUE, VALUE_FALSE -> new Scalar(at, parser.getString(), Kind.TRUTH);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Scalar(at, parser.getString(), Kind.NUMBER);
            default -> new Scalar(at, parser.getString(), Kind.TEXT);
        };
    }

    private Mapping mapping(YAMLParser parser, String path, int depth) throws ConfigRefused {
        var at = position(parser);
        var entries = new LinkedHashMap<String, Entry>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var key = parser.currentName();
            var keyAt = position(parser);
            var keyPath = path.isEmpty() ? key : path + '.' + key;
            parser.nextToken();
            var value = node(parser, keyPath, depth + 1);
            var first = entries.putIfAbsent(key, new Entry(keyAt, value));
            if (first != null) {
                problem(
                        keyAt,
                        keyPath,
                        "is here twice; the first is in line " + first.keyAt().line());
            }
        }
        return new Mapping(at, entries);
    }

    private Listing listing(YAMLParser parser, String path, int depth) throws ConfigRefused {
        var at = position(parser);
        var items = new ArrayList<Node>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser, path + '[' + items.size() + ']', depth + 1));
        }
        return new Listing(at, items);
    }

    private void problem(Position at, String key, String text) {
        problems.add(new Problem(name, at, key, text));
    }

    private static ConfigRefused refused(String name, Position at, String text) {
        return new ConfigRefused(List.of(new Problem(name, at, "", text)));
    }

    private static Position position(JsonParser parser) {
        return position(parser.currentTokenLocation());
    }

    private static Position position(TokenStreamLocation location) {
        return new Position(Math.max(location.getLineNr(), 1), Math.max(location.getColumnNr(), 1));
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
