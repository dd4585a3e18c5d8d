// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.shared;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A planned refusal on its way to the caller. Carries nothing personal: details speak of fields and limits, never of
 * their values. Cheap: no stack trace.
 */
public final class Problem extends RuntimeException {

    /**
     * One invalid field.
     *
     * @param pointer JSON Pointer (RFC 6901) into the request body
     * @param code stable, upper snake case
     */
    public record Field(String pointer, String code, String detail) {}

    private final ProblemType type;
    private final List<Field> fields;
    private final @Nullable Duration retryAfter;

    public Problem(ProblemType type, String detail) {
        this(type, detail, List.of(), null);
    }

    public Problem(ProblemType type, String detail, List<Field> fields) {
        this(type, detail, fields, null);
    }

    public Problem(ProblemType type, String detail, List<Field> fields, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.type = type;
        this.fields = List.copyOf(fields);
        this.retryAfter = retryAfter;
    }

    public ProblemType type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public List<Field> fields() {
        return fields;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
