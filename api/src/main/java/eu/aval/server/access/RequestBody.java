// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** Reads the body of a REST request within limits; what cannot be read is a {@link Problem}. */
public final class RequestBody {

    /** For one message, consent or opt-out. */
    public static final int SINGLE = 64 * 1024;

    /** For a batch of 10,000 in one JSON document. */
    public static final int BATCH = 16 * 1024 * 1024;

    /** Takes what the contract describes and nothing else: no other member, none twice, no number for a text. */
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private static final Pattern LETTERS = Pattern.compile("[A-Za-z_]+");

    private RequestBody() {}

    /** Whether a request says that its body is newline-delimited JSON. */
    public static boolean isLines(ServerRequest request) {
        return MediaTypes.isSent(request.headers().asHttpHeaders(), MediaType.APPLICATION_NDJSON);
    }

    /**
     * The whole of a JSON body.
     *
     * @param limit in bytes; more is 413, and is not kept
     */
    public static Mono<byte[]> json(ServerRequest request, int limit) {
        if (!MediaTypes.isSent(request.headers().asHttpHeaders(), MediaType.APPLICATION_JSON)) {
            return Mono.error(
                    new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be " + MediaType.APPLICATION_JSON));
        }
        requirePlain(request);
        if (request.headers().contentLength().orElse(0) > limit) {
            return Mono.error(tooLarge(limit));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), limit)
                .map(buffer -> utf8(bytes(buffer)))
                .onErrorMap(DataBufferLimitException.class, exceeded -> tooLarge(limit))
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.MALFORMED_REQUEST, "The request has no body")));
    }

    /**
     * The lines of a newline-delimited JSON body of any length, as they come and as fast as they are asked for; empty
     * lines are left out.
     *
     * @param limit bytes of one line; a longer one ends the stream with 413
     */
    public static Flux<byte[]> lines(ServerRequest request, int limit) {
        requirePlain(request);
        return Flux.defer(() -> {
            var splitter = new LineSplitter(limit);
            return request.exchange()
                    .getRequest()
                    .getBody()
                    .concatMapIterable(buffer -> {
                        try {
                            return splitter.add(bytes(buffer));
                        } catch (DataBufferLimitException exceeded) {
                            throw tooLarge(limit);
                        }
                    })
                    .concatWith(Flux.defer(() -> Flux.fromIterable(splitter.rest())));
        });
    }

    /**
     * RFC 8259, section 8.1. Whoever reads JSON from bytes would guess at what else they might be.
     *
     * @return the same bytes
     * @throws Problem MALFORMED_REQUEST for UTF-16 and UTF-32, whose first characters are recognised by a zero octet
     */
    public static byte[] utf8(byte[] json) {
        for (int i = 0; i < Math.min(4, json.length); i++) {
            if (json[i] == 0) {
                throw notUtf8();
            }
        }
        return json;
    }

    /** Why a body in another encoding is refused. */
    public static Problem notUtf8() {
        return new Problem(ProblemType.MALFORMED_REQUEST, "The body is not UTF-8, as JSON has to be");
    }

    /** Parses JSON; what does not fit is told by JSON Pointer, without its value. */
    public static <T> T parse(Class<T> type, byte[] json) {
        try {
            T value = STRICT.readValue(json, type);
            if (value == null) {
                throw new Problem(ProblemType.MALFORMED_REQUEST, "The body must be a JSON object");
            }
            return value;
        } catch (UnrecognizedPropertyException unknown) {
            throw invalid(pointer(unknown), "UNKNOWN_FIELD", "There is no such field");
        } catch (DatabindException mismatch) {
            throw invalid(pointer(mismatch), "INVALID_VALUE", "The value is not of the expected type or form");
        } catch (JacksonException malformed) {
            if (malformed.getOriginalMessage().startsWith("Duplicate")) {
                throw invalid("", "DUPLICATE_FIELD", "A member stands twice");
            }
            throw malformed(malformed);
        }
    }

    /** The message of the exception may quote the body; the position may not. */
    public static Problem malformed(JacksonException e) {
        var location = e.getLocation();
        var place = location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
        return new Problem(
                ProblemType.MALFORMED_REQUEST,
                e instanceof StreamConstraintsException
                        ? "A name or a number is too long, or the nesting too deep" + place
                        : "The body is not valid JSON" + place);
    }

    /** What is compressed is refused as that, not as broken JSON. */
    private static void requirePlain(ServerRequest request) {
        if (MediaTypes.isCompressed(request.headers().asHttpHeaders())) {
            throw new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed");
        }
    }

    private static Problem invalid(String pointer, String code, String detail) {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The request has invalid fields",
                List.of(new Problem.Field(pointer, code, detail)));
    }

    /** RFC 6901, up to the first name that does not look like one of ours: it may be a number or a text. */
    private static String pointer(DatabindException failure) {
        var pointer = new StringBuilder();
        for (var reference : failure.getPath()) {
            var name = reference.getPropertyName();
            pointer.append('/');
            if (name == null) {
                pointer.append(reference.getIndex());
            } else if (isPresentable(name)) {
                pointer.append(name);
            } else {
                break;
            }
        }
        return pointer.toString();
    }

    /** Whether the name of a member may be repeated to who wrote it. */
    public static boolean isPresentable(String name) {
        return name.length() <= 40 && LETTERS.matcher(name).matches();
    }

    private static Problem tooLarge(int limit) {
        return new Problem(ProblemType.PAYLOAD_TOO_LARGE, "The limit is %d bytes".formatted(limit));
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }
}
