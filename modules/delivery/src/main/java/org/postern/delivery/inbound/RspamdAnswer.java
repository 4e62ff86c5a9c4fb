package org.postern.delivery.inbound;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What Rspamd answers to {@code /checkv2}, as far as it matters here.
 *
 * @param action what it advises
 * @param score and what of it makes a message certain spam
 * @param said for the client to read
 */
record RspamdAnswer(String action, double score, double required, Optional<String> said) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Empty when it is none. */
    static Optional<RspamdAnswer> parse(byte[] answer) {
        try (var in = JSON.createParser(ObjectReadContext.empty(), answer)) {
            return new Reading(in).answer();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static final class Reading {
        private final JsonParser in;
        private Optional<String> action = Optional.empty();
        private double score;
        private double required;
        private Optional<String> said = Optional.empty();

        Reading(JsonParser in) {
            this.in = in;
        }

        Optional<RspamdAnswer> answer() {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                var name = in.currentName();
                in.nextToken();
                switch (name) {
                    case "action" -> action = Optional.of(in.getString());
                    case "score" -> score = in.getDoubleValue();
                    case "required_score" -> required = in.getDoubleValue();
                    case "messages" -> messages();
                    default -> in.skipChildren();
                }
            }
            return action.map(advised -> new RspamdAnswer(advised, score, required, said));
        }

        private void messages() {
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean forTheClient = in.currentName().equals("smtp_message");
                if (in.nextToken() == JsonToken.VALUE_STRING && forTheClient) {
                    said = Optional.of(in.getString());
                } else {
                    in.skipChildren();
                }
            }
        }
    }
}
