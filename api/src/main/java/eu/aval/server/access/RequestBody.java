// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access;

import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Reads the body of a REST request within limits; what cannot be read is a {@link Problem}. */
public final class RequestBody {

    /** For one message, consent or opt-out. */
    public static final int SINGLE = 64 * 1024;

    /** For a batch of 10,000 in one JSON document. */
    public static final int BATCH = 16 * 1024 * 1024;

    private RequestBody() {}

    /** Whether a request says that its body is newline-delimited JSON. */
    public static boolean isLines(ServerRequest request) {
        return request.headers()
                .contentType()
                .filter(MediaType.APPLICATION_NDJSON::isCompatibleWith)
                .isPresent();
    }

    /**
     * The whole of a JSON body.
     *
     * @param limit in bytes; more is 413, and is not kept
     */
    public static Mono<byte[]> json(ServerRequest request, int limit) {
        if (request.headers()
                .contentType()
                .filter(MediaType.APPLICATION_JSON::isCompatibleWith)
                .isEmpty()) {
            return Mono.error(
                    new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be " + MediaType.APPLICATION_JSON));
        }
        if (request.headers().contentLength().orElse(0) > limit) {
            return Mono.error(tooLarge(limit));
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), limit)
                .map(RequestBody::bytes)
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

    /** Parses JSON; what does not fit is told by JSON Pointer, without its value. */
    public static <T> T parse(ObjectReader reader, Class<T> type, byte[] json) {
        try {
            T value = reader.forType(type).readValue(json);
            if (value == null) {
                throw new Problem(ProblemType.MALFORMED_REQUEST, "The body must be a JSON object");
            }
            return value;
        } catch (UnrecognizedPropertyException unknown) {
            throw invalid(pointer(unknown), "UNKNOWN_FIELD", "There is no such field");
        } catch (DatabindException mismatch) {
            throw invalid(pointer(mismatch), "INVALID_VALUE", "The value is not of the expected type or form");
        } catch (JacksonException malformed) {
            var location = malformed.getLocation();
            throw new Problem(
                    ProblemType.MALFORMED_REQUEST,
                    location == null
                            ? "The body is not JSON"
                            : "The body is not JSON: line %d, column %d"
                                    .formatted(location.getLineNr(), location.getColumnNr()));
        }
    }

    private static Problem invalid(String pointer, String code, String detail) {
        return new Problem(
                ProblemType.INVALID_REQUEST,
                "The request has invalid fields",
                List.of(new Problem.Field(pointer, code, detail)));
    }

    /** RFC 6901. Names longer than any of ours are cut: what a caller writes there is not for logs. */
    private static String pointer(DatabindException failure) {
        var pointer = new StringBuilder();
        for (var reference : failure.getPath()) {
            var name = reference.getPropertyName();
            pointer.append('/');
            if (name == null) {
                pointer.append(reference.getIndex());
            } else {
                pointer.append(name.replace("~", "~0").replace("/", "~1"), 0, Math.min(64, name.length()));
            }
        }
        return pointer.toString();
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
