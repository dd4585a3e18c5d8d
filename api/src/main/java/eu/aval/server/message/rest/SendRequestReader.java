// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import eu.aval.server.access.RequestBody;
import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads requests straight from the tokens: this is the hottest code there is. Member names are exact, unknown ones are
 * defects of the request, and so is a member that stands twice.
 */
final class SendRequestReader {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(32)
                    .maxNameLength(128)
                    .build())
            .build();

    private SendRequestReader() {}

    /**
     * One request, and nothing after it.
     *
     * @throws Problem MALFORMED_REQUEST
     */
    static SendRequest read(byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), RequestBody.utf8(json), 0, json.length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed("The body is a JSON object", parser);
            }
            SendRequest request = object(parser);
            if (parser.nextToken() != null) {
                throw malformed("Something follows the JSON object", parser);
            }
            return request;
        } catch (JacksonException e) {
            throw RequestBody.malformed(e);
        }
    }

    /**
     * The items of a batch, an array or {@code {"messages": [...]}}, handed over one by one with their index. An item
     * that is no object is a request with a defect: it fails alone.
     *
     * @throws Problem MALFORMED_REQUEST; PAYLOAD_TOO_LARGE for more than {@code most}
     */
    static void readBatch(byte[] json, int most, ObjIntConsumer<SendRequest> items) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json, 0, json.length)) {
            JsonToken first = parser.nextToken();
            boolean wrapped = first == JsonToken.START_OBJECT;
            boolean opened = wrapped
                    ? "messages".equals(parser.nextName()) && parser.nextToken() == JsonToken.START_ARRAY
                    : first == JsonToken.START_ARRAY;
            if (!opened) {
                throw malformed("The body is a JSON array, or an object with the single member messages", parser);
            }
            int index = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (index == most) {
                    throw new Problem(ProblemType.PAYLOAD_TOO_LARGE, "A batch has at most " + most + " messages");
                }
                items.accept(item(parser, token), index++);
            }
            if ((wrapped && parser.nextToken() != JsonToken.END_OBJECT) || parser.nextToken() != null) {
                throw malformed("Something follows the messages", parser);
            }
        } catch (JacksonException e) {
            throw RequestBody.malformed(e);
        }
    }

    private static SendRequest item(JsonParser parser, JsonToken token) {
        if (token == JsonToken.START_OBJECT) {
            return object(parser);
        }
        parser.skipChildren();
        Fields none = new Fields();
        none.defect("", "WRONG_TYPE", "A message is a JSON object");
        return none.request();
    }

    private static SendRequest object(JsonParser parser) {
        Fields fields = new Fields();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "to" -> fields.to = fields.string(parser, "/to");
                case "text" -> fields.text = fields.string(parser, "/text");
                case "purpose" -> fields.purpose = fields.string(parser, "/purpose");
                case "from" -> fields.from = fields.string(parser, "/from");
                case "recipientRegion" -> fields.recipientRegion = fields.string(parser, "/recipientRegion");
                case "clientReference" -> fields.clientReference = fields.string(parser, "/clientReference");
                case "sendAt" -> fields.sendAt = fields.string(parser, "/sendAt");
                case "validity" -> fields.validity = fields.string(parser, "/validity");
                case "maxParts" -> fields.maxParts = fields.number(parser, "/maxParts");
                case "encoding" -> fields.encoding = fields.string(parser, "/encoding");
                case "transliterate" -> fields.transliterate = fields.string(parser, "/transliterate");
                case "maxPrice" -> fields.maxPrice(parser);
                case "privacy" -> fields.privacy(parser);
                default -> fields.unknown(parser, "/", name);
            }
        }
        return fields.request();
    }

    private static Problem malformed(String detail, JsonParser parser) {
        return new Problem(
                ProblemType.MALFORMED_REQUEST,
                detail + " (line " + parser.currentLocation().getLineNr() + ", column "
                        + parser.currentLocation().getColumnNr() + ")");
    }

    private static final class Fields {
        @Nullable
        String to;

        @Nullable
        String text;

        @Nullable
        String purpose;

        @Nullable
        String from;

        @Nullable
        String recipientRegion;

        @Nullable
        String clientReference;

        @Nullable
        String sendAt;

        @Nullable
        String validity;

        @Nullable
        Integer maxParts;

        @Nullable
        String encoding;

        @Nullable
        String transliterate;

        @Nullable
        String maxPriceAmount;

        @Nullable
        String maxPriceCurrency;

        @Nullable
        String privacyText;

        private final Set<String> seen = new HashSet<>();
        private List<Problem.Field> defects = List.of();

        @Nullable
        String string(JsonParser parser, String pointer) {
            once(pointer);
            return switch (parser.currentToken()) {
                case VALUE_STRING -> parser.getString();
                case VALUE_NULL -> null;
                default -> {
                    parser.skipChildren();
                    defect(pointer, "WRONG_TYPE", "A string is expected");
                    yield null;
                }
            };
        }

        @Nullable
        Integer number(JsonParser parser, String pointer) {
            once(pointer);
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            if (token == JsonToken.VALUE_NUMBER_INT) {
                JsonParser.NumberType type = parser.getNumberType();
                if (type == JsonParser.NumberType.INT) {
                    return parser.getIntValue();
                }
            }
            parser.skipChildren();
            defect(pointer, "WRONG_TYPE", "An integer is expected");
            return null;
        }

        void privacy(JsonParser parser) {
            members(parser, "/privacy", name -> {
                if (name.equals("text")) {
                    privacyText = string(parser, "/privacy/text");
                } else {
                    unknown(parser, "/privacy/", name);
                }
            });
        }

        void maxPrice(JsonParser parser) {
            boolean given = parser.currentToken() == JsonToken.START_OBJECT;
            int before = defects.size();
            members(parser, "/maxPrice", name -> {
                switch (name) {
                    case "amount" -> maxPriceAmount = string(parser, "/maxPrice/amount");
                    case "currency" -> maxPriceCurrency = string(parser, "/maxPrice/currency");
                    default -> unknown(parser, "/maxPrice/", name);
                }
            });
            if (given && maxPriceAmount == null && maxPriceCurrency == null && defects.size() == before) {
                // Not as if it were absent: somebody wanted a limit
                defect("/maxPrice", "REQUIRED", "With amount and currency");
            }
        }

        private void members(JsonParser parser, String pointer, Consumer<String> member) {
            once(pointer);
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                defect(pointer, "WRONG_TYPE", "An object is expected");
                return;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                parser.nextToken();
                member.accept(name);
            }
        }

        /** Which of two is meant nobody can tell. */
        private void once(String pointer) {
            if (!seen.add(pointer)) {
                defect(pointer, "DUPLICATE_FIELD", "The member stands twice");
            }
        }

        /** Repeats the name only where it looks like one: it could be a number or a text, put where a name belongs. */
        void unknown(JsonParser parser, String parent, String name) {
            parser.skipChildren();
            defect(parent + (RequestBody.isPresentable(name) ? name : ""), "UNKNOWN_FIELD", "There is no such member");
        }

        void defect(String pointer, String code, String detail) {
            if (defects.isEmpty()) {
                defects = new ArrayList<>();
            }
            // A body full of nonsense must not be answered by as much
            if (defects.size() < 20) {
                defects.add(new Problem.Field(pointer, code, detail));
            }
        }

        SendRequest request() {
            return new SendRequest(
                    to,
                    text,
                    purpose,
                    from,
                    recipientRegion,
                    clientReference,
                    sendAt,
                    validity,
                    maxParts,
                    encoding,
                    transliterate,
                    maxPriceAmount,
                    maxPriceCurrency,
                    privacyText,
                    defects);
        }
    }
}
